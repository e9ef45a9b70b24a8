//! TLS of a connection: with rustls, with the platform's library, or none, depending on the features. If the features
//! of several crates are unified, rustls takes precedence.

#[cfg(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc-rs",
    feature = "native-tls"
))]
mod bundle;
#[cfg(not(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc-rs",
    feature = "native-tls"
)))]
mod none;
#[cfg(all(
    feature = "native-tls",
    not(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))
))]
mod platform;
#[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
mod rustls;
#[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
mod trust;

#[cfg(not(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc-rs",
    feature = "native-tls"
)))]
pub(super) use self::none::Tls;
#[cfg(all(
    feature = "native-tls",
    not(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))
))]
pub(super) use self::platform::Tls;
#[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
pub(super) use self::rustls::Tls;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::setup::SetupError;
use super::stream::{Layer, Stream};
use crate::body::BoxError;

/// With whom TLS is used, which decides what protocols are offered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    Service,
    /// A service that has to speak HTTP/2. It may choose any protocol that is offered, so no other is.
    ServiceOverHttp2,
    /// A proxy, from which a tunnel is requested with HTTP/1.1.
    Proxy,
}

/// Encrypted bytes, and whether both sides agreed on HTTP/2.
pub(super) type Encrypted = Result<(Box<dyn Stream>, bool), BoxError>;

/// TLS that is set up when the first encrypted connection is opened. A program with unencrypted connections only needs
/// no certificates.
#[derive(Clone)]
pub(super) struct LazyTls(Arc<Lazy>);

struct Lazy {
    /// The file with the certificates that are used instead of the platform's.
    bundle: Option<PathBuf>,
    tls: OnceLock<Tls>,
}

impl LazyTls {
    pub(super) fn new(bundle: Option<PathBuf>) -> Self {
        Self(Arc::new(Lazy {
            bundle,
            tls: OnceLock::new(),
        }))
    }

    /// # Errors
    /// The file cannot be used, or there are no certificates. The next connection tries again.
    #[inline(never)]
    fn get(&self) -> Result<&Tls, SetupError> {
        if let Some(tls) = self.0.tls.get() {
            return Ok(tls);
        }
        let tls = Tls::new(self.0.bundle.as_deref())?;
        Ok(self.0.tls.get_or_init(|| tls))
    }

    /// Uses TLS with a host.
    ///
    /// # Errors
    /// As [`get`](Self::get), and what the handshake fails with.
    pub(super) async fn encrypt(&self, layer: Layer, host: &str, peer: Peer) -> Encrypted {
        self.get()?.encrypt(layer, host, peer).await
    }
}
