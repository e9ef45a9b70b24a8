//! A request in the form of hyper.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method, Request};
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::body::{Body, BoxError, ByteStream};

/// The body of a request.
pub(super) struct Outgoing(ByteStream);

/// Sets the body in the form of hyper. hyper sends no length for an empty body, and some servers wait for a body if the
/// method permits one (RFC 9110 section 8.6).
pub(super) fn message(request: Request<Body>) -> Request<Outgoing> {
    let mut request = request.map(|body| match body {
        Body::Bytes(bytes) => Outgoing(ByteStream::from(bytes)),
        Body::Stream(stream) => Outgoing(stream),
    });
    let expects_body = matches!(
        *request.method(),
        Method::POST | Method::PUT | Method::PATCH
    );
    if expects_body && request.body().is_end_stream() {
        request
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
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
        Pin::new(&mut self.0).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        match self.0.in_memory() {
            Some(bytes) => bytes.is_empty(),
            None => self.0.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
