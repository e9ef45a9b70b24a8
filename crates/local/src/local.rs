//! A running server.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};

use attache_runtime::{Bytes, Config, ConfigBuilder, Credentials};

use crate::api::security_ir::enums::ActionType;
use crate::api::{security_ir, support};
use crate::clock::Clock;
use crate::fault::{Fault, FaultError};
use crate::front::{Front, RequestRecord};
use crate::server::Running;
use crate::sigv4::Secret;
use crate::store::Blob;

/// A server of both services on a port of the loopback address. It stops when it is dropped.
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
            front,
            address,
            endpoint: format!("http://{address}"),
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

    /// The requests so far, in the order of their responses: at least the last 5,000.
    pub fn requests(&self) -> Vec<RequestRecord> {
        let requests = self.front.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many of them were for an operation.
    pub fn request_count(&self, operation: &str) -> usize {
        let requests = self.front.requests.lock();
        let requests = requests.unwrap_or_else(PoisonError::into_inner);
        requests
            .iter()
            .filter(|request| request.operation == operation)
            .count()
    }

    /// Clears the list of requests.
    pub fn clear_requests(&self) {
        let requests = self.front.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clear();
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

    /// Every file of a case of either service, with its content, whatever the result of its scan is.
    ///
    /// # Errors
    /// A data folder whose files cannot be read.
    pub fn attachments(&self) -> std::io::Result<Vec<StoredAttachment>> {
        type Stored = (String, String, String, Vec<Blob>);
        let (support, security_ir): (Vec<Stored>, Vec<Stored>) = {
            let world = self.front.world();
            (world.support.stored(), world.security_ir.stored())
        };
        let support = support
            .into_iter()
            .map(|stored| (support::SERVICE.signing_name, stored));
        let security_ir = security_ir
            .into_iter()
            .map(|stored| (security_ir::SERVICE.signing_name, stored));
        support
            .chain(security_ir)
            .map(|(service, (case_id, attachment_id, file_name, content))| {
                Ok(StoredAttachment {
                    service,
                    case_id,
                    attachment_id,
                    file_name,
                    bytes: self.front.environment.blobs.read(&content)?,
                })
            })
            .collect()
    }

    /// Adds a step to the investigations of a case of Security IR, and returns its ID. If the data folder cannot be
    /// written, the step is not added.
    pub fn add_investigation(&self, case_id: &str, title: &str, content: &str) -> String {
        let mut world = self.front.world();
        world.prepare();
        let kind = ActionType::Investigation;
        let id = world
            .security_ir
            .add_investigation(case_id, kind, title, content);
        // If it cannot be written, the log says so.
        let _ = world.commit();
        id
    }

    /// Stops after the current requests have responses, or after ten seconds. Dropping stops at once.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}
