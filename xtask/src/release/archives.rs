//! Packs all crates as they would be published, and builds what was packed.
//!
//! cargo serves the crates that depend on each other from a registry of its own, in which nothing is published yet. It
//! takes a crate for what had the same version the last time, both when it unpacks and when it compiles, so an older run's
//! sources would be built: what that left behind goes first.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use anyhow::{Context, Result};

use super::package::Package;
use crate::tools;

/// Packs and builds the crates. cargo prints what it finds.
///
/// # Errors
/// cargo cannot be run, and what an earlier run left cannot be removed.
pub(super) fn problems(
    workspace: &Path,
    packages: &[Package],
    allow_dirty: bool,
) -> Result<Option<String>> {
    for package in packages {
        forget(workspace, &package.name)?;
    }
    let names = packages
        .iter()
        .flat_map(|package| ["--package", package.name.as_str()]);
    let status = Command::new(tools::cargo())
        .current_dir(workspace)
        .args(["package", "--locked"])
        .args(allow_dirty.then_some("--allow-dirty"))
        .args(names)
        // As in this workspace: what is built already is not built again.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .status()
        .context("could not run cargo")?;
    Ok((!status.success()).then(|| "`cargo package` failed, see above".to_owned()))
}

/// Removes what earlier runs unpacked and compiled of a crate.
fn forget(workspace: &Path, name: &str) -> Result<()> {
    for registry in entries(&cargo_home()?.join("registry/src"))? {
        if is_own(&registry) {
            for folder in entries(&registry)? {
                let is_of_crate = file_name(&folder)
                    .strip_prefix(name)
                    .and_then(|rest| rest.strip_prefix('-'))
                    .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
                if is_of_crate {
                    remove(&folder)?;
                }
            }
        }
    }
    let built = tools::target(workspace).join("debug");
    let prefix = name.replace('-', "_") + "-";
    for notes in entries(&built.join("deps"))? {
        let file = file_name(&notes);
        let hash = file
            .strip_prefix(&prefix)
            .and_then(|rest| rest.strip_suffix(".d"));
        let from_registry =
            || fs::read_to_string(&notes).is_ok_and(|text| text.contains("registry/src/-"));
        if let Some(hash) = hash
            && from_registry()
        {
            remove(&built.join(".fingerprint").join(format!("{name}-{hash}")))?;
        }
    }
    Ok(())
}

/// Whether a folder of unpacked crates is that of cargo's own registry, which has no host.
fn is_own(registry: &Path) -> bool {
    file_name(registry).starts_with('-')
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// What is in a folder, where there is one.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("could not read {}", folder.display());
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.with_context(unreadable)?,
    };
    let paths = listed.map(|entry| entry.map(|entry| entry.path()));
    paths.collect::<io::Result<_>>().with_context(unreadable)
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not delete {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Where cargo keeps what it downloads and unpacks.
fn cargo_home() -> Result<PathBuf> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = || env::home_dir().map(|home| home.join(".cargo"));
    named
        .or_else(home)
        .context("there is neither CARGO_HOME nor a home folder")
}
