//! A program that is written below `target/`, built there, and run: the generated clients with the cases of a suite.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::tools;

/// Writes a file, and the folders that it is in.
///
/// # Errors
/// A place that cannot be written.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("could not create {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("could not write {}", path.display()))
}

/// Gives the program the dependencies of the workspace, so that nothing has to be downloaded.
///
/// # Errors
/// A lock file that cannot be copied.
pub(super) fn lock(workspace: &Path, root: &Path) -> Result<()> {
    let lock = workspace.join("Cargo.lock");
    fs::copy(&lock, root.join("Cargo.lock"))
        .map(drop)
        .with_context(|| format!("could not copy {}", lock.display()))
}

/// Builds the program `name`.
///
/// # Errors
/// Generated code that does not compile; cargo prints what the compiler says.
pub(super) fn build(root: &Path, name: &str) -> Result<Command> {
    let built = Command::new(tools::cargo())
        .args(["build", "--quiet", "--offline", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", root.join("build"))
        .status()
        .context("could not run cargo")?;
    ensure!(built.success(), "the generated code does not compile");
    Ok(Command::new(root.join("build/debug").join(name)))
}

/// Runs a program that prints one JSON value a line.
///
/// # Errors
/// A program that cannot be run, and lines that are not JSON.
pub(super) fn verdicts(program: &mut Command) -> Result<Vec<Value>> {
    let output = program
        .stderr(Stdio::inherit())
        .output()
        .context("could not start the program of the cases")?;
    let text =
        String::from_utf8(output.stdout).context("the program of the cases wrote no UTF-8")?;
    text.lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("not JSON: {line}")))
        .collect()
}
