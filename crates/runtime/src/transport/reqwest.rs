//! A transport that uses a reqwest client of the application, with its proxies, resolver and certificates.

use std::sync::{Arc, OnceLock};

use super::on_background::OnBackground;
use super::{RequiresHttp2, Transport, TransportError, TransportErrorKind};
use crate::BoxFuture;
use crate::body::{Body, ByteStream};
use crate::endpoint::is_local;

/// Sends requests with a client of reqwest, from any runtime or none. A thread of this crate drives its connections.
///
/// It is for applications that have such a client and want to share its settings and connections. Its TLS depends on
/// reqwest's features, which the application chooses.
///
/// Plain http to this machine (`localhost`, loopback addresses) never uses a proxy of the environment. Otherwise,
/// proxies, time limits and certificates are those of the client; `AWS_CA_BUNDLE` and the connect timeout of the
/// configuration do not apply.
///
/// There are two differences to `HyperTransport`. If the server closes a connection while a request is written, the
/// error says that the request may have taken effect; `reqwest::ClientBuilder::pool_idle_timeout` can make that as rare
/// as with `HyperTransport`. If a server refuses a long body and closes before it has read all of it, the response can
/// be lost.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    direct: Arc<OnceLock<reqwest::Client>>,
}

impl ReqwestTransport {
    /// A transport that uses your client. Switch its redirects off, because a signature covers one host.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self {
            client,
            direct: Arc::default(),
        }
    }

    /// The client for a URL.
    fn client(&self, url: &reqwest::Url) -> Result<&reqwest::Client, reqwest::Error> {
        let host = url.host_str().unwrap_or_default();
        if url.scheme() != "http" || !is_local(host) || !may_have_proxies() {
            return Ok(&self.client);
        }
        if let Some(direct) = self.direct.get() {
            return Ok(direct);
        }
        let direct = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(self.direct.get_or_init(|| direct))
    }

    async fn execute(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        let needs_http2 = request.extensions().get::<RequiresHttp2>().is_some();
        let mut request = request.map(|body| match body {
            Body::Bytes(bytes) => reqwest::Body::from(bytes),
            Body::Stream(stream) => reqwest::Body::wrap(stream),
        });
        if needs_http2 {
            // The client then refuses a connection with HTTP/1.1 before it writes to it.
            *request.version_mut() = http::Version::HTTP_2;
        }
        // reqwest sends the body at once, so the server need not be asked.
        request.headers_mut().remove(http::header::EXPECT);
        let request = reqwest::Request::try_from(request).map_err(classify)?;
        let client = self.client(request.url()).map_err(classify)?;
        let response = client.execute(request).await.map_err(|error| {
            match needs_http2 && is_other_version(&error) {
                true => TransportError::new(TransportErrorKind::Setup, NO_HTTP2),
                false => classify(error),
            }
        })?;
        let (head, body) = http::Response::<reqwest::Body>::from(response).into_parts();
        let body = OnBackground::new(body).map_err(no_thread)?;
        Ok(http::Response::from_parts(head, ByteStream::new(body)))
    }
}

const NO_HTTP2: &str = "the operation needs HTTP/2, and the connection of the reqwest client has HTTP/1.1: the client needs \
                        reqwest's feature `http2`, and `http2_prior_knowledge` for a server without TLS";

/// Whether the connection has another version than the request needs. hyper-util has no function that says so.
fn is_other_version(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if format!("{error:?}").contains("UserUnsupportedVersion") {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Whether the environment may name proxies, or the settings of the system, which reqwest reads on some platforms.
fn may_have_proxies() -> bool {
    let set = |name: &str| {
        std::env::var_os(name).is_some() || std::env::var_os(name.to_ascii_lowercase()).is_some()
    };
    cfg!(any(windows, target_vendor = "apple"))
        || ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
            .into_iter()
            .any(set)
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let sending: BoxFuture<'_, _> = Box::pin(self.execute(request));
        match OnBackground::new(sending) {
            Ok(sending) => Box::pin(sending),
            Err(error) => Box::pin(async { Err(no_thread(error)) }),
        }
    }
}

fn no_thread(error: std::io::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Connect, error)
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
