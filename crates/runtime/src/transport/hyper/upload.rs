//! Whether a request has been sent completely, which hyper does not tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

/// What is left to be sent of the request on a connection.
#[derive(Clone, Debug)]
pub(super) struct Upload(Arc<Left>);

impl Default for Upload {
    fn default() -> Self {
        Self(Arc::new(Left::default()))
    }
}

#[derive(Debug, Default)]
struct Left {
    /// hyper has not read all of the body.
    body: AtomicBool,
    /// The connection takes no more bytes for now.
    bytes: AtomicBool,
}

impl Upload {
    /// Begins with a body. The guard is dropped with it.
    pub(super) fn begin(&self) -> Unread {
        self.0.body.store(true, Ordering::Release);
        Unread(self.clone())
    }

    /// Notes whether bytes were written.
    pub(super) fn note<T>(&self, written: &Poll<T>) {
        self.0.bytes.store(written.is_pending(), Ordering::Release);
    }

    /// Whether nothing is left.
    pub(super) fn is_over(&self) -> bool {
        !self.0.body.load(Ordering::Acquire) && !self.0.bytes.load(Ordering::Acquire)
    }
}

/// Belongs to a body that is not read completely.
#[derive(Debug)]
pub(super) struct Unread(Upload);

impl Drop for Unread {
    fn drop(&mut self) {
        self.0.0.body.store(false, Ordering::Release);
    }
}
