//! `cargo xtask demo`: everything that a user comes for, in one readable minute.
//!
//! It is an example of `attache-evidence`, which any reader can take apart. This command makes sure that it runs what the
//! models say, and builds it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::arguments::Arguments;
use crate::partitions;

const HELP: &str = "\
cargo xtask demo

Checks that the generated crates are fresh, starts the local services, and shows on them what the clients and the
attachment workflows do. It needs no network, no account and nothing installed.
";

/// Runs the command with its arguments.
///
/// # Errors
/// Generated crates that are not fresh; a demo that does not build or does not succeed.
pub fn command(workspace: &Path, mut arguments: Arguments) -> Result<String> {
    if arguments.flag("--help") || arguments.flag("-h") {
        return Ok(HELP.to_owned());
    }
    if let Some(unknown) = arguments.finish()?.first() {
        bail!("`demo` takes no argument `{unknown}`");
    }
    let check = Arguments::new("cargo xtask", "generate", ["--check".to_owned()]);
    if partitions::command(workspace, check)?.differs {
        bail!("the generated crates are not what the models say; run `cargo xtask generate`");
    }
    println!("The generated crates are what the models say.");
    let status = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--package",
            "attache-evidence",
            "--example",
            "demo",
        ])
        .current_dir(workspace)
        .status()
        .context("cargo cannot be started")?;
    if !status.success() {
        bail!("the demo did not succeed");
    }
    Ok(String::new())
}
