//! Writes all files of a command or none.
//!
//! A command prepares everything in memory and stages every file in a folder of its own; when all are staged and a
//! journal lists their final names, it renames them. An error or a kill before that leaves the tree as it was. After a
//! later kill, the next command completes the changes (module `lock`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::journal::{self, Journal};
use super::lock::WriteLock;

/// Files that are staged but do not have their final names yet. They are removed unless they are committed.
#[derive(Debug)]
pub struct Staged<'a> {
    lock: &'a WriteLock,
    journal: Journal,
}

impl<'a> Staged<'a> {
    /// Without files.
    pub fn new(lock: &'a WriteLock) -> Self {
        Self {
            lock,
            journal: Journal::default(),
        }
    }

    /// Writes a file, which gets its name with [`Staged::commit`]. The path begins with that of the workspace.
    ///
    /// # Errors
    /// A file that cannot be written; a path that is not below the workspace, that contains a link, or of
    /// something else than a regular file.
    pub fn stage(&mut self, path: &Path, contents: &[u8]) -> Result<()> {
        let root = self.lock.root();
        root.file(path)?;
        let number = self.journal.moves.len();
        let staging = self.lock.staging();
        if number == 0 {
            fs::create_dir(&staging)
                .with_context(|| format!("could not write {}", staging.display()))?;
        }
        journal::create(&staging.join(number.to_string()), contents)?;
        let place = root.relative(path)?.to_owned();
        self.journal.moves.push((number, place));
        Ok(())
    }

    /// Marks a generated file for deletion by [`Staged::commit`].
    ///
    /// # Errors
    /// As [`Staged::stage`].
    pub(crate) fn delete(&mut self, path: &Path) -> Result<()> {
        let root = self.lock.root();
        root.file(path)?;
        self.journal.deletions.push(root.relative(path)?.to_owned());
        Ok(())
    }

    /// Gives every file its final name.
    ///
    /// # Errors
    /// A target that cannot be written, such as one in a read-only folder.
    pub fn commit(mut self) -> Result<()> {
        if self.journal.moves.is_empty() && self.journal.deletions.is_empty() {
            return Ok(());
        }
        let root = self.lock.root();
        let folders = self.make_folders()?;
        let done = self
            .journal
            .write(&self.lock.journal())
            .and_then(|()| self.journal.carry_out(root, &self.lock.staging()));
        if done.is_err() {
            remove_folders(&folders);
        }
        journal::remove(&self.lock.journal())?;
        done
    }

    /// Creates the folders that do not exist; returns them, the outermost first.
    fn make_folders(&self) -> Result<Vec<PathBuf>> {
        let root = self.lock.root();
        let mut made = Vec::new();
        for (_, place) in &self.journal.moves {
            let folder = place.parent().unwrap_or(Path::new(""));
            let mut missing = Vec::new();
            for folder in folder.ancestors().map(|folder| root.real().join(folder)) {
                if folder.is_dir() {
                    break;
                }
                missing.push(folder);
            }
            for folder in missing.into_iter().rev() {
                let done = fs::create_dir(&folder)
                    .with_context(|| format!("could not create the folder {}", folder.display()));
                if done.is_err() {
                    remove_folders(&made);
                    return done.map(|()| made);
                }
                made.push(folder);
            }
        }
        Ok(made)
    }
}

/// Removes empty folders. Errors are ignored, because the caller reports the error that caused this.
fn remove_folders(folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}
