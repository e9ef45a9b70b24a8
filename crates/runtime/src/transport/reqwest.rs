//! A transport over a client of reqwest that the application brings: with its proxies, resolver and certificates.

use super::{Transport, TransportError, TransportErrorKind};
use crate::BoxFuture;
use crate::body::{Body, ByteStream};

/// Sends requests with a client of reqwest. It needs a Tokio runtime.
///
/// It is for applications that have such a client and want to share its settings and connections. Which TLS it has
/// is a matter of reqwest's features, which the application chooses.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport over a client of your own. Switch its redirects off: a signature covers one host.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self { client }
    }
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
