//! Opens connections: directly to the service, or through a proxy, within a time limit.

use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Intercept;
use tower_service::Service;

use super::SetupError;
use super::connection::Connection;
use super::layer::{Layer, Opening};
#[cfg(feature = "http2")]
use super::preface::Preface;
use super::proxy::Proxies;
use super::socket::Tcp;
use super::tls::LazyTls;
#[cfg(feature = "http2")]
use super::tls::Tls;
use crate::BoxFuture;
use crate::body::BoxError;

/// TCP keepalive: the idle time before the first probe, the interval, and the number of probes.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(15), Duration::from_secs(15), 3);

const NO_HTTP2: &str =
    "the operation needs HTTP/2, and the server, or a proxy on the way to it, does not offer it";

/// Opens the connections of a transport.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: Tcp,
    tls: LazyTls,
    proxies: Proxies,
    timeout: Duration,
    /// Whether a server that does not agree to HTTP/2 is refused. Without TLS, nothing is agreed on, and the request shows
    /// whether the server can do it.
    http2_only: bool,
    /// What the latest connection without TLS showed that is expected to speak HTTP/2.
    #[cfg(feature = "http2")]
    latest: Preface,
}

impl Connector {
    pub(super) fn new(tls: LazyTls, proxies: Proxies, timeout: Duration) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // If there are several addresses, none may use all of the time.
        tcp.set_connect_timeout(Some(timeout));
        let (after, interval, questions) = KEEPALIVE;
        tcp.set_keepalive(Some(after));
        tcp.set_keepalive_interval(Some(interval));
        tcp.set_keepalive_retries(Some(questions));
        Self {
            tcp: Tcp(tcp),
            tls,
            proxies,
            timeout,
            http2_only: false,
            #[cfg(feature = "http2")]
            latest: Preface::default(),
        }
    }

    /// The same for requests that need HTTP/2.
    #[cfg(feature = "http2")]
    pub(super) fn with_http2_only(mut self, latest: Preface) -> Self {
        self.http2_only = true;
        self.latest = latest;
        self
    }

    async fn open(self, url: Uri) -> Result<Connection, BoxError> {
        let is_encrypted = url.scheme_str() == Some("https");
        let must_agree = self.http2_only && is_encrypted;
        #[cfg(feature = "http2")]
        let known = (self.http2_only && !is_encrypted).then(|| self.latest.clone());
        let connection = match self.connect(url).await {
            #[cfg(feature = "http2")]
            Err(error) if must_agree && Tls::offers_nothing(&*error) => {
                return Err(SetupError::new(NO_HTTP2).into());
            }
            other => other?,
        };
        if must_agree && !connection.is_multiplexed() {
            return Err(SetupError::new(NO_HTTP2).into());
        }
        #[cfg(feature = "http2")]
        if let Some(latest) = known {
            return Ok(connection.with_prior_knowledge(&latest));
        }
        Ok(connection)
    }

    async fn connect(mut self, url: Uri) -> Result<Connection, BoxError> {
        let encrypted = url.scheme_str() == Some("https");
        match self.proxies.on_the_way_to(&url) {
            None if encrypted => {
                let socket = self.socket(url.clone());
                let service = self
                    .tls
                    .get()?
                    .to_service(socket, self.http2_only)
                    .call(url);
                Connection::new(service.await, false)
            }
            None => Connection::new(self.tcp.call(url).await, false),
            Some(proxy) if encrypted => self.tunnel(url, &proxy).await,
            Some(proxy) => {
                let to_proxy = reachable(&proxy)?;
                if to_proxy.scheme_str() == Some("https") {
                    let socket = self.socket(to_proxy.clone());
                    let to_proxy = self.tls.get()?.to_proxy(socket).call(to_proxy);
                    Connection::new(to_proxy.await, true)
                } else {
                    Connection::new(self.tcp.call(to_proxy).await, true)
                }
            }
        }
    }

    /// Opens a tunnel through the proxy, and uses TLS with the service through it.
    async fn tunnel(mut self, url: Uri, proxy: &Intercept) -> Result<Connection, BoxError> {
        let to_proxy = reachable(proxy)?;
        let socket = self.socket(to_proxy.clone());
        let tls = self.tls.get()?;
        let mut tunnel = Tunnel::new(to_proxy, tls.to_proxy(socket));
        if let Some(authorization) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        let opened = tunnel.call(url.clone());
        let opening = Opening::new(Box::pin(async {
            Ok(Layer::Tunnel(Box::new(opened.await?)))
        }));
        Connection::new(
            tls.to_service(opening, self.http2_only).call(url).await,
            false,
        )
    }

    /// A socket to be opened.
    fn socket(&mut self, url: Uri) -> Opening {
        let socket = self.tcp.call(url);
        Opening::new(Box::pin(async { Ok(Layer::Socket(socket.await?)) }))
    }
}

/// The address of an HTTP proxy.
fn reachable(proxy: &Intercept) -> Result<Uri, SetupError> {
    let url = proxy.uri();
    match url.scheme_str() {
        Some("http" | "https") => Ok(url.clone()),
        other => Err(SetupError::new(format!(
            "the proxy that the environment names is reached over `{}`, and only http and https are supported",
            other.unwrap_or_default()
        ))),
    }
}

impl Service<Uri> for Connector {
    type Response = Connection;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Connection, BoxError>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let timeout = self.timeout;
        let connection = self.clone().open(url);
        Box::pin(async move {
            match tokio::time::timeout(timeout, connection).await {
                Ok(result) => result,
                Err(_) => {
                    let message = format!("no connection was opened within {timeout:?}");
                    Err(io::Error::new(io::ErrorKind::TimedOut, message).into())
                }
            }
        })
    }
}
