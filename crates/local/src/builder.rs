//! The settings of a server.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use attache_runtime::{RandomSource, SystemRandomSource, Timer};

use crate::caller::is_region;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::environment::{Environment, Limits, Settings};
use crate::fault::{Fault, Faults};
use crate::front::Front;
use crate::hexadecimal::hex;
use crate::local::Local;
use crate::server::{self, SystemTimer};
use crate::sigv4::Secret;
use crate::start_error::StartError;
use crate::store::{Blobs, Disk, Folder};
use crate::world::World;

/// The settings of a server. The defaults suit most tests.
#[derive(Clone, Debug)]
#[must_use = "a server does nothing until it is started"]
pub struct Builder {
    address: IpAddr,
    allows_other_hosts: bool,
    port: u16,
    data: Option<PathBuf>,
    clock: Clock,
    timer: Option<Arc<dyn Timer>>,
    settings: Settings,
    key: (String, Secret),
    /// Further access keys, and their accounts.
    accounts: Vec<(String, String)>,
    faults: Vec<Fault>,
    seed: u64,
}

impl Local {
    /// Settings of a server to be started.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            allows_other_hosts: false,
            port: 0,
            data: None,
            clock: Clock::system(),
            timer: None,
            settings: Settings::default(),
            key: (
                "AKIDATTACHELOCAL".to_owned(),
                Secret("attache-local-secret".to_owned()),
            ),
            accounts: Vec::new(),
            faults: Vec::new(),
            seed: 0,
        }
    }
}

impl Builder {
    /// Listens on this port; without it, or with 0, the system chooses one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Listens on this address, 127.0.0.1 by default. An address that other hosts reach also needs
    /// [`allow_other_hosts`](Self::allow_other_hosts).
    pub fn listen(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Whether the server may listen on an address that other hosts reach; false by default. The server has no TLS, its
    /// default key is in the source code, and its owner answers for what others store: use it inside of a container,
    /// whose port is published on a loopback address, or with [`random_credentials`](Self::random_credentials).
    pub fn allow_other_hosts(mut self, allow: bool) -> Self {
        self.allows_other_hosts = allow;
        self
    }

    /// Keeps all data in this folder, so that another server can continue with it. The folder is created if it does not
    /// exist.
    ///
    /// A folder is used only if it is empty or was created by a server, which the file `attache-local.mark` shows.
    /// Files in it whose names do not have the form of a server's files are not changed.
    ///
    /// An acknowledged change is on disk, even if the process is killed afterwards.
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// Takes the time from this clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Waits with this timer, if a fault delays a response.
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.timer = Some(Arc::new(timer));
        self
    }

    /// Accepts requests that are signed with this key, instead of the one that [`Local::credentials`] has otherwise.
    pub fn credentials(
        mut self,
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
    ) -> Self {
        self.key = (access_key_id.into(), Secret(secret_access_key.into()));
        self
    }

    /// Accepts requests that are signed with a random key, which [`Local::credentials`] returns. The default key is in
    /// the source code: use it for tests only, and not for a server that others must not call.
    pub fn random_credentials(self) -> Self {
        let random = SystemRandomSource;
        let id = format!("AKIDLOCAL{}", &hex(&random.id()).to_uppercase()[..16]);
        let secret = [random.id(), random.id()].concat();
        self.credentials(id, base64_simd::URL_SAFE_NO_PAD.encode_to_string(secret))
    }

    /// Whether requests are accepted with any signature, or without one. Presigned URLs are still verified.
    pub fn accept_any_signature(mut self, accept: bool) -> Self {
        self.settings.keys.accept_any = accept;
        self
    }

    /// The account of the resources: 12 digits, 123456789012 by default. [`account`](Self::account) adds others.
    pub fn account_id(mut self, account_id: impl Into<String>) -> Self {
        self.settings.account_id = account_id.into();
        self
    }

    /// Accepts a further access key, whose requests are for this account of 12 digits. Its secret access key is that of
    /// [`credentials`](Self::credentials); [`Local::config_for`] configures a client with it.
    ///
    /// Accounts share nothing. Security IR has separate data in each region, too: the region that a request is signed
    /// for. AWS Support is one global service, so its data is the same in all regions.
    pub fn account(
        mut self,
        access_key_id: impl Into<String>,
        account_id: impl Into<String>,
    ) -> Self {
        self.accounts
            .push((access_key_id.into(), account_id.into()));
        self
    }

    /// Further accounts that belong to the membership of Security IR: 12 digits each.
    pub fn member_accounts(
        mut self,
        account_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.settings.member_accounts = account_ids.into_iter().map(Into::into).collect();
        self
    }

