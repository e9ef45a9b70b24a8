//! The contestant `attache`: see [`program`].

#[cfg_attr(feature = "disk", path = "disk.rs")]
mod attachments;
mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    bench_measure::main::<program::Program>(None)
}
