//! Compares messages of event streams with botocore: see `xtask/outside/frames.py`.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Outside;

/// The status with which the script says that it found differences; others are failures of its own.
const DIFFERENCES: i32 = 1;
/// How many random streams are compared.
const CASES: &str = "2000";

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    let status = Command::new(outside.environment.python())
        .arg(outside.script("frames.py"))
        .arg(outside.program("frames")?)
        .args([CASES, "7"])
        .status()
        .context("could not run frames.py")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(DIFFERENCES) => Ok(false),
        _ => bail!("frames.py failed ({status}), see above"),
    }
}
