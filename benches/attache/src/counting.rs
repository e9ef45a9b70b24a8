//! The contestant `attache` with an allocator that counts. Counting takes time, so this is a separate program that is
//! not timed.

#[cfg_attr(feature = "disk", path = "disk.rs")]
mod attachments;
mod program;

use std::process::ExitCode;

use bench_measure::counting::{Allocator, allocated};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::system();

fn main() -> ExitCode {
    bench_measure::main::<program::Program>(Some(|| allocated(&ALLOCATOR)))
}
