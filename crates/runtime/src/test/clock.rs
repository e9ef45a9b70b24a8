//! A timer for transports that respond at once: no pause takes time.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::BoxFuture;
use crate::timer::Timer;

/// A [`Timer`] whose time passes only when everything waits for it, and then at once: retries and waiters do not wait.
///
/// The shortest pause ends first, so a limit of time is reached only by the pauses below it. This timer is not for
/// transports that wait for something else, such as a network: their calls would reach their limits at once.
#[derive(Clone, Debug, Default)]
pub struct InstantTimer(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    now: Duration,
    /// The pauses that are waited for: their ends with a number, and who waits.
    pauses: BTreeMap<(Duration, u64), Waker>,
    next: u64,
}

impl InstantTimer {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Timer for InstantTimer {
    fn elapsed(&self) -> Duration {
        self.state().now
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.state();
        state.next += 1;
        let key = (state.now.saturating_add(duration), state.next);
        drop(state);
        Box::pin(Pause {
            timer: self.clone(),
            key,
            has_yielded: false,
        })
    }
}

/// A pause: its end, and a number that makes it unique.
struct Pause {
    timer: InstantTimer,
    key: (Duration, u64),
    has_yielded: bool,
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let timer = self.timer.clone();
        let mut state = timer.state();
        if self.key.0 <= state.now {
            state.pauses.remove(&self.key);
            return Poll::Ready(());
        }
        state.pauses.insert(self.key, context.waker().clone());
        let is_first = state.pauses.keys().next() == Some(&self.key);
        if !is_first {
            return Poll::Pending;
        }
        // Others may be about to begin a shorter pause.
        if !std::mem::replace(&mut self.has_yielded, true) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        state.now = self.key.0;
        state.pauses.remove(&self.key);
        Poll::Ready(())
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        let mut state = self.timer.state();
        state.pauses.remove(&self.key);
        // The next one is the first now.
        let next = state.pauses.values().next().cloned();
        drop(state);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}
