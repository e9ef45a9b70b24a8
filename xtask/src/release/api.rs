//! Compares the public API of a crate with that of its last release, by cargo-semver-checks.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::package::Package;
use crate::tools;

/// Compares a crate with what a tag holds. The tool prints what it finds.
///
/// # Errors
/// The tool cannot be installed or run.
pub(super) fn problem(workspace: &Path, package: &Package, tag: &str) -> Result<Option<String>> {
    let tool = tools::SEMVER_CHECKS.installed(workspace)?;
    let status = Command::new(&tool)
        .current_dir(workspace)
        .args(["semver-checks", "--color=never"])
        .args(["--package", &package.name, "--baseline-rev", tag])
        .status()
        .with_context(|| format!("could not run {}", tool.display()))?;
    let Package { name, version, .. } = package;
    Ok((!status.success()).then(|| {
        format!(
            "{name}: cargo-semver-checks does not accept {version} after {tag}, see above: raise the version further, \
             or keep the API"
        )
    }))
}
