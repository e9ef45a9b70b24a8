//! The transport over hyper: connection pool, proxies from the environment, TLS, HTTP/1.1 and, where wanted, HTTP/2.
//!
//! It is hyper-util's client without a layer above it. What a general client adds (redirects, cookies, a URL type of
//! its own, with the tables of Unicode below it) no AWS service needs, and every call and every build would pay for it.

mod connector;
mod outgoing;
mod proxy;
#[cfg(test)]
mod tests;
mod tls;

use std::time::Duration;

use http::header::PROXY_AUTHORIZATION;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use self::connector::Connector;
use self::outgoing::Outgoing;
use self::proxy::Proxies;
use self::tls::Tls;
use super::{Transport, TransportError, TransportErrorKind};
use crate::BoxFuture;
use crate::body::{Body, ByteStream};

/// How long a connection may take to be made.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);
/// How long a connection without a request is kept. AWS's load balancers close theirs sooner or later than that, and
/// a request that finds its connection closed before a byte was written goes over another one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// Sends requests with hyper.
///
/// Clones share one pool of connections. Proxies come from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in
/// upper or lower case, and are reached over `http://` or `https://`. It needs a Tokio runtime.
#[derive(Clone, Debug)]
pub struct HyperTransport {
    client: Client<Connector, Outgoing>,
    proxies: Proxies,
}

impl HyperTransport {
    /// A transport with settings that suit AWS services: 3.1 seconds to connect, no redirects, nothing sent twice,
    /// certificates judged by the platform. Limits of time other than that are the client's.
    ///
    /// # Errors
    /// When TLS cannot be set up, for example because the platform has no root certificates.
    pub fn new() -> Result<Self, TransportError> {
        Self::with_connect_timeout(CONNECT_TIMEOUT)
    }

    /// The same with another limit of time to connect, TLS included.
    ///
    /// # Errors
    /// As [`HyperTransport::new`].
    pub fn with_connect_timeout(timeout: Duration) -> Result<Self, TransportError> {
        Self::build(timeout, Proxies::from_environment())
    }

    fn build(timeout: Duration, proxies: Proxies) -> Result<Self, TransportError> {
        let tls =
            Tls::new().map_err(|error| TransportError::new(TransportErrorKind::Connect, error))?;
        let connector = Connector::new(tls, proxies.clone(), timeout);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        Ok(Self { client, proxies })
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
        let response = self.client.request(request);
        Box::pin(async move {
            let response = response.await.map_err(classify)?;
            Ok(response.map(ByteStream::from_unpin))
        })
    }
}

fn classify(error: Error) -> TransportError {
    let kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Io
    };
    TransportError::new(kind, error)
}

/// A transport that uses no proxy, for what stands on this machine or beside it: the sources of credentials. It is set
/// up when it is first used, which most programs never do.
#[cfg(feature = "credential-chain")]
#[derive(Debug, Default)]
pub(crate) struct DirectTransport(std::sync::OnceLock<Result<HyperTransport, String>>);

#[cfg(feature = "credential-chain")]
impl Transport for DirectTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let transport = self.0.get_or_init(|| {
            HyperTransport::build(CONNECT_TIMEOUT, Proxies::none())
                .map_err(|error| error.to_string())
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
