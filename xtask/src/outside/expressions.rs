//! Compares compiled expressions with the package jmespath: see `xtask/outside/expressions.py`.
//!
//! A client has no JMESPath: an expression is code of the operation whose responses it reads. So the script writes a service with
//! an operation and a waiter for each expression, and the waiters are judged as [`super::waiters`] does.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::scratch::Scratch;
use super::{Outside, differential, waiters};

/// The service, as the script writes it.
const SERVICE: &str = "expressions";

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    let data = differential::installed(&outside.workspace, &outside.environment)?;
    let scratch = Scratch::make(&outside.workspace, "expressions")?;
    let written = scratch.folder.join("data");
    fs::create_dir_all(&written)
        .with_context(|| format!("could not create {}", written.display()))?;
    write(outside, &data, &written)?;
    waiters::compare_services(outside, &scratch, &written, &[SERVICE])
}

/// Writes the service.
fn write(outside: &Outside, data: &Path, written: &Path) -> Result<()> {
    let status = Command::new(outside.environment.python())
        .arg(outside.script("expressions.py"))
        .args(&outside.plan)
        .arg("--data")
        .arg(data)
        .arg(written)
        .status()
        .context("could not run expressions.py")?;
    ensure!(
        status.success(),
        "expressions.py failed ({status}), see above"
    );
    Ok(())
}
