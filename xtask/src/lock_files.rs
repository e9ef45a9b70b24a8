//! The lock files of this repository after `cargo xtask update`: they hold the versions of the crates, which it raises.
//!
//! `attache update` writes manifests. Cargo updates a lock file when it builds its workspace, but `.ci/run` builds with
//! `--locked`, and nobody builds the separate workspaces after each update.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::tools;

/// Updates the versions of the repository's own crates in all lock files that git lists. Other packages keep their
/// versions. Returns the text to print.
///
/// # Errors
/// git or cargo that fails; for cargo, with the command to run again.
pub fn update(workspace: &Path) -> Result<String> {
    let mut changed = Vec::new();
    for lock in listed(workspace)? {
        let path = workspace.join(&lock);
        let manifest = lock.replace(".lock", ".toml");
        let before = std::fs::read(&path).ok();
        let status = Command::new(tools::cargo())
            .args(["update", "--quiet", "--workspace", "--manifest-path"])
            .arg(workspace.join(&manifest))
            .status()
            .context("could not run cargo")?;
        ensure!(
            status.success(),
            "{lock} could not be updated, see above: run `cargo update --workspace --manifest-path {manifest}`"
        );
        if std::fs::read(&path).ok() != before {
            changed.push(lock);
        }
    }
    Ok(match changed.as_slice() {
        [] => String::new(),
        changed => format!("wrote {}\n", changed.join(", ")),
    })
}

/// The lock files of the repository, with `/`.
fn listed(workspace: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .current_dir(workspace)
        .args(["ls-files", "-z", "--", "Cargo.lock", "*/Cargo.lock"])
        .output()
        .context("could not run git")?;
    ensure!(output.status.success(), "git could not list the lock files");
    let names = String::from_utf8(output.stdout).context("git lists a name that is not UTF-8")?;
    let names = names.split('\0').filter(|name| !name.is_empty());
    Ok(names.map(str::to_owned).collect())
}
