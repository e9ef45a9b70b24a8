//! Our programs: those of the package `attache-tests`, which call our clients from a command line, and `attache-local`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::tools;

/// Where the programs are.
#[derive(Debug)]
pub(super) struct Programs(BTreeMap<String, PathBuf>);

impl Programs {
    /// Builds them, and reads their paths from the messages of cargo.
    pub(super) fn build(workspace: &Path) -> Result<Self> {
        let output = Command::new(tools::cargo())
            .current_dir(workspace)
            .args([
                "build",
                "--quiet",
                "--package",
                "attache-tests",
                "--package",
                "attache-local",
                "--bins",
            ])
            .arg("--message-format=json-render-diagnostics")
            .stderr(Stdio::inherit())
            .output()
            .context("could not run cargo")?;
        ensure!(
            output.status.success(),
            "our programs do not build, see above"
        );
        let messages = String::from_utf8_lossy(&output.stdout);
        Ok(Self(messages.lines().filter_map(executable).collect()))
    }

    /// The path of a program.
    pub(super) fn path(&self, name: &str) -> Result<&Path> {
        let path = self.0.get(name);
        Ok(path.with_context(|| format!("there is no program `{name}`"))?)
    }
}

/// The name and the path of a program, where a message of cargo is about one.
fn executable(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = message.get("executable")?.as_str()?;
    let name = message.get("target")?.get("name")?.as_str()?;
    Some((name.to_owned(), path.into()))
}
