//! A connection of HTTP/1.1. The call that uses it also drives it.
//!
//! hyper splits a connection into a sender of requests and a driver, which reads and writes. A driver with a task of its own
//! costs two switches between threads for each request, which is more than everything else of a small call (see
//! docs/decisions/0090). Therefore the call polls the driver itself, on its own thread, and so does whoever reads the body
//! of the response. The runtime to which the socket belongs wakes the task that does so.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::header::HOST;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, Uri};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::runtime::Handle;
use tokio::task::unconstrained;

#[cfg(feature = "http2")]
use super::calls::Call;
use super::connection::Connection;
use super::home::Home;
use super::outgoing::Outgoing;
use super::pool::{Key, Pool, Reusable, Watch};
use super::relay::Relay;
use super::socket::Announcement;
use super::unanswered::Unanswered;
use super::upload::Upload;
use crate::background;
use crate::body::BoxError;
use crate::endpoint::without_default_port;
use crate::headers;

/// An open connection.
pub(super) struct Http1 {
    sender: SendRequest<Outgoing>,
    driver: Driver,
    /// What wakes the task of the call.
    relay: Relay,
    /// Whether requests are read by a proxy, and contain whole URLs.
    at_proxy: bool,
    announcement: Announcement,
    upload: Upload,
    key: Key,
    /// Where it is kept between two calls.
    pool: Weak<Pool<Self>>,
    /// What is told of events on the connection while it is kept.
    watch: Arc<Watch<Self>>,
}

impl Http1 {
    /// Uses `connection` for requests.
    ///
    /// # Errors
    /// None at present: nothing is sent.
    pub(super) async fn new(
        connection: Connection,
        key: Key,
        pool: &Arc<Pool<Self>>,
    ) -> Result<Box<Self>, hyper::Error> {
        let at_proxy = connection.is_at_proxy();
        let announcement = connection.announcement();
        let upload = connection.upload();
        let (sender, driver) = http1::handshake(TokioIo::new(connection)).await?;
        Ok(Box::new(Self {
            sender,
            driver: Driver(Some(driver)),
            relay: Relay::default(),
            at_proxy,
            announcement,
            upload,
            key,
            pool: Arc::downgrade(pool),
            watch: pool.watch(),
        }))
    }

    /// Sends a request, and returns the head of the response and what reads its body.
    pub(super) async fn send(
        mut self: Box<Self>,
        mut request: Request<Outgoing>,
    ) -> Result<Response<Reading>, Unanswered> {
        self.address(&mut request);
        request.body_mut().tell(&self.upload);
        self.announcement.announce(Home::of_caller());
        let mut answer = pin!(self.sender.try_send_request(request));
        let Self { driver, relay, .. } = &mut *self;
        let answer = poll_fn(|context| {
            relay.poll(context, |context| {
                driver.drive(context);
                answer.as_mut().poll(context)
            })
        });
        let response = answer.await.map_err(Unanswered::new)?;
        if self.upload.is_over() {
            return Ok(response.map(|body| Reading::new(body, self)));
        }
        // The rest of the request must not wait until somebody reads the response.
        self.finish_elsewhere();
        Ok(response.map(Reading::undriven))
    }

    /// Sets the header `Host`, and the URL in the form that the server expects (RFC 9112, section 3.2).
    fn address(&self, request: &mut Request<Outgoing>) {
        if !headers::has(request.headers(), &HOST)
            && let Some(host) = host_header(request.uri())
        {
            headers::insert(request.headers_mut(), HOST, host);
        }
        if !self.at_proxy {
            let path = request.uri().path_and_query().cloned();
            let path = path.unwrap_or_else(|| PathAndQuery::from_static("/"));
            *request.uri_mut() = Uri::from(path);
        }
    }

    /// Keeps the connection for another call. If something is left to be read or written, this is first done by the
    /// background runtime.
    #[inline(never)]
    fn release(mut self: Box<Self>) {
        if self.is_open() {
            self.keep();
        } else if self.driver.is_running() {
            self.finish_elsewhere();
        }
    }

    /// Lets the background runtime do what is left to be done.
    #[inline(never)]
    fn finish_elsewhere(self: Box<Self>) {
        self.relay.forget();
        self.announcement.change_to(Home::BACKGROUND);
        background::spawn(Box::pin(self.finish()));
    }

    async fn finish(mut self: Box<Self>) {
        poll_fn(|context| {
            self.driver.drive(context);
            match self.sender.poll_ready(context) {
                // It is closed, and may have something left to write.
                Poll::Ready(Err(_)) if self.driver.is_running() => Poll::Pending,
                ready => ready.map(|_| ()),
            }
        })
        .await;
        if self.is_open() {
            self.keep();
        }
    }

    fn keep(self: Box<Self>) {
        self.relay.forget();
        match self.pool.upgrade() {
            Some(pool) => pool.keep(self),
            None => self.close(),
        }
    }
}

impl Reusable for Http1 {
    fn key(&self) -> &Key {
        &self.key
    }

    fn watch(&self) -> &Watch<Self> {
        &self.watch
    }

