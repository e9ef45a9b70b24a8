//! rustls, with certificates judged by the platform.

use std::sync::Arc;

use hyper_rustls::HttpsConnector;
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;

use crate::body::BoxError;

/// A connector with TLS around it.
pub(in super::super) type Https<C> = HttpsConnector<C>;

/// What connections are encrypted with.
#[derive(Clone)]
pub(in super::super) struct Tls {
    service: Arc<ClientConfig>,
    proxy: Arc<ClientConfig>,
}

impl Tls {
    /// Whether there is TLS at all.
    pub(in super::super) const IS_THERE: bool = true;

    /// The crypto provider is handed over with the configuration, so that the one of the process stays the
    /// application's to choose.
    pub(in super::super) fn new() -> Result<Self, BoxError> {
        #[cfg(feature = "rustls-ring")]
        let provider = rustls::crypto::ring::default_provider();
        #[cfg(not(feature = "rustls-ring"))]
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let mut service = ClientConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()?
            .with_platform_verifier()?
            .with_no_client_auth();
        // A proxy is asked for a tunnel in HTTP/1.1.
        let proxy = Arc::new(service.clone());
        service.alpn_protocols = [
            #[cfg(feature = "http2")]
            "h2",
            "http/1.1",
        ]
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
        Ok(Self {
            service: Arc::new(service),
            proxy,
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
