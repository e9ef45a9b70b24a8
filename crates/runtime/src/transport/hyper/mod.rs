//! The transport over hyper: connection pool, proxies from the environment, TLS, HTTP/1.1 and, where wanted, HTTP/2.
//!
//! hyper speaks HTTP on a connection. Opening and keeping connections is done here. A general client adds redirects, cookies
//! and a URL type with Unicode tables. No AWS service needs these, and they would make every call and every build more
//! expensive.

mod bypass;
#[cfg(feature = "http2")]
mod calls;
mod client;
mod connection;
mod connector;
mod expect;
mod home;
mod http1;
#[cfg(feature = "http2")]
mod http2;
mod outgoing;
mod pool;
mod preface;
mod proxy;
mod relay;
mod setup;
#[cfg(feature = "http2")]
mod shared;
mod socket;
mod stream;
mod tcp;
#[cfg(test)]
mod tests;
mod tls;
mod tunnel;
mod unanswered;
mod upload;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http::header::PROXY_AUTHORIZATION;

use self::client::Client;
use self::connector::Connector;
use self::expect::{EXPECT_TIMEOUT, Gate};
use self::proxy::Proxies;
use self::tls::LazyTls;
use super::{RequiresHttp2, SendOnce, Transport, TransportError, TransportErrorKind};
use crate::BoxFuture;
use crate::body::{Body, ByteStream};
use crate::headers;
use crate::plumbing::uri::host_and_port;

/// How long opening a connection may take.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);
/// How long a connection without a request is kept. AWS's load balancers may close theirs sooner or later. A request
/// whose connection was closed before a byte was written uses another one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);
/// The same for a request that may be sent only once: shorter than the idle timeout of any server, so that no server
/// closes the connection while the request is written.
const IDLE_TIMEOUT_ONCE: Duration = Duration::from_millis(50);

/// Sends requests with hyper.
///
/// Clones share their connections. A transport may be used from any runtime, from several, and without one: its sockets belong
/// to a thread of this crate. Only the socket of a call over HTTP/1.1 that a task of a `multi_thread` runtime of Tokio makes belongs
/// to that runtime until it ends, which saves a switch to another thread. If such a runtime has no I/O (`enable_io`), Tokio
/// panics when a socket is given to it. This is caught, and the socket stays where it was; but a panic hook sees it once.
///
/// Proxies come from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case, and are reached
/// over `http://` or `https://`. `NO_PROXY` lists names (with all below them), addresses, networks such as
/// `10.0.0.0/8`, each with an optional port, or `*`. Requests to this machine (`localhost`, loopback addresses) never
/// use a proxy. For `https://`, a proxy sees the name of the host; for `http://`, which needs
/// [`ConfigBuilder::allow_plain_http`](crate::ConfigBuilder::allow_plain_http), it sees and can change everything:
/// requests with their signatures and session tokens, and responses.
///
/// TLS is set up when the first encrypted connection is made.
///
/// The body of a request with `Expect: 100-continue` waits until the server asks for it, one second at most. If the server
/// responds before, the body is not sent.
#[derive(Clone)]
pub struct HyperTransport(Arc<Settings>);

struct Settings {
    client: Client,
    /// For requests that may be sent only once ([`SendOnce`]).
    once: Client,
    /// For requests that need HTTP/2 ([`RequiresHttp2`]).
    #[cfg(feature = "http2")]
    http2: Client,
    proxies: Proxies,
    /// How long a body waits for `100 Continue`.
    expect_timeout: Duration,
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HyperTransport")
            .field("proxies", &self.0.proxies)
            .finish_non_exhaustive()
    }
}

impl HyperTransport {
    /// A transport with settings that suit AWS services: 3.1 seconds to connect, no redirects, no retries, certificates
    /// verified by the platform. Other time limits are those of the client.
    ///
    /// # Errors
    /// None at present: failures occur when a connection is opened.
    pub fn new() -> Result<Self, TransportError> {
        Self::with_connect_timeout(CONNECT_TIMEOUT)
    }

    /// The same with another connect timeout, TLS included.
    ///
    /// # Errors
    /// As [`HyperTransport::new`].
    pub fn with_connect_timeout(timeout: Duration) -> Result<Self, TransportError> {
        Self::with_ca_bundle(timeout, None)
    }

    /// The same with the certificates of a file in the format PEM instead of the platform's. The file is read when the
    /// first encrypted connection is opened.
    ///
    /// # Errors
    /// As [`HyperTransport::new`].
    pub fn with_ca_bundle(
        timeout: Duration,
        bundle: Option<PathBuf>,
    ) -> Result<Self, TransportError> {
        Ok(Self::build(timeout, Proxies::from_environment(), bundle))
    }

    fn build(timeout: Duration, proxies: Proxies, bundle: Option<PathBuf>) -> Self {
        Self(Arc::new(Settings::new(timeout, proxies, bundle)))
    }
}

impl Settings {
    fn new(timeout: Duration, proxies: Proxies, bundle: Option<PathBuf>) -> Self {
        let connector = Connector::new(LazyTls::new(bundle), proxies.clone(), timeout);
        Self {
            client: Client::new(connector.clone(), IDLE_TIMEOUT),
            once: Client::new(connector.clone(), IDLE_TIMEOUT_ONCE),
            #[cfg(feature = "http2")]
            http2: Client::new(connector.with_http2_only(), IDLE_TIMEOUT_ONCE),
            proxies,
            expect_timeout: EXPECT_TIMEOUT,
        }
    }

    /// The client for a request with these extensions.
    ///
    /// # Errors
    /// The request needs HTTP/2, which this build lacks.
    fn client(&self, extensions: &http::Extensions) -> Result<&Client, TransportError> {
        match (extensions.get(), extensions.get()) {
            #[cfg(feature = "http2")]
            (Some(RequiresHttp2), _) => Ok(&self.http2),
            #[cfg(not(feature = "http2"))]
            (Some(RequiresHttp2), _) => Err(super::no_http2()),
            (None, Some(SendOnce)) => Ok(&self.once),
            (None, None) => Ok(&self.client),
        }
    }

    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        let mut request = outgoing::message(request);
        if let Some(authorization) = self.proxies.authorization(request.uri()) {
            headers::insert(request.headers_mut(), PROXY_AUTHORIZATION, authorization);
        }
        let gate = Gate::of(&mut request);
        if let Some(gate) = &gate {
            request.body_mut().wait_for(gate.wait(self.expect_timeout));
        }
        let client = self.client(request.extensions())?;
        let proxy = self.proxies.on_the_way_to(request.uri());
        let response = client.send(request).await;
        let response = response.map_err(|error| match proxy {
            Some(proxy) if error.kind() != TransportErrorKind::Setup => {
                error.through_proxy(host_and_port(proxy.url()))
            }
            _ => error,
        })?;
        Ok(response.map(|body| match gate {
            Some(gate) => ByteStream::from_unpin(gate.answered(body)),
            None => ByteStream::from_unpin(body),
        }))
    }
}

impl Transport for HyperTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(self.0.send(request))
    }
}

/// A transport without proxies for local credential sources. It is created at its first use, which most programs never
/// reach.
#[cfg(feature = "credential-chain")]
#[derive(Debug, Default)]
pub(crate) struct DirectTransport(std::sync::OnceLock<HyperTransport>);

#[cfg(feature = "credential-chain")]
impl Transport for DirectTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        self.0
            .get_or_init(|| HyperTransport::build(CONNECT_TIMEOUT, Proxies::none(), None))
            .send(request)
    }
}
