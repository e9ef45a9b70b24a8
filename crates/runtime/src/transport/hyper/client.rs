//! Sends a request over a connection of the pool, or over a new one.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
#[cfg(feature = "http2")]
use std::time::Instant;

use http::{Request, Response, Uri};

use super::connector::Connector;
use super::http1::{Http1, Reading};
#[cfg(feature = "http2")]
use super::http2::Http2;
use super::outgoing::Outgoing;
use super::pool::{Key, Pool};
use super::setup::kind;
#[cfg(feature = "http2")]
use super::shared::Shared;
use crate::body::BoxError;
use crate::transport::TransportError;
use crate::transport::on_background::OnBackground;

/// Connections with the same settings.
#[derive(Clone)]
pub(super) struct Client {
    connector: Connector,
    pool: Arc<Pool<Http1>>,
    #[cfg(feature = "http2")]
    shared: Arc<Shared>,
}

/// An open connection.
enum Open {
    Http1(Box<Http1>),
    #[cfg(feature = "http2")]
    Http2(Http2),
}

#[inline(never)]
fn unconnected(error: impl Into<BoxError>) -> TransportError {
    let error = error.into();
    TransportError::new(kind(&*error), error)
}

impl Client {
    pub(super) fn new(connector: Connector, idle_limit: Duration) -> Self {
        Self {
            connector,
            pool: Pool::new(idle_limit),
            #[cfg(feature = "http2")]
            shared: Shared::new(idle_limit),
        }
    }

    /// Sends a request, and returns the head of the response and what reads its body.
    ///
    /// A server may close a connection between two calls. A request of which nothing was sent, because its connection was
    /// closed, is sent over another one.
    ///
    /// # Errors
    /// There is no connection, or it breaks.
    pub(super) async fn send(
        &self,
        mut request: Request<Outgoing>,
    ) -> Result<Response<Reading>, TransportError> {
        let url = request.uri().clone();
        let key = Key::of(&url);
        loop {
            let (connection, is_new) = match self.kept(&key) {
                Some(connection) => (connection, false),
                // Boxed, because few requests need it: in place, it would be most of the future of every request.
                None => Box::pin(self.open(&url, &key)).await?,
            };
            let answer = match connection {
                Open::Http1(connection) => connection.send(request).await,
                #[cfg(feature = "http2")]
                Open::Http2(connection) => connection.send(request).await,
            };
            let mut unanswered = match answer {
                Ok(response) => return Ok(response),
                Err(unanswered) => unanswered,
            };
            match unanswered.request.take() {
                Some(unsent) if !is_new => request = *unsent,
                unsent => return Err(unanswered.described(unsent.is_none())),
            }
            // A connection has set another form of it.
            *request.uri_mut() = url.clone();
        }
    }

    /// An open connection that takes another request.
    fn kept(&self, key: &Key) -> Option<Open> {
        #[cfg(feature = "http2")]
        if let Some(connection) = self.shared.get(key) {
            return Some(Open::Http2(connection));
        }
        self.pool.take(key).map(Open::Http1)
    }

    /// A connection for a request that finds none, and whether it was opened for this request.
    async fn open(&self, url: &Uri, key: &Key) -> Result<(Open, bool), TransportError> {
        #[cfg(feature = "http2")]
        if self.connector.is_http2_only() || self.shared.has(key) {
            return self.open_in_turn(url, key).await;
        }
        self.open_now(url, key).await
    }

    /// Lets one call at a time open a connection, which the others will share.
    #[cfg(feature = "http2")]
    async fn open_in_turn(&self, url: &Uri, key: &Key) -> Result<(Open, bool), TransportError> {
        let turn = self.shared.turn(key);
        let failures = turn.failures();
        let waited = turn.wait(self.connector.timeout()).await;
        if let Some(connection) = self.kept(key) {
            return Ok((connection, false));
        }
        // Who has waited for a failure does not wait for another.
        let _others_wait = waited.filter(|_| turn.failures() == failures);
        let opened = self.open_now(url, key).await;
        if opened.is_err() {
            turn.note_failure();
        }
        opened
    }

    async fn open_now(&self, url: &Uri, key: &Key) -> Result<(Open, bool), TransportError> {
        #[cfg(feature = "http2")]
        let begun = Instant::now();
        let opening = pin!(self.connector.open(url));
        let opening = OnBackground::new(opening).map_err(unconnected)?;
        let connection = opening.await.map_err(unconnected)?;
        #[cfg(feature = "http2")]
        if connection.is_multiplexed() {
            let opening = pin!(Http2::new(connection, self.shared.remover()));
            let opening = OnBackground::new(opening).map_err(unconnected)?;
            let connection = opening.await;
            let connection = connection.map_err(|error| error.described(false))?;
            let (connection, is_new) = self.shared.add(key, connection, begun);
            return Ok((Open::Http2(connection), is_new));
        }
        let connection = Http1::new(connection, key.clone(), &self.pool).await;
        Ok((Open::Http1(connection.map_err(unconnected)?), true))
    }
}