    fn is_open(&mut self) -> bool {
        self.watch.begin();
        let waker = Waker::from(Arc::clone(&self.watch));
        // The task of the caller may have used up its budget, and the socket would then not be looked at.
        let driving = pin!(unconstrained(poll_fn(|context| {
            self.driver.drive(context);
            Poll::Ready(())
        })));
        let _ready = driving.poll(&mut Context::from_waker(&waker));
        self.driver.is_running() && self.sender.is_ready()
    }

    fn close(self: Box<Self>) {
        let Self {
            sender, mut driver, ..
        } = *self;
        // A driver to which nobody can give requests says goodbye, which TLS requires (RFC 8446, section 6.1), also if the
        // task of the caller has used up its budget.
        drop(sender);
        let goodbye = unconstrained(poll_fn(move |context| {
            driver.drive(context);
            Poll::Ready(())
        }));
        if is_ending() {
            background::spawn(Box::pin(goodbye));
            return;
        }
        let _said = pin!(goodbye).poll(&mut Context::from_waker(Waker::noop()));
    }
}

/// What reads and writes; `None` if the connection has ended.
struct Driver(Option<http1::Connection<TokioIo<Connection>, Outgoing>>);

impl Driver {
    /// Reads and writes what is possible now.
    fn drive(&mut self, context: &mut Context<'_>) {
        let Some(driver) = &mut self.0 else {
            return;
        };
        // The body of a request may need timers and threads.
        let _entered = background::handle().ok().map(|handle| handle.enter());
        if Pin::new(driver).poll(context).is_ready() {
            self.0 = None;
        }
    }

    fn is_running(&self) -> bool {
        self.0.is_some()
    }
}

/// The body of a response, and the connection on which it arrives.
pub(super) struct Reading {
    body: Option<Incoming>,
    /// The connection until the body is over, unless a task drives it.
    connection: Option<Box<Http1>>,
    /// What counts the call on a connection of HTTP/2, until the body is over.
    #[cfg(feature = "http2")]
    call: Option<Call>,
}

impl Reading {
    fn new(body: Incoming, connection: Box<Http1>) -> Self {
        let mut reading = Self {
            body: Some(body),
            connection: Some(connection),
            #[cfg(feature = "http2")]
            call: None,
        };
        if reading.is_end_stream() {
            reading.release();
        }
        reading
    }

    /// A body that arrives on a connection which a task drives.
    pub(super) fn undriven(body: Incoming) -> Self {
        Self {
            body: Some(body),
            connection: None,
            #[cfg(feature = "http2")]
            call: None,
        }
    }

    /// The same, for a call that is counted by this.
    #[cfg(feature = "http2")]
    pub(super) fn of_call(mut self, call: Call) -> Self {
        if !self.is_end_stream() {
            self.call = Some(call);
        }
        self
    }

    #[inline(never)]
    fn release(&mut self) {
        #[cfg(feature = "http2")]
        drop(self.call.take());
        if let Some(connection) = self.connection.take() {
            connection.release();
        }
    }

    fn poll_body(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let Some(connection) = &mut self.connection else {
            return Pin::new(body).poll_frame(context);
        };
        let Http1 { driver, relay, .. } = &mut **connection;
        relay.poll(context, |context| {
            let frame = Pin::new(&mut *body).poll_frame(context);
            if frame.is_ready() {
                return frame;
            }
            // The body now waits for data, so the driver reads some.
            driver.drive(context);
            Pin::new(&mut *body).poll_frame(context)
        })
    }
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = self.poll_body(context);
        match &frame {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(_))) if !self.is_end_stream() => {}
            Poll::Ready(_) => self.release(),
        }
        frame.map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(SizeHint::default, HttpBody::size_hint)
    }
}

impl Drop for Reading {
    /// The driver sees that nobody reads the rest. It reads what has arrived, or closes the connection.
    #[inline(never)]
    fn drop(&mut self) {
        self.body = None;
        match self.connection.take() {
            Some(connection) if is_ending() => connection.finish_elsewhere(),
            Some(connection) => connection.release(),
            None => {}
        }
    }
}

/// The host and port of a URL in the form that is signed, and without a user (RFC 9110, section 7.2).
fn host_header(url: &Uri) -> Option<HeaderValue> {
    let authority = url.authority()?.as_str();
    let host = authority.rsplit('@').next()?;
    HeaderValue::from_str(without_default_port(url.scheme()?, host)).ok()
}

/// Whether this thread is about to end, and drops its variables: it has no place any more for Tokio's state, so the background
/// runtime must poll what is left.
fn is_ending() -> bool {
    Handle::try_current().is_err_and(|error| error.is_thread_local_destroyed())
}

#[cfg(test)]
mod tests {
    use super::host_header;

    #[test]
    fn a_host_is_named_without_a_user_and_without_the_port_of_the_scheme() {
        for (url, host) in [
            ("http://a.example/x", "a.example"),
            ("http://a.example:80/", "a.example"),
            ("https://a.example:443/", "a.example"),
            ("https://a.example:80/", "a.example:80"),
            ("http://user:word@a.example:81/", "a.example:81"),
            ("https://[2001:db8::443]/", "[2001:db8::443]"),
            ("https://[2001:db8::1]:443/", "[2001:db8::1]"),
        ] {
            let header = host_header(&url.parse().expect("a URL"));
            assert_eq!(header.expect("it has a host"), host, "{url}");
        }
    }
}
