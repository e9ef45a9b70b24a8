//! The extension of an HTTP request that tells a transport of a test which request it is.
//!
//! It is added before the request is signed, so it holds no signature, no credentials and no header of an interceptor.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, Method};

use crate::body::ByteStream;
use crate::plumbing::message::RequestMarks;
use crate::plumbing::operation::Operation;
use crate::telemetry::View;

type AnyRequest = dyn Any + Send + Sync;

/// A copy of a request as the caller made it, with its idempotency token.
#[derive(Clone)]
pub struct Copied {
    value: Arc<AnyRequest>,
    show: fn(&AnyRequest, &mut fmt::Formatter<'_>) -> fmt::Result,
}

impl Copied {
    /// A copy of a request.
    pub fn new<R: fmt::Debug + Send + Sync + 'static>(request: R) -> Self {
        Self {
            value: Arc::new(request),
            show: show::<R>,
        }
    }

    /// The request, if it is of this type.
    pub(super) fn get<R: Send + Sync + 'static>(&self) -> Option<Arc<R>> {
        Arc::clone(&self.value).downcast().ok()
    }
}

fn show<R: fmt::Debug + 'static>(
    request: &AnyRequest,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match request.downcast_ref::<R>() {
        Some(request) => request.fmt(formatter),
        None => Ok(()),
    }
}

impl fmt::Debug for Copied {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.show)(&*self.value, formatter)
    }
}

/// A copy of a stream that is in memory; of another one an empty stream.
pub fn copied_stream(stream: &ByteStream) -> ByteStream {
    stream
        .in_memory()
        .cloned()
        .map(ByteStream::from)
        .unwrap_or_default()
}

/// An extension of an HTTP request: the operation, the request, and the message that was made of it.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) operation: &'static Operation,
    /// `None` from a client crate without the feature `test-util`.
    pub(crate) request: Option<Copied>,
    pub(crate) message: Arc<Message>,
    pub(crate) view: View,
}

/// The head of a message, and what of it must not be shown, before it is signed.
pub(crate) struct Message {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) marks: RequestMarks,
}
