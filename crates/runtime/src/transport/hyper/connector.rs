//! Opens connections: directly to the service, or through a proxy, within a time limit.

use std::io;
use std::time::Duration;

use http::Uri;

use super::connection::Connection;
use super::proxy::{Proxies, Proxy};
use super::setup::SetupError;
use super::socket::Announcement;
use super::stream::{Layer, Stream};
#[cfg(feature = "http2")]
use super::tls::Tls;
use super::tls::{LazyTls, Peer};
use super::{tcp, tunnel};
use crate::body::BoxError;
use crate::plumbing::uri::{host_and_port, scheme};

const NO_HTTP2: &str =
    "the operation needs HTTP/2, and the server, or a proxy on the way to it, does not offer it";

/// Opens the connections of a transport.
#[derive(Clone)]
pub(super) struct Connector {
    tls: LazyTls,
    proxies: Proxies,
    timeout: Duration,
    /// Whether a server that does not agree to HTTP/2 is refused. Without TLS, nothing is agreed on, and the request shows
    /// whether the server can do it.
    http2_only: bool,
}

impl Connector {
    /// How long it may take to open a connection.
    #[cfg(feature = "http2")]
    pub(super) const fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(super) fn new(tls: LazyTls, proxies: Proxies, timeout: Duration) -> Self {
        Self {
            tls,
            proxies,
            timeout,
            http2_only: false,
        }
    }

    /// The same for requests that need HTTP/2.
    #[cfg(feature = "http2")]
    pub(super) fn with_http2_only(mut self) -> Self {
        self.http2_only = true;
        self
    }

    /// Whether all its connections are of HTTP/2.
    #[cfg(feature = "http2")]
    pub(super) fn is_http2_only(&self) -> bool {
        self.http2_only
    }

    /// Opens a connection for requests to a URL.
    ///
    /// # Errors
    /// The host is not reached, TLS fails, or the time is over.
    pub(super) async fn open(&self, url: &Uri) -> Result<Connection, BoxError> {
        let limit = self.timeout;
        let Ok(result) = tokio::time::timeout(limit, self.agree(url)).await else {
            let message = format!("no connection was opened within {limit:?}");
            return Err(io::Error::new(io::ErrorKind::TimedOut, message).into());
        };
        result
    }

    /// Opens a connection whose protocol is one that the request can use.
    async fn agree(&self, url: &Uri) -> Result<Connection, BoxError> {
        let is_encrypted = scheme(url) == Some("https");
        let must_agree = self.http2_only && is_encrypted;
        let connection = match self.connect(url, is_encrypted).await {
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
        if self.http2_only && !is_encrypted {
            return Ok(connection.with_prior_knowledge());
        }
        Ok(connection)
    }

    async fn connect(&self, url: &Uri, is_encrypted: bool) -> Result<Connection, BoxError> {
        let announcement = Announcement::default();
        let layer = match self.proxies.on_the_way_to(url) {
            Some(proxy) => {
                let mut stream = self.to_proxy(proxy, &announcement).await?;
                if !is_encrypted {
                    return Ok(Connection::new(stream, announcement).at_proxy());
                }
                let to = host_and_port(url);
                tunnel::open(&mut *stream, &to, proxy.authorization()).await?;
                Layer::Tunnel(stream)
            }
            None => Layer::Socket(tcp::connect(url, self.timeout, &announcement).await?),
        };
        match layer {
            Layer::Socket(socket) if !is_encrypted => {
                Ok(Connection::new(Box::new(socket), announcement))
            }
            layer => {
                let peer = if self.http2_only {
                    Peer::ServiceOverHttp2
                } else {
                    Peer::Service
                };
                let encrypting = self.tls.encrypt(layer, tcp::host(url), peer);
                let (stream, is_http2) = encrypting.await?;
                Ok(Connection::new(stream, announcement).with_http2(is_http2))
            }
        }
    }

    async fn to_proxy(
        &self,
        proxy: &Proxy,
        announcement: &Announcement,
    ) -> Result<Box<dyn Stream>, BoxError> {
        let is_encrypted = proxy.is_encrypted()?;
        let socket = tcp::connect(proxy.url(), self.timeout, announcement).await?;
        if !is_encrypted {
            return Ok(Box::new(socket));
        }
        let host = tcp::host(proxy.url());
        let encrypting = self.tls.encrypt(Layer::Socket(socket), host, Peer::Proxy);
        Ok(encrypting.await?.0)
    }
}
