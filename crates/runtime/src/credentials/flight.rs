//! A shared piece of work for which many callers wait.
//!
//! The waiting callers poll it, so it needs no task and runs on any executor. If a caller is dropped, the others
//! continue. If the last one is dropped, the work is dropped as well, and the next caller starts again instead of
//! continuing stale work.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};

use crate::BoxFuture;

/// Work in progress, or its result.
pub(crate) struct Flight<T> {
    work: Mutex<Work<T>>,
    /// Whether the work is done. It is separate from `work`, whose lock is held while the work is polled.
    done: AtomicBool,
    waiting: Arc<Waiting>,
}

enum Work<T> {
    Running(BoxFuture<'static, T>),
    Done(T),
}

impl<T: Clone> Flight<T> {
    /// Work that has not begun yet.
    pub(crate) fn new(work: BoxFuture<'static, T>) -> Arc<Self> {
        Arc::new(Self {
            work: Mutex::new(Work::Running(work)),
            done: AtomicBool::new(false),
            waiting: Arc::new(Waiting::default()),
        })
    }

    /// Waits for the result. The flight exists as long as a caller waits.
    pub(crate) fn join(self: Arc<Self>) -> Join<T> {
        Join(self)
    }

    /// Whether the result is available.
    pub(crate) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }
}

/// Waits for a flight.
pub(crate) struct Join<T>(Arc<Flight<T>>);

impl<T: Clone> Future for Join<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let flight = &self.0;
        // This comes before the work is polled, so that no wake-up is lost.
        flight.waiting.add(context.waker());
        let mut work = lock(&flight.work);
        let result = match &mut *work {
            Work::Done(result) => return Poll::Ready(result.clone()),
            Work::Running(future) => {
                let waker = Waker::from(flight.waiting.clone());
                match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(result) => result,
                }
            }
        };
        *work = Work::Done(result.clone());
        flight.done.store(true, Ordering::Release);
        drop(work);
        flight.waiting.wake_all();
        Poll::Ready(result)
    }
}

/// All waiting callers. All of them are woken, because the one that polls the work may have been dropped.
#[derive(Default)]
struct Waiting(Mutex<Vec<Waker>>);

impl Waiting {
    fn add(&self, waker: &Waker) {
        let mut wakers = lock(&self.0);
        for known in &*wakers {
            if known.will_wake(waker) {
                return;
            }
        }
        wakers.push(waker.clone());
    }

    fn wake_all(&self) {
        let wakers = std::mem::take(&mut *lock(&self.0));
        for waker in &wakers {
            waker.wake_by_ref();
        }
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_all();
    }
}

/// A panic of a provider must not affect later callers.
#[inline(never)]
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    match mutex.lock() {
        Ok(guard) => guard,
        Err(poisoned) => poisoned.into_inner(),
    }
}
