//! The tags of releases, `<crate>-v<version>`, and whether a crate has changed since.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

use super::package::Package;

/// What the tags say about a crate.
#[derive(Debug)]
pub(super) enum History {
    /// Its version has no tag yet.
    Due {
        /// The tag of the newest release that this one follows.
        last: Option<String>,
    },
    /// Its version has a tag.
    Released {
        /// Whether its folder differs from what was tagged.
        changed: bool,
    },
}

impl History {
    pub(super) fn is_due(&self) -> bool {
        matches!(self, Self::Due { .. })
    }
}

/// What the tags say about a crate. Tags on other branches count only against setting the same one twice.
///
/// # Errors
/// A folder that git cannot read.
pub(super) fn history(workspace: &Path, package: &Package) -> Result<History> {
    let tag = package.tag();
    if !read(workspace, &["tag", "--list", &tag])?.is_empty() {
        let folder = package.folder.to_string_lossy();
        let difference = run(workspace, &["diff", "--quiet", &tag, "--", &folder])?;
        return Ok(History::Released {
            changed: !difference.status.success(),
        });
    }
    // A name may begin with that of another, so the version begins with a digit.
    let pattern = format!("{}-v[0-9]*", package.name);
    let merged = ["tag", "--list", &pattern, "--merged", "HEAD"];
    let tags = read(
        workspace,
        &[&merged[..], &["--sort=-version:refname"]].concat(),
    )?;
    Ok(History::Due {
        last: tags.lines().next().map(str::to_owned),
    })
}

/// Files that are changed or untracked: what a tag names would not be what was checked.
///
/// # Errors
/// A folder that git cannot read.
pub(super) fn uncommitted(workspace: &Path) -> Result<Vec<String>> {
    let status = read(workspace, &["status", "--porcelain"])?;
    let problem = |line: &str| format!("not committed: {}", line.trim());
    Ok(status.lines().map(problem).collect())
}

/// Sets the tag of a crate's version.
///
/// # Errors
/// A tag that is there already, and a repository that cannot be written.
pub(super) fn create(workspace: &Path, package: &Package) -> Result<()> {
    let message = format!("{} {}", package.name, package.version);
    read(
        workspace,
        &["tag", "--annotate", "--message", &message, &package.tag()],
    )?;
    Ok(())
}

fn run(workspace: &Path, arguments: &[&str]) -> Result<Output> {
    Command::new("git")
        .current_dir(workspace)
        .args(arguments)
        .output()
        .context("could not run git")
}

/// What git prints.
fn read(workspace: &Path, arguments: &[&str]) -> Result<String> {
    let output = run(workspace, arguments)?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`git {}` failed: {}", arguments.join(" "), complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
