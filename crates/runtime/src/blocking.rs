//! Waiting for calls on a thread without a runtime.
//!
//! The background thread drives the connections of blocking calls as it drives those of all others, so that they are
//! kept alive between calls.
//!
//! A thread that drives an async runtime must not wait: nothing else of the runtime would run on it. Tokio panics there;
//! the functions of this crate return an error. `tokio::task::spawn_blocking` and `block_in_place` provide threads that
//! may wait, although `Handle::try_current` finds a runtime on them. What tells these threads from those that poll tasks
//! is Tokio's budget of a task, which is unlimited where blocking is permitted.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use tokio::runtime::Handle;
use tokio::task::coop::consume_budget;

use crate::background;
use crate::error::{ErrorKind, Failure};

/// More than the budget of a task, which is 128 operations in Tokio 1.54.
const PROBES: u32 = 1_024;

/// Runs a future to its end on this thread.
///
/// # Errors
/// Those of the future; [`ErrorKind::Request`] if it is called inside of an async runtime of Tokio, and
/// [`ErrorKind::Connect`] if the system refuses the background thread.
///
/// # Panics
/// Inside of `tokio::task::unconstrained`, which hides from the function that a runtime polls it.
pub fn wait<T, E: From<Failure>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    wait_for("", future)
}

/// The same for a call of this operation.
pub(crate) fn wait_for<T, E: From<Failure>>(
    operation: &'static str,
    future: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let refused = |kind, source| Failure::new(kind, source).during(operation, 0);
    if is_polled_by_tokio() {
        let message = "a blocking function such as `wait` was called inside of an async runtime, whose thread it would \
                       block: use `.await` instead, or call it in `tokio::task::spawn_blocking`";
        return Err(refused(ErrorKind::Request, message.into()).into());
    }
    match background::handle() {
        Ok(handle) => handle.block_on(future),
        Err(error) => Err(refused(ErrorKind::Connect, crate::body::BoxError::from(error)).into()),
    }
}

/// Whether a runtime of Tokio polls a future on this thread now. If so, the budget of its task is used up, and the task
/// yields once.
fn is_polled_by_tokio() -> bool {
    if Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    (0..PROBES).any(|_| pin!(consume_budget()).poll(&mut context).is_pending())
}

#[cfg(test)]
mod tests {
    use std::io;

    use tokio::runtime::{Builder, Runtime};

    use super::wait;
    use crate::error::{ErrorKind, Failure};

    fn answer() -> Result<u32, Failure> {
        wait(async { Ok(7) })
    }

    fn assert_refused(answer: Result<u32, Failure>) {
        let failure = answer.expect_err("it would block the runtime");
        assert_eq!(failure.kind(), ErrorKind::Request);
        let text = format!("{failure:#}");
        assert!(
            text.contains("`.await`") && text.contains("spawn_blocking"),
            "{text}"
        );
    }

    fn runtimes() -> io::Result<[Runtime; 2]> {
        Ok([
            Builder::new_current_thread().enable_all().build()?,
            Builder::new_multi_thread().worker_threads(2).build()?,
        ])
    }

    #[test]
    fn waiting_is_refused_in_every_future_that_a_runtime_polls() -> io::Result<()> {
        for runtime in runtimes()? {
            assert_refused(runtime.block_on(async { answer() }));
            let spawned = async { tokio::spawn(async { answer() }).await };
            assert_refused(runtime.block_on(spawned)?);
            // The second time, the budget is used up already.
            let twice = runtime.block_on(async { [answer(), answer()] });
            twice.into_iter().for_each(assert_refused);
            let set = tokio::task::LocalSet::new();
            assert_refused(set.block_on(&runtime, async { answer() }));
        }
        Ok(())
    }

    #[test]
    fn waiting_is_permitted_where_tokio_permits_blocking() -> io::Result<()> {
        assert_eq!(answer().ok(), Some(7));
        for runtime in runtimes()? {
            let blocking = async { tokio::task::spawn_blocking(answer).await };
            assert_eq!(runtime.block_on(blocking)?.ok(), Some(7));
            let _entered = runtime.enter();
            assert_eq!(answer().ok(), Some(7));
        }
        let [_, many] = runtimes()?;
        let in_place = async { tokio::spawn(async { tokio::task::block_in_place(answer) }).await };
        assert_eq!(many.block_on(in_place)?.ok(), Some(7));
        Ok(())
    }

    #[test]
    fn a_runtime_goes_on_after_a_refused_wait() -> io::Result<()> {
        for runtime in runtimes()? {
            runtime.block_on(async {
                assert_refused(answer());
                tokio::task::yield_now().await;
                let answer = tokio::task::spawn_blocking(answer).await?;
                assert_eq!(answer.ok(), Some(7));
                Ok::<_, io::Error>(())
            })?;
        }
        Ok(())
    }
}
