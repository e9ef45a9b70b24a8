//! `cargo xtask demo`: shows the main features in less than a minute.
//!
//! The demo is an example of `attache-evidence`. This command checks that the generated crates are up to date, and
//! builds and runs it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::partitions;
use crate::reconcile::Mode;

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    clap::Command::new("demo")
        .about("Show what the clients and workflows do, on local services")
        .long_about(
            "Checks that the generated crates are fresh, starts the local services, and shows on them\n\
             what the clients and the attachment workflows do. It needs no network, no account and\n\
             nothing installed.",
        )
}

/// Runs the command.
///
/// # Errors
/// Generated crates that are not fresh; a demo that does not build or does not succeed.
pub fn command(workspace: &Path) -> Result<String> {
    if partitions::generate(workspace, Mode::Check)?.differs {
        bail!("the generated crates do not match the models; run `cargo xtask generate`");
    }
    println!("The generated crates match the models.");
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
