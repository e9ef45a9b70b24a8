//! Starts threads, with little code: that of the standard library is compiled for each type of what a thread does.

use std::io;
use std::thread::Builder;

/// Starts a thread. If there is none, what it would have done is dropped here.
///
/// # Errors
/// The system refuses a thread.
#[inline(never)]
pub(crate) fn start(thread: Builder, work: Box<dyn FnOnce() + Send>) -> io::Result<()> {
    thread.spawn(work)?;
    Ok(())
}
