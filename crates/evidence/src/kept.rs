//! The state of an upload or a download. The parts of an upload share it, and a listener can save it.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Keep<S> = Box<dyn Fn(&S) + Send + Sync>;

pub(crate) struct Kept<S> {
    state: Mutex<S>,
    keep: Option<Keep<S>>,
}

impl<S> Kept<S> {
    pub(crate) fn new(state: S) -> Self {
        Self {
            state: Mutex::new(state),
            keep: None,
        }
    }

    /// The listener that is called at every [`note`](Self::note).
    pub(crate) fn on_note(&mut self, keep: impl Fn(&S) + Send + Sync + 'static) {
        self.keep = Some(Box::new(keep));
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, S> {
        // A listener that panicked has not touched the state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and calls the listener, so that it can save the state.
    pub(crate) fn note(&self, change: impl FnOnce(&mut S)) {
        let mut state = self.state();
        change(&mut state);
        if let Some(keep) = &self.keep {
            keep(&state);
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Kept<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.fmt(formatter)
    }
}
