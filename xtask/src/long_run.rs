//! `cargo xtask long-run`: what is left of a million calls.
//!
//! The run itself is a program of `attache-tests`, which the test `long_run` shares; it prints as it goes.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::arguments::Arguments;

const HELP: &str = "\
cargo xtask long-run [--calls N]

Makes N calls (1000000 without the option, a multiple of ten) with one client to a loopback server that throttles, fails,
and closes connections now and then. Prints resident memory, descriptors, threads and live allocations at the start, after
every tenth, and at the end, and fails where a case was opened twice.
";

/// Runs the command with its arguments.
///
/// # Errors
/// A program that does not build or does not succeed.
pub fn command(workspace: &Path, mut arguments: Arguments) -> Result<String> {
    if arguments.flag("--help") || arguments.flag("-h") {
        return Ok(HELP.to_owned());
    }
    let calls = arguments.option("--calls")?;
    if let Some(unknown) = arguments.finish()?.first() {
        bail!("`long-run` takes no argument `{unknown}`");
    }
    let status = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--package", "attache-tests"])
        .args(["--bin", "long_run", "--"])
        .arg(calls.as_deref().unwrap_or("1000000"))
        .current_dir(workspace)
        .status()
        .context("cargo cannot be started")?;
    if !status.success() {
        bail!("the run did not succeed");
    }
    Ok(String::new())
}
