//! What connects the two directions of an exchange.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use crate::body::BoxError;

/// What the two directions of an exchange know of each other: the response ends the request, and a failure of the
/// request is that of the exchange.
#[derive(Clone, Default)]
pub(crate) struct InputControl(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    failure: Option<BoxError>,
    is_closed: bool,
    waker: Option<Waker>,
}

impl InputControl {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the request failed, if it did.
    pub(super) fn take_failure(&self) -> Option<BoxError> {
        self.state().failure.take()
    }

    /// Keeps the failure of the request.
    pub(super) fn fail(&self, failure: BoxError) {
        self.state().failure = Some(failure);
    }

    fn close(&self) {
        let waker = {
            let mut state = self.state();
            state.is_closed = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether the response has ended. If not, the task is woken when it does.
    pub(super) fn is_closed(&self, context: &Context<'_>) -> bool {
        let mut state = self.state();
        if !state.is_closed {
            state.waker = Some(context.waker().clone());
        }
        state.is_closed
    }
}

/// Ends the request when it is dropped.
pub(crate) struct InputGuard(pub(crate) InputControl);

impl Drop for InputGuard {
    fn drop(&mut self) {
        self.0.close();
    }
}
