//! The target of a download, and the temporary file beside it, which gets the name of the target when it is complete.

use std::fs::File;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::error::{Error, ErrorKind};
use crate::plumbing::file_name::plain_name;

const PREFIX: &str = ".attache-";
const SUFFIX: &str = ".part";

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Where it is.
    pub path: PathBuf,
    /// Its length in bytes.
    pub length: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// A file that will be written.
#[derive(Clone)]
pub struct Target {
    pub path: PathBuf,
    /// The size of the largest file of the service, in bytes.
    pub limit: u64,
}

impl Target {
    /// The target `path`. If it is a directory, the file in it gets the name that the service returns.
    pub fn new(path: &Path, name: &str, limit: u64) -> Result<Self, Error> {
        let path = if path.is_dir() {
            path.join(plain_name(name)?)
        } else {
            path.to_owned()
        };
        if path.symlink_metadata().is_ok() {
            return Err(occupied(&path));
        }
        Ok(Self { path, limit })
    }

    fn directory(&self) -> &Path {
        match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        }
    }

    /// A new temporary file, which is removed when it is dropped.
    pub fn temporary(&self) -> Result<NamedTempFile, Error> {
        tempfile::Builder::new()
            .prefix(PREFIX)
            .suffix(SUFFIX)
            .tempfile_in(self.directory())
            .map_err(|error| self.unwritable(error))
    }

    /// The temporary file of an earlier run, which stays when it is dropped.
    pub fn earlier(&self, name: &str) -> Result<NamedTempFile, Error> {
        let random = name
            .strip_prefix(PREFIX)
            .and_then(|name| name.strip_suffix(SUFFIX));
        let is_ours = random.is_some_and(|random| {
            !random.is_empty() && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if !is_ours {
            return Err(Error::new(
                ErrorKind::State,
                "the saved state does not name a temporary file of a download",
            ));
        }
        let path = self.directory().join(name);
        let missing = |error: std::io::Error| {
            Error::new(
                ErrorKind::Target,
                format!(
                    "the temporary file of the download of `{}` cannot be opened; begin the download again",
                    self.path.display()
                ),
            )
            .because(error)
        };
        let metadata = path.symlink_metadata().map_err(missing)?;
        if !metadata.is_file() {
            return Err(missing(std::io::Error::other("it is no regular file")));
        }
        let file = File::options().read(true).write(true).open(&path);
        let file = file.map_err(missing)?;
        let mut path = TempPath::try_from_path(path).map_err(missing)?;
        path.disable_cleanup(true);
        Ok(NamedTempFile::from_parts(file, path))
    }

    /// Gives the file its name, unless a file with that name was created meanwhile.
    pub fn keep(&self, temporary: NamedTempFile) -> Result<(), (Error, NamedTempFile)> {
        match temporary.persist_noclobber(&self.path) {
            Ok(_) => Ok(()),
            Err(failed) => {
                let error = match failed.error.kind() {
                    std::io::ErrorKind::AlreadyExists => occupied(&self.path),
                    _ => self.unwritable(failed.error),
                };
                Err((error, failed.file))
            }
        }
    }

    pub fn unwritable(&self, error: std::io::Error) -> Error {
        Error::new(
            ErrorKind::Target,
            format!("`{}` cannot be written", self.path.display()),
        )
        .because(error)
    }
}

fn occupied(path: &Path) -> Error {
    Error::new(
        ErrorKind::Target,
        format!(
            "`{}` exists already; evidence is not overwritten",
            path.display()
        ),
    )
}
