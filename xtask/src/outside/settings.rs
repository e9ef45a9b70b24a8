//! Compares how our clients and botocore read an environment and its profile files: see `xtask/outside/settings.py`.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Outside;

/// The status with which the script says that it found differences; others are failures of its own.
const DIFFERENCES: i32 = 1;

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    let status = Command::new(outside.environment.python())
        .arg(outside.script("settings.py"))
        .args(&outside.plan)
        .arg(outside.program("settings")?)
        .status()
        .context("could not run settings.py")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(DIFFERENCES) => Ok(false),
        _ => bail!("settings.py failed ({status}), see above"),
    }
}
