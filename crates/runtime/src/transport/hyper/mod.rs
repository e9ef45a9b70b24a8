//! The transport over hyper: connection pool, proxies from the environment, TLS, HTTP/1.1 and, where wanted, HTTP/2.
//!
//! It is hyper-util's client without a layer above it. A general client adds redirects, cookies and a URL type with
//! Unicode tables. No AWS service needs these, and they would make every call and every build more expensive.

mod bypass;
mod connection;
mod connector;
mod expect;
mod layer;
mod outgoing;
mod preface;
mod proxy;
mod setup;
mod socket;
#[cfg(test)]
mod tests;
mod tls;

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use http::header::PROXY_AUTHORIZATION;
#[cfg(feature = "http2")]
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::TokioTimer;

use self::connector::Connector;
use self::expect::{EXPECT_TIMEOUT, Gate};
use self::outgoing::Outgoing;
#[cfg(feature = "http2")]
use self::preface::Preface;
use self::proxy::Proxies;
use self::setup::{SetupError, kind};
use self::tls::LazyTls;
use super::on_background::OnBackground;
use super::{RequiresHttp2, SendOnce, Transport, TransportError, TransportErrorKind};
use crate::BoxFuture;
use crate::background;
use crate::body::{Body, ByteStream};
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
/// Clones share their connections, which a thread of this crate drives. A transport may be used from any runtime, from
/// several, and without one.
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
#[derive(Clone, Debug)]
pub struct HyperTransport {
    client: Client<Connector, Outgoing>,
    /// For requests that may be sent only once ([`SendOnce`]).
    once: Client<Connector, Outgoing>,
    /// For requests that need HTTP/2 ([`RequiresHttp2`]).
    #[cfg(feature = "http2")]
    http2: Client<Connector, Outgoing>,
    /// What the latest connection of `http2` without TLS showed.
    #[cfg(feature = "http2")]
    latest: Preface,
    proxies: Proxies,
    /// How long a body waits for `100 Continue`.
    expect_timeout: Duration,
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
        let connector = Connector::new(LazyTls::new(bundle), proxies.clone(), timeout);
        let client = |idle| {
            Client::builder(Executor)
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(idle)
                .build(connector.clone())
        };
        #[cfg(feature = "http2")]
        let latest = Preface::default();
        #[cfg(feature = "http2")]
        let http2 = Client::builder(Executor)
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT_ONCE)
            .http2_only(true)
            .build(connector.clone().with_http2_only(latest.clone()));
        Self {
            client: client(IDLE_TIMEOUT),
            once: client(IDLE_TIMEOUT_ONCE),
            #[cfg(feature = "http2")]
            http2,
            #[cfg(feature = "http2")]
            latest,
            proxies,
            expect_timeout: EXPECT_TIMEOUT,
        }
    }
}

impl Transport for HyperTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let mut request = outgoing::message(request);
        if let Some(authorization) = self.proxies.authorization(request.uri()) {
            request
                .headers_mut()
                .insert(PROXY_AUTHORIZATION, authorization);
        }
        let gate = Gate::of(&mut request);
        if let Some(gate) = &gate {
            request.body_mut().wait_for(gate.wait(self.expect_timeout));
        }
        #[cfg(feature = "http2")]
        let captured = {
            let needs_http2 = request.extensions().get::<RequiresHttp2>().is_some();
            let is_plain = request.uri().scheme_str() == Some("http");
            needs_http2.then(|| {
                (
                    capture_connection(&mut request),
                    is_plain.then(|| self.latest.clone()),
                )
            })
        };
        let extensions = request.extensions();
        let client = match (extensions.get(), extensions.get()) {
            #[cfg(feature = "http2")]
            (Some(RequiresHttp2), _) => &self.http2,
            #[cfg(not(feature = "http2"))]
            (Some(RequiresHttp2), _) => return Box::pin(async { Err(super::no_http2()) }),
            (None, Some(SendOnce)) => &self.once,
            (None, None) => &self.client,
        };
        let proxy = self.proxies.on_the_way_to(request.uri());
        let response = OnBackground::new(client.request(request));
        Box::pin(async move {
            let response = response
                .map_err(|error| TransportError::new(TransportErrorKind::Connect, error))?;
            let response = response.await.map_err(|error| {
                #[cfg(feature = "http2")]
                if let Some(error) = captured.as_ref().and_then(|(captured, latest)| {
                    of_preface(captured, latest.as_ref().filter(|_| !error.is_connect()))
                }) {
                    return error;
                }
                match (classify(error), proxy) {
                    (error, Some(proxy)) => error.through_proxy(host_and_port(proxy.uri())),
                    (error, None) => error,
                }
            })?;
            Ok(response.map(|body| match gate {
                Some(gate) => ByteStream::from_unpin(gate.answered(body)),
                None => ByteStream::from_unpin(body),
            }))
        })
    }
}

fn classify(error: Error) -> TransportError {
    let kind = if error.is_connect() {
        kind(&error)
    } else {
        TransportErrorKind::Io
    };
    TransportError::new(kind, error)
}

/// What is wrong with the server of a captured connection, if it should speak HTTP/2.
#[cfg(feature = "http2")]
fn of_preface(captured: &CaptureConnection, latest: Option<&Preface>) -> Option<TransportError> {
    let mut extras = http::Extensions::new();
    match captured.connection_metadata().as_ref() {
        Some(connected) => connected.get_extras(&mut extras),
        // A connection without TLS was opened, and closed before it could take the request.
        None => {
            extras.insert(latest?.clone());
        }
    }
    let problem = extras.get::<Preface>()?.problem()?;
    Some(TransportError::new(TransportErrorKind::Setup, problem))
}

/// Runs the tasks of connections on the background thread.
#[derive(Clone, Copy)]
struct Executor;

impl<F> hyper::rt::Executor<F> for Executor
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, future: F) {
        // A task exists only if a connection was opened, for which the thread was started.
        if let Ok(handle) = background::handle() {
            handle.spawn(future);
        }
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
