//! One after the other: work on a file that must not be done twice at once in this process.
//!
//! Two clients of one program know nothing of each other, but they share the files of the user. Whoever has the turn does
//! the work, and the others look at the file again when it is theirs. Each does its own work, so that one that is dropped,
//! or whose runtime ends, leaves the turn to the others.

use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::task::{Poll, Waker};

use crate::credentials::flight::lock;
use crate::environment::Environment;

/// The files that somebody works on, each with its machine, and who waits for them.
static TURNS: Mutex<Vec<(File, Vec<Waker>)>> = Mutex::new(Vec::new());

type File = (usize, PathBuf);

/// The right to work on a file, until it is dropped.
pub(super) struct Turn(File);

impl Turn {
    /// Waits for the turn.
    pub(super) async fn on(environment: &dyn Environment, path: &Path) -> Self {
        let file = (environment.machine(), path.to_owned());
        poll_fn(|context| {
            let mut turns = lock(&TURNS);
            let Some((_, waiting)) = turns.iter_mut().find(|(taken, _)| *taken == file) else {
                turns.push((file.clone(), Vec::new()));
                return Poll::Ready(());
            };
            if !waiting.iter().any(|known| known.will_wake(context.waker())) {
                waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
        Self(file)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut turns = lock(&TURNS);
        let place = turns.iter().position(|(file, _)| *file == self.0);
        let waiting = place.map(|place| turns.swap_remove(place).1);
        drop(turns);
        // All are woken: any one of them may be gone.
        waiting.into_iter().flatten().for_each(Waker::wake);
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
    fn the_turn_goes_to_who_waits_when_it_is_dropped_and_other_files_are_free() {
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
        // What the second poll gave was dropped with it.
        assert!(is_free(&one, "/a"));
    }
}
