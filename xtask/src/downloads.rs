//! Commands that download: the program `attache` runs them, so that only they build HTTP and TLS.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use attache_codegen::workspace::Outcome;

use crate::tools;

/// Runs the arguments of `cargo xtask` with the program `attache`, built with the feature `fetch`. It prints by itself.
///
/// # Errors
/// cargo that cannot be run.
pub fn run(workspace: &Path) -> Result<Outcome> {
    let status = Command::new(tools::cargo())
        .args(["run", "--quiet", "--package", "attache-codegen"])
        .args([
            "--no-default-features",
            "--features",
            "fetch",
            "--bin",
            "attache",
        ])
        .arg("--manifest-path")
        .arg(workspace.join("Cargo.toml"))
        .arg("--")
        .args(env::args_os().skip(1))
        .status()
        .context("could not run cargo")?;
    Ok(Outcome {
        text: String::new(),
        status: status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1),
    })
}
