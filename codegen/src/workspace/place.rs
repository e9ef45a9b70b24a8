//! Where a command may write: below its workspace, and not through links.
//!
//! The names of services, crates and folders come from `models/attache.toml`, which may be part of an untrusted
//! repository. Each path is checked by its parts, and then on disk.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::escape::{is_device, is_hidden};

/// The folder of a workspace.
#[derive(Debug)]
pub(crate) struct Root {
    /// The path that the caller passed.
    given: PathBuf,
    /// The same without links.
    real: PathBuf,
}

impl Root {
    pub(crate) fn new(workspace: &Path) -> Result<Self> {
        let given = if workspace.as_os_str().is_empty() {
            Path::new(".")
        } else {
            workspace
        };
        Ok(Self {
            given: given.to_owned(),
            real: fs::canonicalize(given)
                .with_context(|| format!("could not read {}", given.display()))?,
        })
    }

    /// The folder itself.
    pub(crate) fn real(&self) -> &Path {
        &self.real
    }

    /// The path of a file or a folder, relative to this folder.
    ///
    /// # Errors
    /// A path that is not below the workspace.
    pub(crate) fn relative<'a>(&self, path: &'a Path) -> Result<&'a Path> {
        let below = path
            .strip_prefix(&self.given)
            .or_else(|_| path.strip_prefix(&self.real));
        below
            .ok()
            .filter(|below| is_below(below))
            .with_context(|| format!("{} is not below the workspace", path.display()))
    }

    /// Where a file is written: a path without links.
    ///
    /// # Errors
    /// A path that is not below the workspace or contains a link, and one of something else than a regular file.
    pub(crate) fn file(&self, path: &Path) -> Result<PathBuf> {
        let place = self.real.join(self.relative(path)?);
        if let Some(folder) = place.parent() {
            self.folder(folder)?;
        }
        match fs::symlink_metadata(&place) {
            Ok(found) if found.is_symlink() => Err(link(&place)),
            Ok(found) if found.is_dir() => {
                bail!("could not write {}: it is a folder", place.display())
            }
            Ok(found) => {
                ensure!(
                    found.is_file(),
                    "could not write {}: it exists, and is not a regular file",
                    place.display()
                );
                Ok(place)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(place),
            Err(error) => Err(error).with_context(|| format!("could not read {}", place.display())),
        }
    }

    /// Where a folder is, or may be created: a path without links.
    ///
    /// # Errors
    /// As [`Root::file`].
    pub(crate) fn folder(&self, path: &Path) -> Result<PathBuf> {
        let mut place = self.real.clone();
        for part in self.relative(path)? {
            place.push(part);
            match fs::symlink_metadata(&place) {
                Ok(found) if found.is_symlink() => return Err(link(&place)),
                Ok(found) => ensure!(
                    found.is_dir(),
                    "could not write below {}: it is not a folder",
                    place.display()
                ),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(error)
                        .with_context(|| format!("could not read {}", place.display()));
                }
            }
        }
        Ok(place)
    }
}

fn link(place: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "{} is a symbolic link, and nothing is written through links: replace it by its target",
        place.display()
    )
}

fn is_below(path: &Path) -> bool {
    path.components()
        .all(|part| matches!(part, Component::Normal(_)))
}

/// Checks that each part of a path can be a file on Windows as well.
///
/// # Errors
/// The part that cannot.
pub(crate) fn validate_device(path: &str) -> Result<()> {
    match path.split('/').find(|part| is_device(part)) {
        Some(part) => bail!(
            "`{part}` is the name of a device on Windows, where no file can have it; choose another name"
        ),
        None => Ok(()),
    }
}

/// Checks a folder that settings name: below the workspace, and without control characters in its name.
///
/// # Errors
/// A path outside of the workspace, or with control characters; `key` is the name of the setting.
pub(crate) fn validate_folder(key: &str, folder: &str) -> Result<()> {
    validate_path(key, "folder", folder)
}

/// Checks a path that settings name, as [`validate_folder`] does; `kind` is what must be there.
///
/// # Errors
/// As [`validate_folder`].
pub(crate) fn validate_path(key: &str, kind: &str, path: &str) -> Result<()> {
    ensure!(
        !path.is_empty() && is_below(Path::new(path)) && !path.contains('\\'),
        "`{key}` must be a {kind} below the workspace, not `{path}`"
    );
    ensure!(
        !path.contains(is_hidden),
        "`{key}` has control characters in its name"
    );
    validate_device(path)?;
    Ok(())
}
