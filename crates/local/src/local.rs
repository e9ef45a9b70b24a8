//! A running server.

use std::net::SocketAddr;
use std::sync::Arc;

use attache_runtime::{Bytes, Config, ConfigBuilder, Credentials};

use crate::api::security_ir::enums::ActionType;
use crate::api::{security_ir, support};
use crate::clock::Clock;
use crate::contents::Contents;
use crate::fault::{Fault, FaultError};
use crate::front::Front;
use crate::requests::RequestRecord;
use crate::server::Running;
use crate::sigv4::Secret;
use crate::snapshot::{RestoreError, Snapshot, State};
use crate::wire::Input;

/// A server of both services on a port, of the loopback address by default. It stops when it is dropped.
#[derive(Debug)]
pub struct Local {
    front: Arc<Front>,
    address: SocketAddr,
    endpoint: String,
    running: Running,
    key: (String, Secret),
}

/// A file that a case has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredAttachment {
    /// The name of the service in signatures.
    pub service: &'static str,
    /// The account.
    pub account_id: String,
    /// The case.
    pub case_id: String,
    /// The attachment.
    pub attachment_id: String,
    /// The name of the file.
    pub file_name: String,
    /// Its content.
    pub bytes: Bytes,
}

impl Local {
    pub(crate) fn new(
        front: Arc<Front>,
        address: SocketAddr,
        running: Running,
        key: (String, Secret),
    ) -> Self {
        Self {
            endpoint: format!("http://{}", front.environment.host),
            front,
            address,
            running,
            key,
        }
    }

    /// The URL of both services, such as `http://127.0.0.1:49152`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The clock of the services.
    pub fn clock(&self) -> &Clock {
        &self.front.environment.clock
    }

    /// Credentials that the server accepts.
    pub fn credentials(&self) -> Credentials {
        Credentials::new(&self.key.0, &self.key.1.0)
    }

    /// The access key id and the secret access key that the server accepts, for programs that need them separately.
    pub fn key(&self) -> (&str, &str) {
        (&self.key.0, &self.key.1.0)
    }

    /// The region of the account.
    pub fn region(&self) -> &str {
        &self.front.environment.settings.region
    }

    /// The configuration of a client for this server: endpoint, region, credentials and clock.
    pub fn config(&self) -> ConfigBuilder {
        Config::builder()
            .endpoint_url(&self.endpoint)
            .region(self.region())
            .credentials(self.credentials())
            .time_source(self.clock().clone())
    }

    /// As [`config`](Self::config), with another access key that the server accepts: see [`Builder::account`].
    ///
    /// [`Builder::account`]: crate::Builder::account
    pub fn config_for(&self, access_key_id: &str) -> ConfigBuilder {
        let secret = &self.key.1.0;
        self.config()
            .credentials(Credentials::new(access_key_id, secret))
    }

