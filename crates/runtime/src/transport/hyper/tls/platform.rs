//! The platform's TLS: SChannel, Secure Transport, OpenSSL.

use hyper_tls::HttpsConnector;
use tokio_native_tls::{TlsConnector, native_tls};

use crate::body::BoxError;

/// A connector with TLS around it.
pub(in super::super) type Https<C> = HttpsConnector<C>;

/// What connections are encrypted with.
#[derive(Clone)]
pub(in super::super) struct Tls {
    service: TlsConnector,
    proxy: TlsConnector,
}

impl Tls {
    /// Whether there is TLS at all.
    pub(in super::super) const IS_THERE: bool = true;

    pub(in super::super) fn new() -> Result<Self, BoxError> {
        let proxy = native_tls::TlsConnector::new()?;
        #[cfg(feature = "http2")]
        let service = native_tls::TlsConnector::builder()
            .request_alpns(&["h2", "http/1.1"])
            .build()?;
        #[cfg(not(feature = "http2"))]
        let service = proxy.clone();
        Ok(Self {
            service: service.into(),
            proxy: proxy.into(),
        })
    }

    /// TLS with services.
    pub(in super::super) fn to_service<C>(&self, connector: C) -> Https<C> {
        HttpsConnector::from((connector, self.service.clone()))
    }

    /// TLS with proxies.
    pub(in super::super) fn to_proxy<C>(&self, connector: C) -> Https<C> {
        HttpsConnector::from((connector, self.proxy.clone()))
    }
}
