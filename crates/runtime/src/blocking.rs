//! Waiting for calls on a thread without a runtime.
//!
//! One background thread drives the connections of every blocking call, so that they are kept alive between calls as
//! they are in asynchronous code.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// Runs a future to its end on this thread.
///
/// # Panics
/// When it is called from asynchronous code, or when the system refuses the background thread.
pub fn wait<F: Future>(future: F) -> F::Output {
    runtime().block_on(future)
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("attache-blocking")
            .enable_all()
            .build()
            .expect("the system gives a background thread for blocking calls")
    })
}