    /// The region of [`Local::config`], us-east-1 by default. Requests that are signed for other regions are accepted,
    /// too, and see the data of their region.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.region = region.into();
        self
    }

    /// Whether the account begins with an active membership of Security IR; true by default.
    pub fn membership(mut self, membership: bool) -> Self {
        self.settings.has_membership = membership;
        self
    }

    /// Whether the account has a plan that includes AWS Support; true by default. Without a plan, every operation of
    /// Support is refused with `SubscriptionRequiredException`.
    pub fn support_plan(mut self, support_plan: bool) -> Self {
        self.settings.has_support_plan = support_plan;
        self
    }

    /// The quotas of the account; by default there are only the limits that apply to every account.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.limits = limits;
        self
    }

    /// The size of a part of an upload in bytes: 5 MiB by default, at least 1 byte and at most 100 MiB.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.settings.part_size = bytes.clamp(1, 100 << 20);
        self
    }

    /// How long a complete upload of Support is processed before it is ready or failed: 500 ms by default.
    pub fn processing_time(mut self, time: Duration) -> Self {
        self.settings.processing = time;
        self
    }

    /// How long an attachment of Security IR is scanned: 500 ms by default.
    pub fn scan_time(mut self, time: Duration) -> Self {
        self.settings.scan = time;
        self
    }

    /// How long presigned URLs are valid: 15 minutes by default, in whole seconds.
    pub fn link_lifetime(mut self, time: Duration) -> Self {
        self.settings.link_lifetime = time;
        self
    }

    /// Whether presigned URLs sign the host and no other header. By default, those for files of Security IR sign
    /// `content-length;host;if-none-match`, as those of the real service do.
    pub fn sign_host_only(mut self, host_only: bool) -> Self {
        self.settings.sign_host_only = host_only;
        self
    }

    /// Offers the services and checks of this catalogue, such as the recorded responses of an account: see
    /// [`Catalogue`].
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.settings.catalogue = catalogue;
        self
    }

    /// Whether Support accepts what moto accepts, so that it can replace moto in tests that were written for moto.
    ///
    /// Any service, category, severity, language, issue type and check is accepted, and returned as it was sent. Only
    /// required members are checked. An attachment set that does not exist counts as an empty one, and a filter of
    /// DescribeCases that cannot be a display id, a time or a token is ignored. `POST /moto-api/reset`, which moto's
    /// decorator sends between tests, deletes the data of both services; it needs no signature.
    pub fn lenient(mut self, lenient: bool) -> Self {
        self.settings.is_lenient = lenient;
        self
    }

    /// Adds a fault from the beginning. See [`fault`](crate::fault); a fault that would never apply is an error of
    /// [`start`](Self::start).
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// The seed of random faults, so that a run can be repeated.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Starts the server. It listens when this is ready.
    ///
    /// # Errors
    /// A port that is in use, a data folder that cannot be used, an account that is not 12 digits, an access key of two
    /// accounts, a text that is no region, or a fault that would never apply.
    pub async fn start(self) -> Result<Local, StartError> {
        self.start_blocking()
    }

    /// Starts the server from code that is not asynchronous.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_blocking(mut self) -> Result<Local, StartError> {
        for fault in &self.faults {
            fault
                .check()
                .map_err(|error| StartError(error.to_string()))?;
        }
        self.take_keys().map_err(StartError)?;
        if !self.address.is_loopback() && !self.allows_other_hosts {
            return Err(StartError(format!(
                "other hosts reach {}: listen on a loopback address, or allow other hosts (`--allow-other-hosts`, \
                 `Builder::allow_other_hosts`)",
                self.address
            )));
        }
        let wanted = SocketAddr::from((self.address, self.port));
        let listener = TcpListener::bind(wanted)
            .map_err(|error| StartError(format!("could not listen on {wanted}: {error}")))?;
        let unusable = |error: std::io::Error| StartError(format!("could not listen: {error}"));
        let address = listener.local_addr().map_err(unusable)?;
        listener.set_nonblocking(true).map_err(unusable)?;
        let folder = self.data.as_deref().map(Folder::claim).transpose();
        let folder = folder.map_err(StartError)?;
        let home = (&*self.settings.account_id, &*self.settings.region);
        let disk = folder.as_ref().map(|folder| Disk::open(folder, home));
        let disk = disk.transpose();
        let disk = disk.map_err(StartError)?;
        let blobs = match &folder {
            Some(folder) => Blobs::in_folder(folder.files()),
            None => Blobs::in_memory(),
        };
        // The wildcard address is every address of this host.
        let host = match address.ip().is_unspecified() {
            true => format!("127.0.0.1:{}", address.port()),
            false => address.to_string(),
        };
        let environment = Arc::new(Environment::new(self.clock, self.settings, host, blobs));
        let world = World::open(environment.clone(), disk).map_err(StartError)?;
        let timer = self
            .timer
            .unwrap_or_else(|| Arc::new(SystemTimer::default()));
        let faults = Faults::new(self.faults, self.seed);
        let front = Arc::new(Front::new(environment, world, timer, faults));
        let running = server::run(listener, front.clone())?;
        Ok(Local::new(front, address, running, self.key))
    }

    /// Puts the access keys and their accounts into the settings.
    fn take_keys(&mut self) -> Result<(), String> {
        let settings = &mut self.settings;
        let (access_key, secret) = self.key.clone();
        let own = (access_key, settings.account_id.clone());
        if !is_region(&settings.region) {
            return Err(format!(
                "`{}` is no region: give one such as us-east-1",
                settings.region
            ));
        }
        for (access_key, account_id) in std::iter::once(own).chain(self.accounts.iter().cloned()) {
            if account_id.len() != 12 || !account_id.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(format!("an account is 12 digits, not `{account_id}`"));
            }
            if let Some(other) = settings.accounts.get(&access_key)
                && *other != account_id
            {
                return Err(format!(
                    "the access key {access_key} is of the account {other}, so it cannot be of {account_id}"
                ));
            }
            let keys = &mut settings.keys.keys;
            keys.insert(access_key.clone(), secret.clone());
            settings.accounts.insert(access_key, account_id);
        }
        Ok(())
    }
}

#[cfg(fuzzing)]
impl Builder {
    /// Both services in memory, without a socket and a thread.
    #[doc(hidden)]
    pub fn fuzzed(mut self) -> crate::fuzzing::Server {
        self.take_keys().expect("the settings are fine");
        let host = "127.0.0.1:4566".to_owned();
        let environment = Environment::new(self.clock, self.settings, host, Blobs::in_memory());
        let environment = Arc::new(environment);
        let world = World::open(environment.clone(), None).expect("memory can be opened");
        let timer = Arc::new(SystemTimer::default());
        let faults = Faults::new(self.faults, self.seed);
        crate::fuzzing::Server(Arc::new(Front::new(environment, world, timer, faults)))
    }
}
