//! TLS with rustls. The platform or a file verifies certificates.

use std::path::Path;
use std::sync::Arc;

use hyper_rustls::HttpsConnector;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::bundle::{problem, read};
use super::trust;
use crate::transport::hyper::setup::SetupError;

/// The TLS configuration of connections.
#[derive(Clone)]
pub(in super::super) struct Tls {
    service: Arc<ClientConfig>,
    proxy: Arc<ClientConfig>,
}

impl Tls {
    /// The crypto provider is passed with the configuration, so that the process-wide default stays a choice of the
    /// application.
    pub(in super::super) fn new(bundle: Option<&Path>) -> Result<Self, SetupError> {
        #[cfg(feature = "rustls-ring")]
        let provider = rustls::crypto::ring::default_provider();
        #[cfg(not(feature = "rustls-ring"))]
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let provider = Arc::new(provider);
        let failed = |error| SetupError::new("TLS cannot be set up").because(error);
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(failed)?;
        let mut service = match bundle {
            Some(path) => builder.with_root_certificates(roots(path)?),
            None => {
                let verifier = trust::platform(provider).map_err(failed)?;
                builder
                    .dangerous()
                    .with_custom_certificate_verifier(verifier)
            }
        }
        .with_no_client_auth();
        // A tunnel is requested from a proxy with HTTP/1.1.
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
    pub(in super::super) fn to_service<C>(&self, connector: C) -> HttpsConnector<C> {
        HttpsConnector::from((connector, self.service.clone()))
    }

    /// TLS with proxies.
    pub(in super::super) fn to_proxy<C>(&self, connector: C) -> HttpsConnector<C> {
        HttpsConnector::from((connector, self.proxy.clone()))
    }
}

/// The certificates of a file. A certificate that rustls cannot use is skipped, as OpenSSL does, because bundles of
/// whole platforms contain some that are too old.
fn roots(path: &Path) -> Result<RootCertStore, SetupError> {
    let text = read(path)?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate =
            certificate.map_err(|error| problem(path, "is not PEM").because(error))?;
        roots.add_parsable_certificates([certificate]);
    }
    if roots.is_empty() {
        return Err(problem(path, "holds no certificate that can be used"));
    }
    Ok(roots)
}
