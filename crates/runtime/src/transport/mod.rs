//! The interface between a signed request and the network.
//!
//! [`Transport`] is small and object-safe, so that a test can respond to requests itself and a user can use another
//! HTTP stack. This crate's own transport is behind the feature `hyper`.

#[cfg(feature = "hyper")]
mod hyper;
#[cfg(any(feature = "hyper", feature = "reqwest"))]
mod on_background;
#[cfg(feature = "reqwest")]
mod reqwest;

use std::error::Error;
use std::fmt;

use crate::BoxFuture;
use crate::body::{Body, BoxError, ByteStream};
use crate::plumbing::causes::{self, safe_causes};
use crate::plumbing::safe_line::safe_line;

#[cfg(feature = "hyper")]
pub(crate) use self::hyper::CONNECT_TIMEOUT;
#[cfg(all(feature = "hyper", feature = "credential-chain"))]
pub(crate) use self::hyper::DirectTransport;
#[cfg(feature = "hyper")]
pub use self::hyper::HyperTransport;
#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestTransport;

/// Sends one HTTP request and returns its response.
///
/// Implementations must not follow redirects (the signature covers the host) and must not send a request twice. A
/// request that has [`SendOnce`] among its extensions must not use a connection that the other side may have closed.
///
/// A test can respond to requests itself, without sockets:
///
/// ```
/// use attache_runtime::transport::{Transport, TransportError};
/// use attache_runtime::{Body, BoxFuture, ByteStream, Config, Credentials, Timestamp};
///
/// /// Gives every request the same response.
/// #[derive(Debug)]
/// struct Canned(&'static str);
///
/// impl Transport for Canned {
///     fn send(
///         &self,
///         request: http::Request<Body>,
///     ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
///         assert!(request.headers().contains_key("authorization"));
///         Box::pin(async { Ok(http::Response::new(ByteStream::from(self.0))) })
///     }
/// }
///
/// let config = Config::builder()
///     .region("us-east-1")
///     .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
///     .time_source(Timestamp::UNIX_EPOCH)
///     .transport(Canned(r#"{"services":[]}"#))
///     .build()?;
/// // A client of any service takes it: `Client::new(&config)`.
/// # Ok::<(), attache_runtime::ConfigError>(())
/// ```
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends a request. The future fails when no response head arrives; a failure of the body is reported while it is
    /// read.
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>>;
}

/// An extension of a request: the service may act on every copy of the request, so it is never sent again after a
/// broken connection.
///
/// A connection that was idle may have been closed by the other side a moment ago. A transport sends such a request over
/// a new connection, or over one that was in use just before and is checked first.
#[derive(Clone, Copy, Debug)]
pub struct SendOnce;

/// The error of a request that needs HTTP/2 in a build without it.
#[cfg(all(feature = "hyper", not(feature = "http2")))]
fn no_http2() -> TransportError {
    let message = "the operation needs HTTP/2, which this build lacks: enable the feature `http2` of the client crate";
    TransportError::new(TransportErrorKind::Setup, message)
}

/// An extension of a request: it is sent over HTTP/2, because the events of its body and of its response are sent at the
/// same time.
///
/// A transport that cannot do so fails with [`TransportErrorKind::Setup`] before it sends anything. It must pass the body
/// on as it is polled, also after the response has begun, and drop it when the body of the response is dropped.
#[derive(Clone, Copy, Debug)]
pub struct RequiresHttp2;

/// The progress of a request without a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The settings of the transport are invalid: a file of certificates that cannot be read, a proxy of an unknown
    /// kind. Nothing was sent, and retrying does not help.
    Setup,
    /// No connection was made, so nothing was sent.
    Connect,
    /// Time ran out after the connection was made.
    Timeout,
    /// The connection broke after it was made.
    Io,
}

/// A request that got no response.
///
/// `{}` shows what happened, `{:#}` also the causes in one line, and `{:?}` the causes with a line for each. The URL of a
/// request may be presigned, so queries are left out of all of them.
pub struct TransportError {
    kind: TransportErrorKind,
    source: BoxError,
    proxy: Option<String>,
}

impl TransportError {
    /// Creates an error with the progress of the request and its cause.
    #[inline(never)]
    pub fn new(kind: TransportErrorKind, source: impl Into<BoxError>) -> Self {
        Self {
            kind,
            source: safe_causes(source),
            proxy: None,
        }
    }

    /// Names the host and port of the proxy through which the connection was to be made. The error of the call shows
    /// them.
    #[must_use]
    #[inline(never)]
    pub fn through_proxy(mut self, host_and_port: impl Into<String>) -> Self {
        self.proxy = Some(host_and_port.into());
        self
    }

    /// The host and port of the proxy, if there was one and the transport knows it. `ReqwestTransport` does not.
    pub fn proxy(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// The progress of the request.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::display(formatter, &self.source, self.source())
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_struct("TransportError")
                .field("kind", &self.kind)
                .field("proxy", &self.proxy.as_deref().map(safe_line))
                .field("source", &safe_line(&format!("{:?}", self.source)))
                .finish()
        })
    }
}

impl Error for TransportError {
    /// The cause of the error that it was created with, whose own text is the text of this error.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.source()
    }
}
