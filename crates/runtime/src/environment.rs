//! The sources of settings and credentials: variables and files.
//!
//! All code reads them through one trait, so a test can define an environment in a few lines. It need not change the
//! variables of its own process, which all threads share.

use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::texts::{filled, prefix};

/// The variables and files of a program's environment.
pub trait Environment: fmt::Debug + Send + Sync {
    /// The value of a variable; `None` where it is not set. An empty one counts as not set.
    fn variable(&self, name: &str) -> Option<String>;

    /// The home folder of the user, which replaces `~`.
    fn home(&self) -> Option<PathBuf> {
        let home = set(self, "HOME").or_else(|| set(self, "USERPROFILE"))?;
        Some(home.into())
    }

    /// The contents of a file. Files of more than 16 MiB are refused, even if this function returns them.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is none; [`io::ErrorKind::Unsupported`] for what is no regular file, and
    /// [`io::ErrorKind::FileTooLarge`] for a file beyond the limit; both stop a configuration. Otherwise the error of
    /// reading. A profile file that cannot be read counts as empty, and is named in errors about what was not found.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Replaces a file that holds a secret, as a whole or not at all. Only the token of an SSO session is ever written.
    ///
    /// # Errors
    /// The error of writing.
    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()>;

    /// A number for the machine of the files. In two environments with the same number, the same path is the same file,
    /// which the clients of this process do not replace at the same time. By default it is this machine, number 0.
    fn machine(&self) -> usize {
        0
    }
}

/// A variable that is set and not empty.
pub(crate) fn set<E: Environment + ?Sized>(environment: &E, name: &str) -> Option<String> {
    filled(environment.variable(name))
}

/// A path as botocore reads the variables that name profile files: `$NAME` and `${NAME}` are replaced by variables, and
/// then `~` at the beginning by the home folder. A name that is not set is left unchanged, so that an error shows it.
pub(crate) fn expand(environment: &dyn Environment, path: &str) -> PathBuf {
    let path = expand_variables(environment, path);
    let rest = path.strip_prefix('~');
    match (rest, environment.home()) {
        (Some(rest), Some(home))
            if rest.is_empty() || rest.starts_with(std::path::is_separator) =>
        {
            home.join(rest.trim_start_matches(std::path::is_separator))
        }
        _ => path.into(),
    }
}

fn expand_variables(environment: &dyn Environment, path: &str) -> String {
    let mut expanded = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let (name, length) = match after.strip_prefix('{') {
            Some(braced) => match braced.split_once('}') {
                Some((name, _)) => (name, name.len() + 2),
                None => ("", 0),
            },
            None => {
                let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                let length = prefix(after.as_bytes(), is_part);
                (&after[..length], length)
            }
        };
        match environment.variable(name) {
            Some(value) if !name.is_empty() => expanded.push_str(&value),
            _ => {
                expanded.push('$');
                expanded.push_str(&after[..length]);
            }
        }
        rest = &after[length..];
    }
    expanded.push_str(rest);
    expanded
}

/// The maximum size in bytes of a file that a setting names, far above that of the largest profile files and
/// certificate bundles.
const FILE_LIMIT: u64 = 16 * 1024 * 1024;
/// How much a buffer grows by, at least.
const READ_AT_LEAST: usize = 8 * 1024;

/// Reads a file that a setting names. All such files are read with this function, so that none can fill the memory.
#[inline(never)]
pub(crate) fn read_file(environment: &dyn Environment, path: &Path) -> io::Result<Vec<u8>> {
    let contents = environment.read(path)?;
    match u64::try_from(contents.len()) {
        Ok(length) if length <= FILE_LIMIT => Ok(contents),
        _ => Err(too_large()),
    }
}

