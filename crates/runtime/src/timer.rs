//! Measuring time: pauses between attempts, and time limits of calls.
//!
//! It is separate from [`TimeSource`](crate::TimeSource), which returns the current time: that clock may be set while a
//! call runs, this one only moves forward. Both can be replaced, so that no test has to wait.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use crate::BoxFuture;

/// Measures time and waits.
pub trait Timer: fmt::Debug + Send + Sync {
    /// The time since a fixed moment of this program run.
    fn elapsed(&self) -> Duration;

    /// A future that is ready after this time. Nothing happens before it is polled.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The timer of Tokio, driven by a thread of this crate: it needs no runtime. If a test has paused the clock of its
/// runtime (`tokio::time::pause`), that clock is used.
#[cfg(feature = "tokio")]
#[derive(Clone, Copy, Debug)]
pub struct TokioTimer {
    start: tokio::time::Instant,
}

#[cfg(feature = "tokio")]
impl Default for TokioTimer {
    fn default() -> Self {
        Self {
            start: tokio::time::Instant::now(),
        }
    }
}

#[cfg(feature = "tokio")]
impl Timer for TokioTimer {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(crate::background::sleep(duration))
    }
}

/// Runs a future with a time limit; `None` if the limit was reached.
///
/// It takes a reference, because a future that is passed by value is stored twice in the resulting future.
pub async fn within<F: Future>(
    timer: &dyn Timer,
    limit: Duration,
    mut future: Pin<&mut F>,
) -> Option<F::Output> {
    let mut sleep = timer.sleep(limit);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => sleep.as_mut().poll(context).map(|()| None),
    })
    .await
}
