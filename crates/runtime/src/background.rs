//! One thread that drives the timers of all calls and most of their connections, whichever runtime the calls are made on.
//!
//! A socket or a timer of Tokio belongs to the runtime on which it was created, and makes no progress while that
//! runtime is not driven: between two `block_on` of a `current_thread` runtime, after the runtime was dropped, and in
//! code without a runtime. A client can outlive runtimes: it may be a static, a field of a test, or shared by threads
//! with short-lived runtimes. Therefore timers and sockets belong to a runtime of this crate, which
//! is driven as long as the program runs. Only the socket of a call over HTTP/1.1 may belong to the runtime of that call
//! (`transport/hyper/home.rs`). Calls stay on the executor of the caller; the sockets and timers wake them.

use std::io;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::texts::ToText as _;
use crate::threads;

/// The runtime, which is started when it is first needed.
///
/// # Errors
/// The system refuses a thread or another resource of the runtime. The next call tries again.
pub(crate) fn handle() -> io::Result<&'static Handle> {
    static HANDLE: OnceLock<Handle> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    if let Some(handle) = HANDLE.get() {
        return Ok(handle);
    }
    let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    match HANDLE.get() {
        Some(handle) => Ok(handle),
        None => {
            let handle = start(thread::Builder::new().name("attache-connections".to_text()))?;
            Ok(HANDLE.get_or_init(|| handle))
        }
    }
}

/// Starts the thread.
fn start(thread: thread::Builder) -> io::Result<Handle> {
    let runtime = Builder::new_current_thread()
        .thread_name("attache-blocking")
        .enable_all()
        .build()?;
    let handle = runtime.handle().clone();
    let driven = Driven(Some(runtime));
    threads::start(thread, Box::new(move || driven.drive()))?;
    Ok(handle)
}

/// The runtime of the thread. If there is no thread, it is dropped where it was made, perhaps inside of another runtime,
/// where a drop that waits panics.
struct Driven(Option<Runtime>);

impl Driven {
    fn drive(&self) {
        if let Some(runtime) = &self.0 {
            runtime.block_on(std::future::pending::<()>());
        }
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Runs a task on the thread. All tasks are of one type, so that the code of Tokio's tasks is compiled once. Returns whether
/// there is a thread.
#[cfg(any(feature = "hyper", feature = "credential-chain"))]
#[inline(never)]
pub(crate) fn spawn(task: crate::BoxFuture<'static, ()>) -> bool {
    match handle() {
        Ok(handle) => {
            handle.spawn(task);
            true
        }
        Err(_) => false,
    }
}

/// Sleeps on the background runtime, so that the sleep ends even if the runtime of the caller is dropped. If a test has
/// paused or advanced Tokio's clock, the sleep uses the clock of the test's runtime.
pub(crate) async fn sleep(duration: std::time::Duration) {
    let background = if is_clock_of_test() {
        None
    } else {
        handle().ok()
    };
    let sleep = {
        let _entered = background.map(Handle::enter);
        tokio::time::sleep(duration)
    };
    sleep.await;
}

/// Tokio's clock is the system's monotonic clock, unless its feature `test-util` has stopped it.
#[inline(never)]
fn is_clock_of_test() -> bool {
    let before = std::time::Instant::now();
    let now = tokio::time::Instant::now().into_std();
    let after = std::time::Instant::now();
    now < before || after < now
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{is_clock_of_test, sleep, start};

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_refused_thread_is_an_error_inside_of_a_runtime_too() {
        // No system has that much memory for a stack.
        let refused = std::thread::Builder::new().stack_size(1 << 60);
        assert!(start(refused).is_err());
    }

    #[test]
    fn a_sleep_needs_no_runtime() {
        assert!(!is_clock_of_test());
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        // Without the time driver, where `tokio::time::sleep` panics.
        let runtime = runtime.expect("a runtime can be made");
        runtime.block_on(sleep(Duration::from_millis(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_under_a_paused_clock_takes_no_time() {
        assert!(is_clock_of_test());
        let before = tokio::time::Instant::now();
        sleep(Duration::from_secs(3_600)).await;
        assert!(before.elapsed() >= Duration::from_secs(3_600));
        assert!(is_clock_of_test());
    }
}
