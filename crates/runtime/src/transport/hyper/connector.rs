//! Making connections: straight to the service, or through a proxy, within a limit of time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{self, Connected, HttpConnector};
use hyper_util::client::proxy::matcher::Intercept;
use tower_service::Service;

use super::proxy::Proxies;
use super::tls::{Https, Tls};
use crate::BoxFuture;
use crate::body::BoxError;

/// How long a connection may be silent before TCP asks whether the other side is still there, how often it asks, and
/// after how many questions it gives up.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(15), Duration::from_secs(15), 3);

/// Makes the connections of a transport.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    service: Https<HttpConnector>,
    tls: Tls,
    proxies: Proxies,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(tls: Tls, proxies: Proxies, timeout: Duration) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(!Tls::IS_THERE);
        tcp.set_nodelay(true);
        // Of several addresses none may use up the time of all.
        tcp.set_connect_timeout(Some(timeout));
        let (after, interval, questions) = KEEPALIVE;
        tcp.set_keepalive(Some(after));
        tcp.set_keepalive_interval(Some(interval));
        tcp.set_keepalive_retries(Some(questions));
        Self {
            service: tls.to_service(tcp.clone()),
            tcp,
            tls,
            proxies,
            timeout,
        }
    }

    async fn connect(mut self, url: Uri) -> Result<Connection, BoxError> {
        let encrypted = url.scheme_str() == Some("https");
        if encrypted && !Tls::IS_THERE {
            return Err("there is no TLS: switch one of the features `rustls-ring`, `rustls-aws-lc-rs` and \
                `native-tls` on"
                .into());
        }
        match self.proxies.on_the_way_to(&url) {
            None => Connection::new(self.service.call(url).await, false),
            Some(proxy) if encrypted => self.tunnel(url, &proxy).await,
            Some(proxy) => {
                let to_proxy = self.tls.to_proxy(self.tcp).call(reachable(&proxy)?);
                Connection::new(to_proxy.await, true)
            }
        }
    }

    /// Asks the proxy to pass on whatever comes, and speaks TLS with the service through it.
    async fn tunnel(self, url: Uri, proxy: &Intercept) -> Result<Connection, BoxError> {
        let to_proxy = self.tls.to_proxy(self.tcp);
        let mut tunnel = Tunnel::new(reachable(proxy)?, to_proxy);
        if let Some(authorization) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        Connection::new(self.tls.to_service(tunnel).call(url).await, false)
    }
}

/// The address of a proxy that speaks HTTP.
fn reachable(proxy: &Intercept) -> Result<Uri, BoxError> {
    let url = proxy.uri();
    match url.scheme_str() {
        Some("http" | "https") => Ok(url.clone()),
        other => Err(format!(
            "the proxy that the environment names is reached over `{}`, and only http and https are supported",
            other.unwrap_or_default()
        )
        .into()),
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
        let connection = self.clone().connect(url);
        Box::pin(async move {
            match tokio::time::timeout(timeout, connection).await {
                Ok(result) => result,
                Err(_) => {
                    let message = format!("no connection was made within {timeout:?}");
                    Err(io::Error::new(io::ErrorKind::TimedOut, message).into())
                }
            }
        })
    }
}

/// What hyper needs of a connection.
trait Stream: Read + Write + connect::Connection + Send + Unpin {}

impl<T: Read + Write + connect::Connection + Send + Unpin> Stream for T {}

/// A connection, whatever it is made of.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    /// Whether it ends at a proxy that reads the requests, and wants whole URLs in them.
    at_proxy: bool,
}

impl Connection {
    fn new<S: Stream + 'static>(
        stream: Result<S, impl Into<BoxError>>,
        at_proxy: bool,
    ) -> Result<Self, BoxError> {
        Ok(Self {
            stream: Box::new(stream.map_err(Into::into)?),
            at_proxy,
        })
    }
}

impl connect::Connection for Connection {
    fn connected(&self) -> Connected {
        self.stream.connected().proxy(self.at_proxy)
    }
}

impl Read for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.stream).poll_read(context, buffer)
    }
}

impl Write for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.stream).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.stream).poll_write_vectored(context, buffers)
    }
}
