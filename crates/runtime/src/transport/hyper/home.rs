//! To which runtime a socket belongs.
//!
//! A socket of Tokio belongs to one runtime, which drives it and wakes who waits for it. The runtime of the background thread
//! exists as long as the program, but it is another thread, which wakes that of the call. A task of a runtime with
//! threads of its own is woken by the thread that then runs it, if the socket belongs to that runtime. See docs/decisions/0090.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use tokio::runtime::{self, Handle, RuntimeFlavor};
use tokio::task;

use crate::background;

/// The runtimes of this program that have threads and no I/O. Tokio shows that only by a panic.
static WITHOUT_IO: Mutex<Vec<runtime::Id>> = Mutex::new(Vec::new());

/// A runtime for sockets: one with threads of its own, or `None`, that of the background thread.
#[derive(Clone, Debug)]
pub(super) struct Home(Option<Handle>);

impl Home {
    pub(super) const BACKGROUND: Self = Self(None);

    /// The runtime of the task that calls, if it has threads of its own. They drive a socket even if the task waits for something
    /// else. A call outside of a task, as in `block_on`, is woken by another thread in any case.
    ///
    /// Where a panic cannot be caught, it is the background thread.
    #[inline(never)]
    pub(super) fn of_caller() -> Self {
        if !cfg!(panic = "unwind") || task::try_id().is_none() {
            return Self::BACKGROUND;
        }
        let caller = Handle::try_current().ok();
        Self(caller.filter(|caller| caller.runtime_flavor() == RuntimeFlavor::MultiThread))
    }

    /// `None` is the background thread.
    pub(super) fn id(&self) -> Option<runtime::Id> {
        self.0.as_ref().map(Handle::id)
    }

    /// Registers a socket there.
    ///
    /// # Errors
    /// Of `register`, or that the runtime has no I/O. That is known by a panic, which is caught, and happens once for a
    /// runtime.
    pub(super) fn register(&self, mut register: impl FnMut() -> io::Result<()>) -> io::Result<()> {
        let Some(runtime) = &self.0 else {
            let _entered = background::handle()?.enter();
            return register();
        };
        let without_io = || WITHOUT_IO.lock().unwrap_or_else(PoisonError::into_inner);
        let id = runtime.id();
        if without_io().contains(&id) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let registered = catch_unwind(AssertUnwindSafe(|| {
            let _entered = runtime.enter();
            register()
        }));
        registered.unwrap_or_else(|_| {
            without_io().push(id);
            Err(io::ErrorKind::Unsupported.into())
        })
    }
}
