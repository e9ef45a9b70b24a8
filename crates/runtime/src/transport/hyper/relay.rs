//! Wakes the task of a call, but not while that task polls its connection.
//!
//! The sender, the driver and the bodies of hyper wake each other, and one task polls all of them. If it was woken by what it
//! does itself, it would be polled once more for nothing, and a runtime with several threads would wake another thread for
//! that. Therefore a wake-up during a poll that finds nothing only repeats the poll, and reaches the task after some repeats.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// A bit of the state: the task is polling.
const POLLING: u8 = 1;
/// A bit of the state: somebody woke the task since its poll began.
const WOKEN: u8 = 2;

/// How often a poll is repeated before other tasks get their turn.
const REPEATS: usize = 2;

/// Stands between a connection and the task that drives it.
pub(super) struct Relay {
    task: Arc<Task>,
    /// Of `task`.
    waker: Waker,
}

struct Task {
    state: AtomicU8,
    waker: Mutex<Option<Waker>>,
}

impl Default for Relay {
    #[inline(never)]
    fn default() -> Self {
        let task = Arc::new(Task {
            state: AtomicU8::new(0),
            waker: Mutex::new(None),
        });
        Self {
            waker: Waker::from(Arc::clone(&task)),
            task,
        }
    }
}

impl Relay {
    /// Polls for the task of `context`, which is woken by what happens later.
    pub(super) fn poll<T>(
        &self,
        context: &mut Context<'_>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        self.task.keep(Some(context.waker()));
        let state = &self.task.state;
        for _ in 0..=REPEATS {
            // Who has set `WOKEN`, which this clears, has done before what the poll then sees.
            state.swap(POLLING, Ordering::AcqRel);
            let polled = poll(&mut Context::from_waker(&self.waker));
            if polled.is_ready() {
                state.swap(0, Ordering::AcqRel);
                return polled;
            }
            let quiet = state.compare_exchange(POLLING, 0, Ordering::AcqRel, Ordering::Acquire);
            if quiet.is_ok() {
                return Poll::Pending;
            }
        }
        state.swap(0, Ordering::AcqRel);
        context.waker().wake_by_ref();
        Poll::Pending
    }

    /// Forgets the task, whose memory would otherwise stay while the connection waits for another call.
    pub(super) fn forget(&self) {
        self.task.keep(None);
    }
}

impl Task {
    fn waker(&self) -> std::sync::MutexGuard<'_, Option<Waker>> {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a copy of a waker, in place of the one before. Wakers run code of an executor, which must not find the lock taken.
    fn keep(&self, waker: Option<&Waker>) {
        if let (Some(known), Some(waker)) = (&*self.waker(), waker)
            && known.will_wake(waker)
        {
            return;
        }
        let waker = waker.cloned();
        let before = std::mem::replace(&mut *self.waker(), waker);
        drop(before);
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    #[inline(never)]
    fn wake_by_ref(self: &Arc<Self>) {
        let before = self.state.fetch_or(WOKEN, Ordering::AcqRel);
        if before & POLLING != 0 {
            return;
        }
        // The next poll gives another one.
        let waker = self.waker().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Count {
        fn get(&self) -> usize {
            self.0.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn a_wake_up_during_a_poll_repeats_it_and_a_later_one_wakes_the_task() {
        let (relay, count) = (Relay::default(), Arc::new(Count::default()));
        let waker = Waker::from(Arc::clone(&count));
        let mut context = Context::from_waker(&waker);
        let (mut polls, mut kept) = (0, None);
        let polled = relay.poll(&mut context, |context| {
            polls += 1;
            if polls == 1 {
                context.waker().wake_by_ref();
            }
            kept = Some(context.waker().clone());
            Poll::<()>::Pending
        });
        assert!(polled.is_pending());
        assert_eq!((polls, count.get()), (2, 0));
        let kept = kept.expect("it was polled");
        kept.wake_by_ref();
        assert_eq!(count.get(), 1);
        // Who is ready is asked again by whoever wants more.
        let polled = relay.poll(&mut context, |context| {
            context.waker().wake_by_ref();
            Poll::Ready(7)
        });
        assert_eq!((polled, count.get()), (Poll::Ready(7), 1));
        relay.forget();
        kept.wake();
        assert_eq!(count.get(), 1);
        assert_eq!(Arc::strong_count(&count), 2);
    }

    #[test]
    fn what_always_wakes_itself_leaves_a_turn_to_others() {
        let (relay, count) = (Relay::default(), Arc::new(Count::default()));
        let waker = Waker::from(Arc::clone(&count));
        let mut polls = 0;
        let polled = relay.poll(&mut Context::from_waker(&waker), |context| {
            polls += 1;
            context.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        assert!(polled.is_pending());
        assert_eq!((polls, count.get()), (1 + REPEATS, 1));
    }

    #[test]
    fn a_wake_up_by_another_thread_is_never_lost() {
        for _ in 0..200 {
            let relay = Relay::default();
            let set = Arc::new(std::sync::atomic::AtomicBool::new(false));
            let (sender, wakers) = std::sync::mpsc::channel::<Waker>();
            let other = std::thread::spawn({
                let set = Arc::clone(&set);
                move || {
                    let waker = wakers.recv().expect("it polls");
                    set.store(true, Ordering::SeqCst);
                    waker.wake();
                }
            });
            let (done, woken) = std::sync::mpsc::channel();
            let mut sender = Some(sender);
            let waker = Waker::from(Arc::new(Signal(done)));
            let mut poll = |context: &mut Context<'_>| {
                if let Some(sender) = sender.take() {
                    sender.send(context.waker().clone()).expect("it receives");
                }
                match set.load(Ordering::SeqCst) {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            };
            while relay
                .poll(&mut Context::from_waker(&waker), &mut poll)
                .is_pending()
            {
                woken
                    .recv_timeout(std::time::Duration::from_secs(20))
                    .expect("it is woken");
            }
            other.join().expect("it ends");
        }
    }

    struct Signal(std::sync::mpsc::Sender<()>);

    impl Wake for Signal {
        fn wake(self: Arc<Self>) {
            // The test may have ended.
            let _ = self.0.send(());
        }
    }
}
