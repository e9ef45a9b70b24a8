//! Writes all files of a command or none, unless only a part of them can be written.
//!
//! A command prepares everything in memory and stages every file in a folder of its own; when all are staged and a
//! journal lists their final names, it renames them. An error or a kill before that leaves the tree as it was. After a
//! later one, the next command completes the changes (module `lock`).

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

    /// Gives every file its final name. If only a part of them can be written, the next command completes the rest, as after a kill.
    ///
    /// # Errors
    /// A target that cannot be written, such as one in a read-only folder.
    pub fn commit(mut self) -> Result<()> {
        if self.journal.moves.is_empty() && self.journal.deletions.is_empty() {
            return Ok(());
        }
        let (root, journal, staging) = (self.lock.root(), self.lock.journal(), self.lock.staging());
        let folders = self.make_folders()?;
        let done = self
            .journal
            .write(&journal)
            .and_then(|()| self.journal.carry_out(root, &staging));
        if let Err(error) = done {
            if journal.exists() && !self.journal.is_untouched(&staging) {
                return Err(error.context(format!(
                    "a part of the changes is written; the next command that writes completes them, once the rest can be written; \
                     to discard them, remove {}",
                    journal.display()
                )));
            }
            remove_folders(&folders);
            journal::remove(&journal)?;
            return Err(error);
        }
        journal::remove(&journal)
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{Staged, WriteLock};

    /// Two files in a folder, and the lock of the folder.
    fn set_up(folder: &Path) -> ([PathBuf; 2], WriteLock) {
        let files = ["one", "two"].map(|name| folder.join(name));
        (files, WriteLock::acquire(folder).expect("nobody writes"))
    }

    /// Commits both files while a folder is in the way of one of them; returns the error.
    fn blocked(lock: &WriteLock, [one, two]: &[PathBuf; 2], in_the_way: &Path) -> String {
        let mut staged = Staged::new(lock);
        staged.stage(one, b"1").expect("it can be staged");
        staged.stage(two, b"2").expect("it can be staged");
        fs::create_dir(in_the_way).expect("it is free");
        let error = staged.commit().expect_err("a folder is in the way");
        format!("{error:#}")
    }

    #[test]
    fn what_could_not_be_written_is_written_by_the_next_command() {
        let folder = tempfile::tempdir().expect("a folder");
        let (files, lock) = set_up(folder.path());
        let [one, two] = &files;
        let error = blocked(&lock, &files, two);
        assert!(error.contains("the next command"), "{error}");
        assert_eq!(fs::read(one).ok().as_deref(), Some(&b"1"[..]));
        drop(lock);
        fs::remove_dir(two).expect("it is empty");
        drop(WriteLock::acquire(folder.path()).expect("nobody writes"));
        assert_eq!(fs::read(two).ok().as_deref(), Some(&b"2"[..]));
        assert!(cfg!(not(unix)) || !folder.path().join(".attache").exists());
    }

    #[test]
    fn nothing_is_kept_if_nothing_could_be_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let (files, lock) = set_up(folder.path());
        let [one, two] = &files;
        let error = blocked(&lock, &files, one);
        assert!(!error.contains("the next command"), "{error}");
        assert!(!lock.journal().exists());
        drop(lock);
        drop(WriteLock::acquire(folder.path()).expect("nobody writes"));
        assert!(!two.exists());
    }
}