    /// The requests so far, in the order of their responses: the last 10,000. Their messages are kept up to 32 MiB
    /// together, the newest ones; those of uploads and downloads at presigned URLs are not kept.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.front.requests.all()
    }

    /// The requests of one operation that [`requests`](Self::requests) can decode, as the server reads them.
    ///
    /// The types are those of [`api`](crate::api), whose members are all optional. A request that was refused is among
    /// them if its signature was accepted; [`request_count`](Self::request_count) counts the others, too.
    pub fn requests_of<I: Input>(&self) -> Vec<I> {
        let requests = self.requests();
        requests.iter().filter_map(RequestRecord::request).collect()
    }

    /// How many of them were for an operation.
    pub fn request_count(&self, operation: &str) -> usize {
        let requests = &self.front.requests;
        requests.count(|request| request.operation == operation)
    }

    /// Clears the list of requests.
    pub fn clear_requests(&self) {
        self.front.requests.clear();
    }

    /// Adds a fault. See [`fault`](crate::fault).
    ///
    /// # Errors
    /// A fault that would never apply: an operation that does not exist, or a refusal with a code that the model does not
    /// name for the operation and without a status. The error lists the modelled codes.
    pub fn add_fault(&self, fault: Fault) -> Result<(), FaultError> {
        fault.check()?;
        self.front.faults.add(fault);
        Ok(())
    }

    /// Removes the faults that were added.
    pub fn clear_faults(&self) {
        self.front.faults.clear();
    }

    /// The state of the server, which [`restore`](Self::restore) returns to. It shares its data with the server, so that
    /// a test can take one at any time: it costs a few pointers for each record.
    ///
    /// It has the data of both services of all accounts and regions, with files; how far the clock was advanced; the
    /// faults that wait; and the position in the list of requests.
    pub fn snapshot(&self) -> Snapshot {
        let mut world = self.front.world();
        let (tenants, files) = world.snapshot();
        Snapshot(Arc::new(State {
            tenants,
            files,
            advanced: self.clock().position(),
            faults: self.front.faults.snapshot(),
            requests: self.front.requests.position(),
        }))
    }

    /// Returns to a snapshot of this server, at once and as a whole; a data folder is written in one transaction. Requests
    /// that were listed since are removed from the list. The clock is set back as well, also for others who share it.
    ///
    /// A request that was sent before and is not executed yet ends without a response and changes nothing: its client
    /// sees a lost connection, and sends it again if it may.
    ///
    /// Identifiers continue from those of the snapshot, so a case or an upload that is created afterwards can have the
    /// identifier of one that the snapshot did not have. A presigned URL or a page token from before is valid as long
    /// as it would have been, and refers to what has its identifiers then.
    ///
    /// # Errors
    /// A snapshot of another server, or a data folder that cannot be written. Nothing is changed then.
    pub fn restore(&self, snapshot: &Snapshot) -> Result<(), RestoreError> {
        let state = &snapshot.0;
        if !state.files.is_of(&self.front.environment.blobs) {
            let text =
                "the snapshot is of another server: restore it at the server that created it";
            return Err(RestoreError(text.to_owned()));
        }
        let mut world = self.front.world();
        world.restore(&state.tenants).map_err(RestoreError)?;
        self.clock().set_position(state.advanced);
        self.front.faults.restore(&state.faults);
        self.front.requests.truncate(state.requests);
        Ok(())
    }

    /// How many cases, files and memberships there are, by service, account and region.
    pub fn contents(&self) -> Vec<Contents> {
        self.front.world().tenants.contents()
    }

    /// Every file of a case of either service, with its content, whatever the result of its scan is.
    ///
    /// # Errors
    /// A data folder whose files cannot be read.
    pub fn attachments(&self) -> std::io::Result<Vec<StoredAttachment>> {
        let (support, security_ir) = {
            let world = self.front.world();
            let tenants = &world.tenants;
            (tenants.stored_by_support(), tenants.stored_by_security_ir())
        };
        let support = support
            .into_iter()
            .map(|stored| (support::SERVICE.signing_name, stored));
        let security_ir = security_ir
            .into_iter()
            .map(|stored| (security_ir::SERVICE.signing_name, stored));
        support
            .chain(security_ir)
            .map(
                |(service, (account_id, case_id, attachment_id, file_name, content))| {
                    Ok(StoredAttachment {
                        service,
                        account_id,
                        case_id,
                        attachment_id,
                        file_name,
                        bytes: self.front.environment.blobs.read(&content)?,
                    })
                },
            )
            .collect()
    }

    /// Adds a step to the investigations of a case of Security IR, and returns its ID; `None` if there is no such case, or
    /// if the data folder cannot be written. The log then says why.
    pub fn add_investigation(&self, case_id: &str, title: &str, content: &str) -> Option<String> {
        let mut world = self.front.world();
        world.prepare();
        let kind = ActionType::Investigation;
        let service = world.tenants.with_case(case_id)?;
        let id = service.add_investigation(case_id, kind, title, content);
        world.commit().ok()?;
        Some(id)
    }

    /// Stops after the current requests have responses, or after ten seconds. Dropping stops at once.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}
