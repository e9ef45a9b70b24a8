//! Compares signatures with those of AWS's C library and of botocore: see `xtask/outside/signatures.py`.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Outside;
use super::environment::Environment;

/// The status with which the script says that it found differences; others are failures of its own.
const DIFFERENCES: i32 = 1;

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    let environment = Environment::of_signatures(&outside.workspace)?;
    let status = Command::new(environment.python())
        .arg(outside.script("signatures.py"))
        .args(&outside.plan)
        .arg(outside.program("signatures")?)
        .status()
        .context("could not run signatures.py")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(DIFFERENCES) => Ok(false),
        _ => bail!("signatures.py failed ({status}), see above"),
    }
}
