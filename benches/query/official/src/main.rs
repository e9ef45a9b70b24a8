//! The contestant `official` for EC2 and STS: see [`program`].

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    bench_measure::main::<program::Program>(None)
}
