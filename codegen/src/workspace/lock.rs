//! One command at a time writes to a workspace, no command writes while another one compares its files, and the next
//! command that writes completes the changes of one that was killed.
//!
//! The folder `.attache` of the workspace exists only while a command writes or compares: `lock` is locked, `staged` contains files that
//! do not have their final names yet, and `journal.json` lists these names once everything is staged. So there are two cases
//! after a `kill -9`. Without a journal, nothing was changed, and the next command that writes removes the staged files.
//! With a journal, all files are staged, and that command renames them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::journal::{self, Journal};
use super::place::Root;

/// The folder, below the workspace.
const FOLDER: &str = ".attache";

/// What a lock is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// No other command may write or read.
    Write,
    /// Nobody may write.
    Read,
}

/// The right to write to a workspace. It ends when this is dropped, or with the process.
#[derive(Debug)]
pub struct WriteLock {
    root: Root,
    folder: PathBuf,
    /// The lock is that of the open file.
    _file: File,
}

impl WriteLock {
    /// Waits until no other command uses the workspace, and completes the changes of a command that was killed.
    ///
    /// # Errors
    /// A folder that cannot be written, a link where the folder of the lock belongs.
    pub fn acquire(workspace: &Path) -> Result<Self> {
        let root = Root::new(workspace)?;
        let folder = root.real().join(FOLDER);
        let file = locked(&folder, Purpose::Write)?;
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
        remove_lock(&self.folder);
    }
}

/// The right to read a workspace that no command changes meanwhile. Several commands can have it at once.
#[derive(Debug)]
pub(crate) struct ReadLock {
    root: Root,
    folder: PathBuf,
    /// The lock is that of the open file. `None` if there is none and none can be created, in a read-only checkout for
    /// example.
    file: Option<File>,
}

impl ReadLock {
    /// Waits until no command writes to the workspace. A workspace that cannot be written is read without a lock, unless
    /// a command of another user has one.
    ///
    /// # Errors
    /// A folder that cannot be read, a link where the folder of the lock belongs.
    pub(crate) fn acquire(workspace: &Path) -> Result<Self> {
        let root = Root::new(workspace)?;
        let folder = root.real().join(FOLDER);
        let file = match locked(&folder, Purpose::Read) {
            Ok(file) => Some(file),
            Err(error) if error.is::<io::Error>() => of_another_user(&folder.join("lock")),
            Err(error) => return Err(error),
        };
        Ok(Self { root, folder, file })
    }

    pub(crate) fn root(&self) -> &Root {
        &self.root
    }

    /// Whether a command was interrupted and has changed only a part of the files.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.folder.join("journal.json").exists()
    }
}

impl Drop for ReadLock {
    fn drop(&mut self) {
        // Others may read still; the last one removes the file. Until this is the only lock, a writer can be faster.
        if let Some(file) = &self.file
            && fs4::FileExt::try_lock(file).is_ok()
            && is_current(file, &self.folder.join("lock"))
        {
            remove_lock(&self.folder);
        }
    }
}

/// The lock of a command of another user, in a workspace that cannot be written here; `None` where there is none.
fn of_another_user(path: &Path) -> Option<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    while path.exists() {
        if let Some(file) = lock(path, Purpose::Read, &options).ok()? {
            return Some(file);
        }
    }
    None
}

/// Removes the file of a lock, and the folder if nothing else is in it. The caller has the only lock.
fn remove_lock(folder: &Path) {
    // If open files cannot be distinguished, the file stays: see `is_current`.
    if cfg!(unix) {
        let _ = fs::remove_file(folder.join("lock"));
        let _ = fs::remove_dir(folder);
    }
}

/// The lock in a folder; both are created if they do not exist.
fn locked(folder: &Path, purpose: Purpose) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    loop {
        make_folder(folder)?;
        // `None`: the command that held the lock has removed the file meanwhile.
        if let Some(file) = lock(&folder.join("lock"), purpose, &options)? {
            return Ok(file);
        }
    }
}

fn make_folder(folder: &Path) -> Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| {
                format!(
                    "the workspace cannot be written: could not create {}, where commands stage their files",
                    folder.display()
                )
            });
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

/// Opens the file and locks it; `None` if it was removed meanwhile.
fn lock(path: &Path, purpose: Purpose, options: &OpenOptions) -> Result<Option<File>> {
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
    let file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(unusable),
    };
    wait(&file, purpose).with_context(unusable)?;
    Ok(is_current(&file, path).then_some(file))
}

/// Locks a file, after a note where that takes time.
fn wait(file: &File, purpose: Purpose) -> io::Result<()> {
    let (at_once, other) = match purpose {
        Purpose::Write => (fs4::FileExt::try_lock(file).is_ok(), "uses"),
        Purpose::Read => (fs4::FileExt::try_lock_shared(file).is_ok(), "writes to"),
    };
    if at_once {
        return Ok(());
    }
    eprintln!("note: another command {other} this workspace; waiting for it");
    match purpose {
        Purpose::Write => fs4::FileExt::lock(file),
        Purpose::Read => fs4::FileExt::lock_shared(file),
    }
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

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::{ReadLock, WriteLock};

    #[test]
    fn readers_read_at_once_and_keep_writers_out_until_the_last_one_has_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let [one, two] = [(); 2].map(|()| ReadLock::acquire(folder.path()).expect("nobody writes"));
        let path = folder.path().join(".attache/lock");
        let is_free = || fs4::FileExt::try_lock(&File::open(&path).expect("it exists")).is_ok();
        assert!(!is_free());
        drop(one);
        assert!(!is_free());
        drop(two);
        assert!(!folder.path().join(".attache").exists());
    }

    #[test]
    fn a_lock_that_a_writer_has_made_meanwhile_is_not_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = ReadLock::acquire(folder.path()).expect("nobody writes");
        fs::remove_file(folder.path().join(".attache/lock")).expect("it exists");
        let writer = WriteLock::acquire(folder.path()).expect("nobody has the new file");
        drop(lock);
        assert!(folder.path().join(".attache/lock").exists());
        drop(writer);
        assert!(!folder.path().join(".attache").exists());
    }

    #[test]
    fn a_workspace_without_a_place_for_the_lock_is_read_without_one() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join(".attache")).expect("it is free");
        let places = [folder.path().to_owned(), folder.path().join(".attache")];
        for place in &places {
            fs::set_permissions(place, Permissions::from_mode(0o555)).expect("it is ours");
        }
        drop(ReadLock::acquire(folder.path()).expect("it can be read"));
        for place in &places {
            // Root may write in spite of this, and the lock has removed its folder then.
            let _ = fs::set_permissions(place, Permissions::from_mode(0o755));
        }
    }
}
