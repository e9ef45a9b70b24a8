//! The platform's TLS: SChannel, Secure Transport, OpenSSL.

use std::path::Path;

use tokio_native_tls::TlsConnector;
use tokio_native_tls::native_tls::{self, Certificate, TlsConnectorBuilder};

use super::bundle::{problem, read};
use super::{Encrypted, Peer};
use crate::transport::hyper::setup::SetupError;
use crate::transport::hyper::stream::Layer;

/// The TLS configuration of connections.
#[derive(Clone)]
pub(in super::super) struct Tls {
    service: TlsConnector,
    proxy: TlsConnector,
}

impl Tls {
    pub(in super::super) fn new(bundle: Option<&Path>) -> Result<Self, SetupError> {
        let failed = |error| SetupError::new("TLS cannot be set up").because(error);
        let mut builder = native_tls::TlsConnector::builder();
        if let Some(path) = bundle {
            trust_only(&mut builder, path)?;
        }
        let proxy = builder.build().map_err(failed)?;
        #[cfg(feature = "http2")]
        builder.request_alpns(&["h2", "http/1.1"]);
        let service = builder.build().map_err(failed)?;
        Ok(Self {
            service: service.into(),
            proxy: proxy.into(),
        })
    }

    /// What a service chooses is seen later.
    pub(super) async fn encrypt(&self, layer: Layer, host: &str, peer: Peer) -> Encrypted {
        let connector = match peer {
            Peer::Proxy => &self.proxy,
            Peer::Service | Peer::ServiceOverHttp2 => &self.service,
        };
        let stream = connector.connect(host, layer).await?;
        #[cfg(feature = "http2")]
        let is_http2 = {
            let protocol = stream.get_ref().negotiated_alpn();
            protocol.ok().flatten().is_some_and(|name| name == b"h2")
        };
        #[cfg(not(feature = "http2"))]
        let is_http2 = false;
        Ok((Box::new(stream), is_http2))
    }

    /// Such a refusal is seen with rustls only, which is asked for HTTP/2 alone.
    #[cfg(feature = "http2")]
    pub(in super::super) fn offers_nothing(_error: &(dyn std::error::Error + 'static)) -> bool {
        false
    }
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Trusts the certificates of a file, and no others.
fn trust_only(builder: &mut TlsConnectorBuilder, path: &Path) -> Result<(), SetupError> {
    let text = String::from_utf8_lossy(&read(path)?).into_owned();
    let mut rest = text.as_str();
    let mut any = false;
    while let Some((begin, end)) = rest.find(BEGIN).zip(rest.find(END)) {
        let end = end + END.len();
        let certificate = rest.get(begin..end).unwrap_or_default();
        let certificate = Certificate::from_pem(certificate.as_bytes())
            .map_err(|error| problem(path, "is not PEM").because(error))?;
        builder.add_root_certificate(certificate);
        any = true;
        rest = &rest[end..];
    }
    if !any {
        return Err(problem(path, "holds no certificate that can be used"));
    }
    builder.disable_built_in_roots(true);
    Ok(())
}
