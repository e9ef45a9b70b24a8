//! A lock for each file, for work that must not be done concurrently in this process.
//!
//! Two clients of one program share no state, but they share the files of the user. The client with the turn does the
//! work, and the others read the file again when they get the turn. Each client drives its own work, so if one is
//! dropped, the turn passes to the others, at once or when the work is finished elsewhere.

use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::task::{Poll, Waker};

use crate::credentials::flight::lock;
use crate::environment::Environment;

/// The files that are in use, each with its machine, and the waiting callers.
static TURNS: Mutex<Vec<(File, Vec<Waker>)>> = Mutex::new(Vec::new());

type File = (usize, PathBuf);

/// Where a file is among those in use. Its name is always made in the same way, so its bytes are compared.
fn place(turns: &[(File, Vec<Waker>)], (machine, path): &File) -> Option<usize> {
    let mut place = 0;
    loop {
        let ((other_machine, other), _) = turns.get(place)?;
        if other_machine == machine && other.as_os_str() == path.as_os_str() {
            return Some(place);
        }
        place += 1;
    }
}

/// The right to work on a file, until it is dropped.
pub(super) struct Turn(File);

impl Turn {
    /// Waits for the turn.
    pub(super) async fn on(environment: &dyn Environment, path: &Path) -> Self {
        let file = (environment.machine(), path.to_owned());
        poll_fn(|context| {
            let mut turns = lock(&TURNS);
            let Some(place) = place(&turns, &file) else {
                turns.push((file.clone(), Vec::new()));
                return Poll::Ready(());
            };
            let waiting = &mut turns[place].1;
            for known in &*waiting {
                if known.will_wake(context.waker()) {
                    return Poll::Pending;
                }
            }
            waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await;
        Self(file)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut turns = lock(&TURNS);
        let Some(place) = place(&turns, &self.0) else {
            return;
        };
        let (_, waiting) = turns.swap_remove(place);
        drop(turns);
        // All of them are woken, because any of them may have been dropped.
        for waker in &waiting {
            waker.wake_by_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::path::Path;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::Turn;
    use crate::FixedEnvironment;

    #[test]
    fn a_dropped_turn_passes_to_a_waiting_caller_and_other_files_are_free() {
        let mut context = Context::from_waker(Waker::noop());
        let mut is_free = |environment: &FixedEnvironment, path| {
            let turn = pin!(Turn::on(environment, Path::new(path)));
            turn.poll(&mut context).is_ready()
        };
        let (one, other) = (FixedEnvironment::default(), FixedEnvironment::default());
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(first) = pin!(Turn::on(&one, Path::new("/a"))).poll(&mut context) else {
            panic!("it is free")
        };
        let mut second = pin!(Turn::on(&one, Path::new("/a")));
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert!(is_free(&one, "/b"));
        assert!(is_free(&other, "/a"));
        assert!(!is_free(&one, "/a"));
        drop(first);
        assert!(second.as_mut().poll(&mut context).is_ready());
        // The turn of the second poll was dropped with it.
        assert!(is_free(&one, "/a"));
    }
}
