//! Checks workflows with actionlint, which knows the syntax of GitHub Actions, the types of its expressions, and with
//! shellcheck the scripts: those of this repository, and those that workspaces without settings get at the root of a
//! repository and in a subfolder.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use attache_codegen::workspace::workflow::{self, Action};

use super::Outside;
use crate::tools;

pub(super) fn lint(outside: &Outside) -> Result<bool> {
    let other = tools::target(&outside.workspace).join("outside/workflow");
    for workspace in [other.clone(), other.join("rust")] {
        let settings = workspace.join("models/attache.toml");
        // A folder of this name makes the root of a repository. Without it, that would be this repository.
        fs::create_dir_all(other.join(".git"))
            .and_then(|()| fs::create_dir_all(workspace.join("models")))
            .and_then(|()| fs::write(&settings, ""))
            .with_context(|| format!("could not write {}", settings.display()))?;
        workflow::github(&workspace, Action::Overwrite)?;
    }
    let mut files = Vec::new();
    for workspace in [&outside.workspace, &other] {
        let folder = workspace.join(".github/workflows");
        let unreadable = || format!("could not read {}", folder.display());
        for entry in fs::read_dir(&folder).with_context(unreadable)? {
            files.push(entry.with_context(unreadable)?.path());
        }
    }
    files.sort();
    let status = Command::new(outside.environment.program("actionlint"))
        .arg("-no-color")
        .arg("-shellcheck")
        .arg(outside.environment.program("shellcheck"))
        .args(&files)
        .status()
        .context("could not run actionlint")?;
    println!("{} workflows", files.len());
    Ok(status.success())
}
