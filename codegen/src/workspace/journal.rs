//! The journal of a command: the changes of a workspace, recorded before they are made.
//!
//! A foreign repository could contain a journal and thereby write arbitrary files: a git hook, or a file that the user
//! has not committed. A journal therefore contains the identity of its folder in the file system, and is executed only
//! there.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::place::Root;
use super::{mark, read};

/// The changes, with paths relative to the workspace. Making them twice has the same result.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    /// The folder that it was written in: see [`identity`].
    folder: String,
    /// The number of a staged file, and its target.
    pub(super) moves: Vec<(usize, PathBuf)>,
    /// Generated files that are stale, and files of models that are removed.
    pub(super) deletions: Vec<PathBuf>,
}

impl Journal {
    /// The journal of an interrupted command.
    ///
    /// # Errors
    /// A file that is not a journal.
    pub(super) fn read(path: &Path) -> Result<Option<Self>> {
        let Some(text) = read::optional(path, read::SOURCE_LIMIT)? else {
            return Ok(None);
        };
        let journal: Self = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a journal: remove it", path.display()))?;
        ensure!(
            journal.folder == identity(path)?,
            "{} was not written here, but came with a copy of the workspace: remove it",
            path.display()
        );
        Ok(Some(journal))
    }

    /// Writes it under another name first, and then renames it, so that no incomplete journal is read.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn write(&mut self, path: &Path) -> Result<()> {
        self.folder = identity(path)?;
        let text = serde_json::to_string(self)?;
        let draft = path.with_extension("draft");
        remove(&draft)?;
        create(&draft, text.as_bytes())?;
        fs::rename(&draft, path).with_context(|| format!("could not write {}", path.display()))
    }

    /// Whether no file has its final name yet.
    pub(super) fn is_untouched(&self, staging: &Path) -> bool {
        let is_staged = |(number, _): &(usize, PathBuf)| staging.join(number.to_string()).is_file();
        !self.moves.is_empty() && self.moves.iter().all(is_staged)
    }

    /// Makes the recorded changes. Files that already have their final names are skipped.
    ///
    /// # Errors
    /// A target that cannot be written.
    pub(super) fn carry_out(&self, root: &Root, staging: &Path) -> Result<()> {
        for (number, place) in &self.moves {
            let staged = staging.join(number.to_string());
            let place = root.file(&root.real().join(place))?;
            let is_staged = fs::symlink_metadata(&staged).is_ok_and(|found| found.is_file());
            if is_staged {
                if let Some(folder) = place.parent() {
                    fs::create_dir_all(folder)
                        .with_context(|| format!("could not create {}", folder.display()))?;
                }
                put(&staged, &place)?;
            }
        }
        for below in &self.deletions {
            let place = root.file(&root.real().join(below))?;
            if mark::is_generated_file(&place) || is_of_a_model(below) {
                remove(&place)?;
            }
        }
        Ok(())
    }
}

/// Whether a path in the workspace is that of a file that commands write beside a model. These files have no mark.
fn is_of_a_model(path: &Path) -> bool {
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    matches!(
        parts.as_slice(),
        [
            "models",
            _,
            "model.json" | "names.json" | "overlay.json" | "prose.json"
        ]
    )
}

/// Identifies the folder of a file, and no copy of it: its number in the file system and its creation time, as far as the
/// system has them.
///
/// # Errors
/// A folder that cannot be read.
fn identity(path: &Path) -> Result<String> {
    let folder = path.parent().unwrap_or(path);
    let unreadable = || format!("could not read {}", folder.display());
    let metadata = fs::symlink_metadata(folder).with_context(unreadable)?;
    let made = metadata.created().ok();
    let made = made.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Ok(format!(
        "{}/{}",
        number(&metadata),
        made.unwrap_or_default().as_nanos()
    ))
}

#[cfg(unix)]
fn number(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> u64 {
    0
}

/// Creates a file that does not exist yet.
///
/// # Errors
/// A file that exists, or cannot be written.
pub(super) fn create(path: &Path, contents: &[u8]) -> Result<()> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(contents)
    };
    write().with_context(|| format!("could not write {}", path.display()))
}

/// Removes a file, if it exists.
///
/// # Errors
/// A file that cannot be removed.
pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not delete {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Moves a staged file to its final name. On another file system, it is first copied to a file beside it.
fn put(staged: &Path, place: &Path) -> Result<()> {
    let replaced = match fs::rename(staged, place) {
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {
            let mut name = place.file_name().unwrap_or_default().to_owned();
            name.push(".attache-new");
            let beside = place.with_file_name(name);
            let is_ours = fs::symlink_metadata(&beside).is_ok_and(|found| found.is_file());
            ensure!(
                is_ours || !beside.exists(),
                "{} is in the way: remove it",
                beside.display()
            );
            remove(&beside)?;
            create(&beside, &fs::read(staged)?)?;
            // Its absence says that the file has its final name.
            fs::rename(&beside, place).and_then(|()| fs::remove_file(staged))
        }
        other => other,
    };
    replaced.with_context(|| format!("could not replace {}", place.display()))
}
