//! The contestant `official` for S3: see [`program`].

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    bench_measure::main::<program::Program>(None)
}
