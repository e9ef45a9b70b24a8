//! The reason why the body of a request failed.
//!
//! A transport reports the failure of a body in words of its own, or as a broken connection. Both would be taken for a
//! failure of the network, and the call be repeated. A service does not act on a request whose body has no end.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::body::{Body, BoxError, ByteStream};
use crate::error::{ErrorKind, Failure};
use crate::transport::RequiresHttp2;

/// What the source of a body failed with.
type Cause = Arc<Mutex<Option<BoxError>>>;

/// The source of a streamed body.
pub(super) struct Source(Option<Cause>);

impl Source {
    /// Watches the body of a request. Events have a record of their own.
    pub(super) fn of(request: &mut http::Request<Body>) -> Self {
        let has_events = request.extensions().get::<RequiresHttp2>().is_some();
        match request.body_mut() {
            Body::Stream(stream) if !has_events => {
                let cause = Cause::default();
                let watched = Watched {
                    stream: std::mem::take(stream),
                    cause: Arc::clone(&cause),
                };
                *stream = ByteStream::new(watched);
                Self(Some(cause))
            }
            _ => Self(None),
        }
    }

    /// The cause of a failure without a response: that of the source, if it failed.
    pub(super) fn cause(&self, failure: Failure) -> Failure {
        let Some(cause) = &self.0 else {
            return failure;
        };
        if failure.status().is_some() {
            return failure;
        }
        match cause.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => of_source(error),
            None => failure,
        }
    }
}

/// The failure of a call whose source failed.
pub(super) fn of_source(error: BoxError) -> Failure {
    Failure::new(ErrorKind::Request, BodyFailed(error))
}

struct Watched {
    stream: ByteStream,
    cause: Cause,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.stream).poll_frame(context));
        let Some(Err(error)) = frame else {
            return Poll::Ready(frame);
        };
        let mut cause = self.cause.lock().unwrap_or_else(PoisonError::into_inner);
        *cause = Some(error);
        Poll::Ready(Some(Err("the source of the body failed".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.stream.size_hint()
    }
}

/// The source of the body failed.
#[derive(Debug)]
struct BodyFailed(BoxError);

impl std::fmt::Display for BodyFailed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("its body could not be read to the end")
    }
}

impl std::error::Error for BodyFailed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}
