//! The contestant `floor` with its allocations counted, which takes time that nobody should be charged with.

mod program;

use std::process::ExitCode;

use bench_measure::counting::{Allocator, allocated};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::system();

fn main() -> ExitCode {
    bench_measure::main::<program::Program>(Some(|| allocated(&ALLOCATOR)))
}
