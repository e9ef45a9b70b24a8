//! One command at a time writes to a workspace, and the next command completes the changes of one that was killed.
//!
//! The folder `.attache` of the workspace exists only while a command writes: `lock` is locked, `staged` contains files that
//! do not have their final names yet, and `journal.json` lists these names once everything is staged. So there are two cases
//! after a `kill -9`. Without a journal, nothing was changed, and the next command that writes removes the staged files.
//! With a journal, all files are staged, and that command renames them.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::journal::{self, Journal};
use super::place::Root;

/// The folder, below the workspace.
const FOLDER: &str = ".attache";

/// The right to write to a workspace. It ends when this is dropped, or with the process.
#[derive(Debug)]
pub struct WriteLock {
    root: Root,
    folder: PathBuf,
    /// The lock is that of the open file.
    _file: File,
}

impl WriteLock {
    /// Waits until no other command writes to the workspace, and completes the changes of a command that was killed.
    ///
    /// # Errors
    /// A folder that cannot be written, a link where the folder of the lock belongs.
    pub fn acquire(workspace: &Path) -> Result<Self> {
        let root = Root::new(workspace)?;
        let folder = root.real().join(FOLDER);
        let file = loop {
            make_folder(&folder)?;
            match lock(&folder.join("lock"))? {
                Some(file) => break file,
                // The command that held the lock has removed the file meanwhile.
                None => continue,
            }
        };
        let lock = Self {
            root,
            folder,
            _file: file,
        };
        lock.recover()?;
        Ok(lock)
    }

    pub(crate) fn root(&self) -> &Root {
        &self.root
    }

    /// The folder of files that do not have their final names yet.
    pub(crate) fn staging(&self) -> PathBuf {
        self.folder.join("staged")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.folder.join("journal.json")
    }

    fn recover(&self) -> Result<()> {
        if let Some(journal) = Journal::read(&self.journal())? {
            eprintln!("note: an earlier command was interrupted; its changes are completed first");
            journal
                .carry_out(&self.root, &self.staging())
                .with_context(|| {
                    format!(
                        "could not complete the changes of an interrupted command; to discard them, remove {}",
                        self.journal().display()
                    )
                })?;
            journal::remove(&self.journal())?;
        }
        self.clear();
        Ok(())
    }

    /// Removes what is staged. A link in the place of the folder is removed, not followed.
    fn clear(&self) {
        let staging = self.staging();
        let _ = fs::remove_dir_all(&staging).or_else(|_| fs::remove_file(&staging));
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        // The next command removes what cannot be removed now. With a journal, it needs what is staged.
        if !self.journal().exists() {
            self.clear();
        }
        // If open files cannot be distinguished, the lock file stays: see `is_current`.
        if cfg!(unix) {
            let _ = fs::remove_file(self.folder.join("lock"));
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// Waits while another command writes to the workspace, and returns a lock that excludes other writers. It changes nothing.
///
/// # Errors
/// A lock that cannot be acquired.
pub(crate) fn wait_for_writer(workspace: &Path) -> Result<Option<File>> {
    let file = match File::open(workspace.join(FOLDER).join("lock")) {
        Ok(file) => file,
        Err(_) => return Ok(None),
    };
    fs4::FileExt::lock_shared(&file).context("could not wait for another command")?;
    Ok(Some(file))
}

fn make_folder(folder: &Path) -> Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| format!("could not write {}", folder.display()));
        }
        _ => {}
    }
    // If the command that held the lock has removed the folder meanwhile, opening the file fails and is repeated.
    let is_folder = fs::symlink_metadata(folder).map_or(true, |found| found.is_dir());
    ensure!(
        is_folder,
        "{} is not a folder: remove it, because commands stage their files there",
        folder.display()
    );
    Ok(())
}

/// Locks the file, which is created if it does not exist; `None` if it was removed during the wait.
fn lock(path: &Path) -> Result<Option<File>> {
    let unusable = || format!("could not lock {}", path.display());
    match fs::symlink_metadata(path) {
        Ok(found) => ensure!(
            found.is_file(),
            "{} is not a regular file: remove it",
            path.display()
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(unusable),
    }
    let mut options = OpenOptions::new();
    let opened = options.write(true).create(true).truncate(false).open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(unusable),
    };
    if fs4::FileExt::try_lock(&file).is_err() {
        eprintln!("note: another command writes to this workspace; waiting for it");
        fs4::FileExt::lock(&file).with_context(unusable)?;
    }
    Ok(is_current(&file, path).then_some(file))
}

/// Whether the open file still has that name.
#[cfg(unix)]
fn is_current(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_current(_: &File, _: &Path) -> bool {
    true
}
