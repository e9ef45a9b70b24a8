//! TLS with rustls. The platform or a file verifies certificates.

#[cfg(feature = "http2")]
use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;

#[cfg(feature = "http2")]
use rustls::AlertDescription;
use rustls::pki_types::pem::{self, SectionKind};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use super::bundle::{problem, read};
use super::{Encrypted, Peer, trust};
use crate::body::BoxError;
use crate::texts::ToText as _;
use crate::transport::hyper::setup::SetupError;
use crate::transport::hyper::stream::Layer;
use crate::transport::hyper::tcp::NotConnected;

/// The TLS configuration of connections.
#[derive(Clone)]
pub(in super::super) struct Tls {
    http1: Arc<ClientConfig>,
    #[cfg(feature = "http2")]
    any: Arc<ClientConfig>,
    #[cfg(feature = "http2")]
    http2: Arc<ClientConfig>,
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
        let mut config = match bundle {
            Some(path) => builder.with_root_certificates(roots(path)?),
            None => {
                let verifier = trust::platform(provider).map_err(failed)?;
                builder
                    .dangerous()
                    .with_custom_certificate_verifier(verifier)
            }
        }
        .with_no_client_auth();
        #[cfg(feature = "http2")]
        let with = |protocols: &[&str]| {
            let mut config = config.clone();
            config.alpn_protocols = protocols.iter().map(|name| (*name).into()).collect();
            Arc::new(config)
        };
        #[cfg(feature = "http2")]
        let (any, http2) = (with(&["h2", "http/1.1"]), with(&["h2"]));
        config.alpn_protocols.push("http/1.1".into());
        Ok(Self {
            http1: Arc::new(config),
            #[cfg(feature = "http2")]
            any,
            #[cfg(feature = "http2")]
            http2,
        })
    }

    pub(super) async fn encrypt(&self, layer: Layer, host: &str, peer: Peer) -> Encrypted {
        let config = match peer {
            #[cfg(feature = "http2")]
            Peer::Service => &self.any,
            #[cfg(feature = "http2")]
            Peer::ServiceOverHttp2 => &self.http2,
            _ => &self.http1,
        };
        let name = ServerName::try_from(host.to_text())?;
        let connector = TlsConnector::from(Arc::clone(config));
        let stream = connector.connect(name, layer).await.map_err(explained)?;
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok((Box::new(stream), is_http2))
    }

    /// Whether a server refused a connection because it offers nothing that was asked for (RFC 7301, section 3.2).
    #[cfg(feature = "http2")]
    pub(in super::super) fn offers_nothing(error: &(dyn Error + 'static)) -> bool {
        let is_refusal = matches!(
            error.downcast_ref(),
            Some(rustls::Error::AlertReceived(
                AlertDescription::NoApplicationProtocol
            ))
        );
        // The source of an I/O error is that of the error inside of it.
        let inside = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        is_refusal
            || inside.is_some_and(|error| Self::offers_nothing(error))
            || error.source().is_some_and(Self::offers_nothing)
    }
}

/// Says so if the server does not encrypt: what it sends cannot be read as TLS.
#[inline(never)]
fn explained(error: io::Error) -> BoxError {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
    match cause {
        Some(rustls::Error::InvalidMessage(_)) => {
            let what = "the server does not speak TLS, and the URL is one of `https://`";
            NotConnected::new(what.to_text(), error).into()
        }
        _ => error.into(),
    }
}

/// The certificates of a file. A certificate that rustls cannot use is skipped, as OpenSSL does, because bundles of
/// whole platforms contain some that are too old.
fn roots(path: &Path) -> Result<RootCertStore, SetupError> {
    let text = read(path)?;
    let mut rest = text.as_slice();
    let mut certificates = Vec::new();
    // The reader for certificates alone is generic.
    while let Some((kind, bytes)) =
        pem::from_buf(&mut rest).map_err(|error| problem(path, "is not PEM").because(error))?
    {
        if kind == SectionKind::Certificate {
            certificates.push(CertificateDer::from(bytes));
        }
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    if roots.is_empty() {
        return Err(problem(path, "holds no certificate that can be used"));
    }
    Ok(roots)
}
