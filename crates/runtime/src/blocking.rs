//! Waiting for calls on a thread without a runtime.
//!
//! The background thread drives the connections of blocking calls as it drives those of all others, so that they are
//! kept alive between calls.

use std::future::Future;

/// Runs a future to its end on this thread.
///
/// # Panics
/// When it is called from asynchronous code, or when the system refuses the background thread.
pub fn wait<F: Future>(future: F) -> F::Output {
    crate::background::handle()
        .expect("the system provides a background thread for blocking calls")
        .block_on(future)
}
