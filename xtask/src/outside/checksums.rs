//! Compares checksums and signed chunks with botocore: see `xtask/outside/checksum_cases.py`.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Outside;
use super::environment::Environment;

/// The status with which the script says that it found differences; others are failures of its own.
const DIFFERENCES: i32 = 1;

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    // awscrt, which this environment has, computes two of the algorithms for botocore.
    let environment = Environment::of_signatures(&outside.workspace)?;
    let status = Command::new(environment.python())
        .arg(outside.script("checksum_cases.py"))
        .args(&outside.plan)
        .arg(outside.program("checksums")?)
        .status()
        .context("could not run checksum_cases.py")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(DIFFERENCES) => Ok(false),
        _ => bail!("checksum_cases.py failed ({status}), see above"),
    }
}
