//! Our programs: those of the package `attache-tests`, which call our clients from a command line, `attache-local`, and
//! `attache`.

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
    /// Builds the programs that call our clients and serve them.
    pub(super) fn build(workspace: &Path) -> Result<Self> {
        let packages = ["attache-tests", "attache-stream-tests", "attache-local"];
        let options = packages.map(|package| ["--package", package]);
        Self::build_with(workspace, options.as_flattened())
    }

    /// Builds the program `attache`, which downloads.
    pub(super) fn attache(workspace: &Path) -> Result<Self> {
        let options = ["--package", "attache-codegen"];
        let features = ["--no-default-features", "--features", "fetch"];
        Self::build_with(workspace, &[options.as_slice(), &features].concat())
    }

    /// Builds programs, and reads their paths from the messages of cargo.
    fn build_with(workspace: &Path, options: &[&str]) -> Result<Self> {
        let output = Command::new(tools::cargo())
            .current_dir(workspace)
            .args(["build", "--quiet", "--bins"])
            .args(options)
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
