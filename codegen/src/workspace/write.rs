//! Writing files whole or not at all.
//!
//! A command prepares everything in memory and stages every file in a folder of its own; only when all are staged, and
//! a journal says where they go, they get their names. A failure before that leaves the tree as it was, and so does a
//! process that is killed; one that is killed later is finished by the next command (module `lock`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::journal::{self, Journal};
use super::lock::WriteLock;

/// Files that are written but not yet in their places. What is not committed is removed again.
#[derive(Debug)]
pub struct Staged<'a> {
    lock: &'a WriteLock,
    journal: Journal,
}

impl<'a> Staged<'a> {
    /// Nothing is staged yet.
    pub fn new(lock: &'a WriteLock) -> Self {
        Self {
            lock,
            journal: Journal::default(),
        }
    }

    /// Writes a file, which gets its name with [`Staged::commit`]. The path begins with that of the workspace.
    ///
    /// # Errors
    /// A file that cannot be written; a path that is not below the workspace, that leads through a link, or where
    /// something else than a regular file is.
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

    /// Has a generated file deleted with [`Staged::commit`].
    ///
    /// # Errors
    /// As [`Staged::stage`].
    pub(crate) fn delete(&mut self, path: &Path) -> Result<()> {
        let root = self.lock.root();
        root.file(path)?;
        self.journal.deletions.push(root.relative(path)?.to_owned());
        Ok(())
    }

    /// Puts every file into its place.
    ///
    /// # Errors
    /// A place that cannot be written, such as one in a folder that must not be changed.
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

    /// Makes the folders that are not there; returns which ones, the outermost first.
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

/// Removes folders that are empty; the failure that led here is what the reader must see.
fn remove_folders(folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}
