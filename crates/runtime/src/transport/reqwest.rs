//! The transport over reqwest: connection pool, HTTP/1.1 and 2, proxies from the environment, TLS.

use std::time::Duration;

use super::{Transport, TransportError, TransportErrorKind};
use crate::BoxFuture;
use crate::body::{Body, BoxError, ByteStream};

/// How long a connection may take to be made.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);

/// Sends requests with reqwest.
///
/// Clones share one pool of connections. Proxies come from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
/// It needs a Tokio runtime.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with settings that suit AWS services: 3.1 seconds to connect, no redirects, nothing sent twice,
    /// certificates judged by the platform. Limits of time other than that are the client's.
    ///
    /// # Errors
    /// When TLS cannot be set up, for example because the platform has no root certificates.
    pub fn new() -> Result<Self, TransportError> {
        Self::with_connect_timeout(CONNECT_TIMEOUT)
    }

    /// The same with another limit of time to connect.
    ///
    /// # Errors
    /// As [`ReqwestTransport::new`].
    pub fn with_connect_timeout(timeout: Duration) -> Result<Self, TransportError> {
        Self::build(reqwest::Client::builder().connect_timeout(timeout))
    }

    fn build(builder: reqwest::ClientBuilder) -> Result<Self, TransportError> {
        let builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        let setup = |error: BoxError| TransportError::new(TransportErrorKind::Connect, error);
        let client = with_tls(builder)
            .map_err(setup)?
            .build()
            .map_err(|error| setup(error.into()))?;
        Ok(Self { client })
    }

    /// A transport over a client of your own. Switch its redirects off: a signature covers one host.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self { client }
    }
}

/// A transport that uses no proxy, for what stands on this machine or beside it: the sources of credentials. It is set
/// up when it is first used, which most programs never do.
#[cfg(feature = "credential-chain")]
#[derive(Debug, Default)]
pub(crate) struct DirectTransport(std::sync::OnceLock<Result<ReqwestTransport, String>>);

#[cfg(feature = "credential-chain")]
impl Transport for DirectTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let transport = self.0.get_or_init(|| {
            let builder = reqwest::Client::builder()
                .no_proxy()
                .connect_timeout(CONNECT_TIMEOUT);
            ReqwestTransport::build(builder).map_err(|error| error.to_string())
        });
        match transport {
            Ok(transport) => transport.send(request),
            Err(error) => {
                let error = TransportError::new(TransportErrorKind::Connect, error.clone());
                Box::pin(async { Err(error) })
            }
        }
    }
}

/// The crypto provider is handed over with the configuration, so that the one of the process stays the
/// application's to choose.
#[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, BoxError> {
    use rustls_platform_verifier::BuilderVerifierExt;

    #[cfg(feature = "rustls-ring")]
    let provider = rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "rustls-ring"))]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let configuration = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(configuration))
}

#[cfg(not(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs")))]
#[expect(clippy::unnecessary_wraps, reason = "the variant with rustls can fail")]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, BoxError> {
    Ok(builder)
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async move {
            let request = request.map(|body| match body {
                Body::Bytes(bytes) => reqwest::Body::from(bytes),
                Body::Stream(stream) => reqwest::Body::wrap(stream),
            });
            let request = reqwest::Request::try_from(request).map_err(classify)?;
            let response = self.client.execute(request).await.map_err(classify)?;
            Ok(http::Response::from(response).map(ByteStream::new))
        })
    }
}

fn classify(error: reqwest::Error) -> TransportError {
    let kind = if error.is_connect() || error.is_builder() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Io
    };
    // The URL of a request may hold secrets, and the caller knows it.
    TransportError::new(kind, error.without_url())
}
