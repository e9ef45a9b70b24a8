//! A workspace below `target/outside` for temporary client crates.
//!
//! It has the dependencies and lints of this workspace, uses the runtime by path, and begins without a service. All
//! scratch workspaces share one build of the dependencies.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use toml_edit::{Array, DocumentMut, InlineTable, value};

use crate::tools;

/// The package that the client crates depend on.
const RUNTIME: &str = "attache-runtime";

/// The most characters of what cargo says that are kept.
const COMPLAINT: usize = 4_000;

/// A workspace without services, as `add` finds one.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(crate) folder: PathBuf,
    build: PathBuf,
}

impl Scratch {
    /// Deletes the workspace and creates it again.
    pub(crate) fn make(workspace: &Path, name: &str) -> Result<Self> {
        let outside = tools::target(workspace).join("outside");
        let folder = outside.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("could not delete {}", folder.display()))?;
        }
        let models = folder.join("models");
        fs::create_dir_all(&models)
            .with_context(|| format!("could not create {}", models.display()))?;
        let read = |file: &str| {
            let path = workspace.join(file);
            fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))
        };
        let scratch = Self {
            folder,
            build: outside.join("build"),
        };
        scratch.write("Cargo.toml", &manifest(workspace, &read("Cargo.toml")?)?)?;
        scratch.write("Cargo.lock", &read("Cargo.lock")?)?;
        scratch.settle(workspace)?;
        Ok(scratch)
    }

    /// Writes the settings of a workspace without services.
    pub(crate) fn settle(&self, workspace: &Path) -> Result<()> {
        let models = self.folder.join("models");
        fs::create_dir_all(&models)
            .with_context(|| format!("could not create {}", models.display()))?;
        let file = "models/attache.toml";
        let path = workspace.join(file);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("could not read {}", path.display()))?;
        self.write(file, &settings(&text)?)
    }

    /// Writes a file of the workspace.
    pub(crate) fn write(&self, file: &str, text: &str) -> Result<()> {
        let path = self.folder.join(file);
        fs::write(&path, text).with_context(|| format!("could not write {}", path.display()))
    }

    /// Reads a file of the workspace.
    pub(crate) fn read(&self, file: &str) -> Result<String> {
        let path = self.folder.join(file);
        fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))
    }

    /// Builds a package whose program has the same name; returns the path of that.
    pub(crate) fn build(&self, package: &str) -> Result<PathBuf> {
        self.cargo(&["build", "--package", package])?;
        Ok(self.build.join("debug").join(package))
    }

    /// Runs cargo in the workspace, with its errors on the terminal. Returns how long it took.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Result<Duration> {
        self.cargo_with(arguments, "")
    }

    /// Runs cargo in the workspace; returns what it says, if that is anything.
    pub(crate) fn complaint(&self, arguments: &[&str]) -> Result<Option<String>> {
        let output = Command::new(tools::cargo())
            .current_dir(&self.folder)
            // clippy is a program of its own, which takes the option only behind its name.
            .args(arguments)
            .arg("--quiet")
            .env("CARGO_TARGET_DIR", &self.build)
            .output()
            .context("could not run cargo")?;
        let text = String::from_utf8_lossy(&output.stderr);
        let is_fine = output.status.success() && text.trim().is_empty();
        Ok((!is_fine).then(|| text.chars().take(COMPLAINT).collect()))
    }

    /// The same with flags for rustdoc.
    pub(crate) fn cargo_with(&self, arguments: &[&str], rustdoc: &str) -> Result<Duration> {
        let start = Instant::now();
        let status = Command::new(tools::cargo())
            .current_dir(&self.folder)
            .arg("--quiet")
            .args(arguments)
            .env("CARGO_TARGET_DIR", &self.build)
            .env("RUSTDOCFLAGS", rustdoc)
            .status()
            .context("could not run cargo")?;
        ensure!(
            status.success(),
            "`cargo {}` failed in {}, see above",
            arguments.join(" "),
            self.folder.display()
        );
        Ok(start.elapsed())
    }
}

/// How many lines the Rust sources below a folder have.
pub(crate) fn lines(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in
        fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            count += lines(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            count += fs::read_to_string(&path)?.lines().count();
        }
    }
    Ok(count)
}

/// The settings of this workspace for all crates, without the services.
fn settings(text: &str) -> Result<String> {
    let mut document: DocumentMut = text.parse().context("models/attache.toml is no TOML")?;
    document.remove("service");
    Ok(document.to_string())
}

/// The manifest of this workspace, changed for another folder: with other members, and the path of the runtime.
fn manifest(workspace: &Path, text: &str) -> Result<String> {
    let mut document: DocumentMut = text.parse().context("Cargo.toml is no TOML")?;
    document["workspace"]["members"] = value(Array::from_iter(["crates/*"]));
    // Profiles name packages that only our tests need.
    document.remove("profile");
    let dependencies = document["workspace"]["dependencies"]
        .as_table_mut()
        .context("Cargo.toml has no workspace.dependencies")?;
    // The paths of this workspace's packages would be wrong there.
    dependencies.retain(|name, item| {
        name == RUNTIME
            || item
                .as_inline_table()
                .is_none_or(|table| !table.contains_key("path"))
    });
    let folder = fs::canonicalize(workspace.join("crates/runtime"))
        .context("there is no runtime in crates/runtime")?;
    let runtime: &mut InlineTable = dependencies[RUNTIME]
        .as_inline_table_mut()
        .with_context(|| format!("Cargo.toml does not contain {RUNTIME}"))?;
    runtime.insert("path", folder.to_string_lossy().into_owned().into());
    Ok(document.to_string())
}
