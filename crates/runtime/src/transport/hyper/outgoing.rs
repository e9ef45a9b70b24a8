//! A request in the form of hyper.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method, Request};
use http_body::{Body as HttpBody, Frame, SizeHint};

#[cfg(feature = "http2")]
use super::calls::Call;
use super::expect::Wait;
use super::upload::{Unread, Upload};
use crate::body::{Body, BoxError, ByteStream};
use crate::headers;

/// The body of a request.
pub(super) struct Outgoing {
    stream: ByteStream,
    wait: Option<Wait>,
    /// Tells the connection when hyper has read all.
    unread: Option<Unread>,
    /// What counts the call on a connection of HTTP/2.
    #[cfg(feature = "http2")]
    call: Option<Call>,
}

impl Outgoing {
    fn new(stream: ByteStream) -> Self {
        Self {
            stream,
            wait: None,
            unread: None,
            #[cfg(feature = "http2")]
            call: None,
        }
    }

    /// Counts the call until the body is dropped. A request that comes back unsent belongs to the next connection.
    #[cfg(feature = "http2")]
    pub(super) fn belong_to(&mut self, call: Call) {
        self.call = Some(call);
    }

    /// Lets the body wait until the server asks for it. An empty one does not.
    pub(super) fn wait_for(&mut self, wait: Wait) {
        if !self.is_end_stream() {
            self.wait = Some(wait);
        }
    }

    /// Tells an upload when the body has been read.
    pub(super) fn tell(&mut self, upload: &Upload) {
        self.unread = Some(upload.begin());
    }
}

/// Sets the body in the form of hyper. hyper sends no length for an empty body, and some servers wait for a body if the
/// method permits one (RFC 9110 section 8.6).
pub(super) fn message(request: Request<Body>) -> Request<Outgoing> {
    let mut request = request.map(|body| match body {
        Body::Bytes(bytes) => Outgoing::new(ByteStream::from(bytes)),
        Body::Stream(stream) => Outgoing::new(stream),
    });
    let expects_body = matches!(
        *request.method(),
        Method::POST | Method::PUT | Method::PATCH
    );
    if expects_body && request.body().is_end_stream() {
        headers::insert(
            request.headers_mut(),
            CONTENT_LENGTH,
            HeaderValue::from_static("0"),
        );
    }
    request
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(wait) = &mut self.wait {
            match ready!(wait.poll(context)) {
                Ok(()) => self.wait = None,
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        Pin::new(&mut self.stream).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        match self.stream.in_memory() {
            Some(bytes) => bytes.is_empty(),
            None => self.stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.stream.size_hint()
    }
}
