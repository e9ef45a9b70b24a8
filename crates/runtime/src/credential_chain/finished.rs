//! Work that must not stop half-way, although nobody waits for its result any more.
//!
//! It is not begun on the background thread: under a paused clock, a test's runtime would take the wait for a reason to
//! advance the clock.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::BoxFuture;

/// A future that the background thread finishes if it is dropped after its first poll. Without the feature `tokio` there is
/// no such thread, and it is dropped like any other.
pub(super) struct Finished<T: Send + 'static> {
    /// `None` after its end.
    work: Option<BoxFuture<'static, T>>,
    begun: bool,
}

impl<T: Send + 'static> Finished<T> {
    pub(super) fn new(work: BoxFuture<'static, T>) -> Self {
        Self {
            work: Some(work),
            begun: false,
        }
    }
}

impl<T: Send + 'static> Future for Finished<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.begun = true;
        let Some(work) = &mut self.work else {
            return Poll::Pending;
        };
        let polled = work.as_mut().poll(context);
        if polled.is_ready() {
            self.work = None;
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Finished<T> {
    fn drop(&mut self) {
        let work = self.work.take().filter(|_| self.begun);
        #[cfg(feature = "tokio")]
        if let Some(work) = work {
            crate::background::spawn(Box::pin(async {
                work.await;
            }));
        }
        #[cfg(not(feature = "tokio"))]
        drop(work);
    }
}
