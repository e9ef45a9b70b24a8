//! Bar charts of the record, for the guide and the front page. A program of the benches draws them, because only it needs
//! a plotting library.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::tools;

/// Where the charts are.
const FOLDER: &str = "docs/guide/src/pictures";
/// The page that lists them.
const PAGE: &str = "docs/guide/src/charts.md";
/// What they show.
const RECORD: &str = "benches/RESULTS.md";

/// Draws the charts of the sections that the record has, deletes those of others, and lists them on their page.
///
/// # Errors
/// A program that does not build, and a section of the record that lacks a figure.
pub(super) fn draw(workspace: &Path) -> Result<()> {
    let status = Command::new(tools::cargo())
        .args(["run", "--quiet", "--package", "bench-pictures"])
        .args(["--manifest-path", "benches/Cargo.toml", "--target-dir"])
        .arg(tools::target(workspace).join("bench"))
        .args(["--", RECORD, FOLDER, PAGE])
        .current_dir(workspace)
        .status()
        .context("could not run cargo")?;
    ensure!(status.success(), "the charts were not drawn, see above");
    Ok(())
}

/// The charts that are not drawn from the present record, as messages.
///
/// # Errors
/// Files that cannot be read.
pub fn outdated(workspace: &Path) -> Result<Vec<String>> {
    let record = fs::read_to_string(workspace.join(RECORD)).context(RECORD)?;
    let current = format!("{RECORD}, SHA-256 {}.", tools::text_hash(&record));
    let mut outdated = Vec::new();
    let mut paths = vec![workspace.join(PAGE)];
    for entry in fs::read_dir(workspace.join(FOLDER)).context(FOLDER)? {
        paths.push(entry?.path());
    }
    for path in paths {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let made = text.lines().take(3).find(|line| line.contains(RECORD));
        if made.is_some_and(|made| !made.contains(&current)) {
            outdated.push(format!(
                "{} is not drawn from the present {RECORD}; run `cargo xtask bench --pictures`",
                path.display()
            ));
        }
    }
    Ok(outdated)
}
