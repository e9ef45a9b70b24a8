//! Compares the requests and responses of our clients and of botocore, call by call: see `xtask/outside/wire.py`.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Outside;
use crate::config::services;

/// The status with which the script says that it found differences; others are failures of its own.
const DIFFERENCES: i32 = 1;

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    let services = services(&outside.workspace.join("models"))?;
    let status = Command::new(outside.environment.python())
        .arg(outside.script("wire.py"))
        .args(&outside.plan)
        .arg(outside.program("wire")?)
        .args(services.iter().map(|service| &service.name))
        .status()
        .context("could not run wire.py")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(DIFFERENCES) => Ok(false),
        _ => bail!("wire.py failed ({status}), see above"),
    }
}
