//! What the tests have in common: the configuration of the clients, and a timer without waiting.

use std::net::SocketAddr;
use std::time::Duration;

use attache_runtime::{BoxFuture, ConfigBuilder, Credentials, Timer, Timestamp};

/// The read timeout of the clients, which [`Impatient`] may let pass at once.
pub(crate) const STALL: Duration = Duration::from_secs(77);

/// A configuration for a server of a test.
pub(crate) fn config(address: SocketAddr) -> ConfigBuilder {
    attache_runtime::Config::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG"))
        .endpoint_url(format!("http://{address}"))
        .time_source(Timestamp::parse_any("2026-11-29T12:00:00.25Z").expect("a time"))
        .read_timeout(STALL)
}

/// A timer for which pauses between attempts take no time. Other times never pass, unless the client is to stall: then
/// that of a stall has passed at once.
#[derive(Debug)]
pub(crate) struct Impatient {
    pub(crate) stalls: bool,
}

impl Timer for Impatient {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let is_pause = duration <= Duration::from_secs(20);
        match is_pause || (self.stalls && duration == STALL) {
            true => Box::pin(std::future::ready(())),
            false => Box::pin(std::future::pending()),
        }
    }
}