#[inline(never)]
fn too_large() -> io::Error {
    let message = format!("it is larger than {} MiB", FILE_LIMIT >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

/// Whether a file is refused because of its kind or size, rather than because it cannot be opened.
pub(crate) fn is_refused(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::FileTooLarge | io::ErrorKind::Unsupported
    )
}

/// Reads a regular file up to the limit. Opening a FIFO blocks until there is a writer, and a device may have no end,
/// so neither is opened. The null device is the exception, because users disable a file with it.
fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return match is_null_device(&metadata) {
            true => Ok(Vec::new()),
            false => Err(not_regular()),
        };
    }
    let mut file = std::fs::File::open(path)?;
    // It may have been replaced meanwhile.
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(not_regular());
    }
    if metadata.len() > FILE_LIMIT {
        return Err(too_large());
    }
    // Files below /proc report no length, and others may grow.
    let reported = usize::try_from(metadata.len()).unwrap_or_default();
    let mut contents = vec![0; (reported + 1).max(READ_AT_LEAST)];
    let mut length = 0;
    loop {
        match file.read(&mut contents[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length as u64 > FILE_LIMIT {
            return Err(too_large());
        }
        if length == contents.len() {
            contents.resize(length + length.max(READ_AT_LEAST), 0);
        }
    }
    contents.truncate(length);
    Ok(contents)
}

fn not_regular() -> io::Error {
    let message = "it is a pipe, a socket or a device, and only regular files are read";
    io::Error::new(io::ErrorKind::Unsupported, message)
}

#[cfg(unix)]
fn is_null_device(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    let null = std::fs::metadata("/dev/null");
    metadata.file_type().is_char_device() && null.is_ok_and(|null| null.rdev() == metadata.rdev())
}

#[cfg(not(unix))]
fn is_null_device(_metadata: &std::fs::Metadata) -> bool {
    false
}

/// The environment of this process. Only regular files are read, up to 16 MiB.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn home(&self) -> Option<PathBuf> {
        match std::env::home_dir() {
            Some(home) if !home.as_os_str().is_empty() => Some(home),
            _ => None,
        }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read_regular(path)
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", crate::random::system_uuid()));
        let draft = path.with_file_name(name);
        let written = create_private(&draft).and_then(|mut file| {
            file.write_all(contents)?;
            file.sync_all()?;
            std::fs::rename(&draft, path)
        });
        if written.is_err() {
            // The first error is more useful than an error of removing the temporary file.
            let _ = std::fs::remove_file(&draft);
        }
        written
    }
}

/// A new file that only its owner can read.
fn create_private(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A fixed environment, for tests.
///
/// ```
/// use attache_runtime::{Config, FixedEnvironment};
///
/// let environment = FixedEnvironment::default()
///     .with_variable("HOME", "/home/someone")
///     .with_variable("AWS_PROFILE", "audit")
///     .with_file("/home/someone/.aws/config", "[profile audit]\nregion = eu-central-1\n");
/// let builder = Config::builder().from_environment(environment)?;
/// # Ok::<(), attache_runtime::ConfigError>(())
/// ```
#[derive(Default)]
pub struct FixedEnvironment {
    variables: Vec<(String, String)>,
    files: Mutex<Vec<(PathBuf, Vec<u8>)>>,
}

impl FixedEnvironment {
    /// Sets a variable.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        set_pair(&mut self.variables, name.into(), value.into());
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn with_file(self, path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) -> Self {
        set_pair(&mut self.files(), path.into(), contents.into());
        self
    }

    #[inline]
    fn files(&self) -> std::sync::MutexGuard<'_, Vec<(PathBuf, Vec<u8>)>> {
        match self.files.lock() {
            Ok(files) => files,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

/// Sets a value in a list of few pairs, which costs less to compile than a map.
fn set_pair<K: PartialEq, V>(pairs: &mut Vec<(K, V)>, key: K, value: V) {
    pairs.retain(|(known, _)| *known != key);
    pairs.push((key, value));
}

/// Names only: the values may be secret.
impl fmt::Debug for FixedEnvironment {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut variables, mut files) = (Vec::new(), Vec::new());
        for (name, _) in &self.variables {
            variables.push(name);
        }
        let known = self.files();
        for (path, _) in &*known {
            files.push(path);
        }
        formatter
            .debug_struct("FixedEnvironment")
            .field("variables", &variables)
            .field("files", &files)
            .finish()
    }
}

impl Environment for FixedEnvironment {
    #[inline]
    fn variable(&self, name: &str) -> Option<String> {
        let found = self.variables.iter().find(|(key, _)| key == name)?;
        Some(found.1.clone())
    }

    #[inline]
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let files = self.files();
        let found = files.iter().find(|(key, _)| key == path);
        found
            .map(|(_, contents)| contents.clone())
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    #[inline]
    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        set_pair(&mut self.files(), path.to_owned(), contents.to_owned());
        Ok(())
    }

    /// Each environment is a separate machine.
    fn machine(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

/// This lets a test keep the environment that it passes.
impl<E: Environment + ?Sized> Environment for std::sync::Arc<E> {
    fn variable(&self, name: &str) -> Option<String> {
        (**self).variable(name)
    }

    fn home(&self) -> Option<PathBuf> {
        (**self).home()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        (**self).read(path)
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        (**self).write(path, contents)
    }

    fn machine(&self) -> usize {
        (**self).machine()
    }
}
