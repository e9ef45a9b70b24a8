//! What is uploaded: a file, bytes in memory, or whatever a reader gives.
//!
//! Both services want to know the length before the first byte, and a part may have to be sent twice. A reader can
//! neither say the one nor do the other, so what it gives is written to a temporary file first.

use std::fmt;
use std::fs::Metadata;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use attache_runtime::{Body, ByteStream};
use bytes::Bytes;
use tempfile::TempPath;

use crate::error::{Error, ErrorKind};
use crate::fingerprint::Fingerprint;
use crate::progress::Tally;
use crate::range::FileRange;

/// A file to be uploaded, with the name that it gets in the case.
#[derive(Clone)]
pub struct Source {
    content: Content,
    name: Option<String>,
}

#[derive(Clone)]
enum Content {
    Path(PathBuf),
    Bytes(Bytes),
    Temporary(Arc<TempPath>),
}

impl Source {
    /// The file at this path. It is called as it is there.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self {
            content: Content::Path(path.into()),
            name: None,
        }
    }

    /// Bytes in memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            content: Content::Bytes(bytes.into()),
            name: Some(name.into()),
        }
    }

    /// Everything that a reader gives, by way of a temporary file, which goes when the source does.
    ///
    /// # Errors
    /// What the reader or the file system reports, as [`ErrorKind::Source`].
    pub async fn reader(
        name: impl Into<String>,
        mut reader: impl tokio::io::AsyncRead + Unpin,
    ) -> Result<Self, Error> {
        let failed = |error| {
            Error::new(
                ErrorKind::Source,
                "what is to be uploaded cannot be kept in a temporary file",
            )
            .because(error)
        };
        let (file, path) = tempfile::NamedTempFile::new().map_err(failed)?.into_parts();
        let mut file = tokio::fs::File::from_std(file);
        tokio::io::copy(&mut reader, &mut file)
            .await
            .map_err(failed)?;
        tokio::io::AsyncWriteExt::flush(&mut file)
            .await
            .map_err(failed)?;
        Ok(Self {
            content: Content::Temporary(Arc::new(path)),
            name: Some(name.into()),
        })
    }

    /// Gives it another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Looks at it: nothing is sent that the service would refuse for what it is.
    pub(crate) async fn check(self, greatest: u64) -> Result<Checked, Error> {
        let name = match (self.name, &self.content) {
            (Some(name), _) => name,
            (None, Content::Path(path)) => name_of(path)?,
            // Everything else is made with a name.
            (None, _) => String::new(),
        };
        if name.is_empty() {
            return Err(Error::new(ErrorKind::Source, "the file needs a name"));
        }
        let reading = self.content.clone();
        let called = name.clone();
        let reading = move || reading.read_through(&called, greatest);
        let (fingerprint, state) = tokio::task::spawn_blocking(reading)
            .await
            .map_err(|error| Error::new(ErrorKind::Source, "reading failed").because(error))??;
        Ok(Checked {
            content: self.content,
            name,
            fingerprint,
            state,
        })
    }
}

impl<P: AsRef<Path>> From<P> for Source {
    fn from(path: P) -> Self {
        Self::path(path.as_ref())
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files may tell about the incident as much as their content does.
        formatter.write_str(match self.content {
            Content::Path(_) => "Source(a file)",
            Content::Bytes(_) => "Source(bytes)",
            Content::Temporary(_) => "Source(a temporary file)",
        })
    }
}

fn name_of(path: &Path) -> Result<String, Error> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| {
        Error::new(
            ErrorKind::Source,
            format!(
                "`{}` has no name that can be sent; give it one with `Source::named`",
                path.display()
            ),
        )
    })
}

/// What a file looked like when it was read through.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    length: u64,
    modified: Option<SystemTime>,
}

impl State {
    fn of(metadata: &Metadata) -> Self {
        Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }
}

impl Content {
    fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => Some(path),
            Self::Temporary(path) => Some(path),
            Self::Bytes(_) => None,
        }
    }

    /// Reads it to its end, unless its length is wrong already.
    fn read_through(
        &self,
        name: &str,
        greatest: u64,
    ) -> Result<(Fingerprint, Option<State>), Error> {
        let (reader, state): (Box<dyn Read>, Option<State>) = match (self, self.path()) {
            (Self::Bytes(bytes), _) => {
                check_length(name, bytes.len() as u64, greatest)?;
                (Box::new(std::io::Cursor::new(bytes.clone())), None)
            }
            (_, None) => unreachable!("only bytes have no path"),
            (_, Some(path)) => {
                let file = open(path)?;
                let metadata = file.metadata().map_err(|error| unreadable(path, error))?;
                check_length(name, metadata.len(), greatest)?;
                (Box::new(file), Some(State::of(&metadata)))
            }
        };
        let fingerprint = Fingerprint::of(reader)
            .map_err(|error| unreadable(self.path().unwrap_or(Path::new("the content")), error))?;
        if state.is_some_and(|state| state.length != fingerprint.length) {
            return Err(Error::new(
                ErrorKind::Changed,
                "the file changed while it was read; upload a copy that nobody writes to",
            ));
        }
        Ok((fingerprint, state))
    }
}

fn check_length(name: &str, length: u64, greatest: u64) -> Result<(), Error> {
    let wrong = match length {
        0 => format!("`{name}` is empty, and the service takes no empty files"),
        length if length > greatest => {
            format!("`{name}` has {length} bytes, and the service takes {greatest} at most")
        }
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::Source, wrong))
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::new(
        ErrorKind::Source,
        format!("`{}` cannot be read", path.display()),
    )
    .because(error)
}

fn open(path: &Path) -> Result<std::fs::File, Error> {
    // Opening a pipe would wait for somebody to write.
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
    if metadata.is_dir() {
        return Err(Error::new(
            ErrorKind::Source,
            format!(
                "`{}` is a directory; upload its files one by one, or an archive of it",
                path.display()
            ),
        ));
    }
    if !metadata.is_file() {
        return Err(Error::new(
            ErrorKind::Source,
            format!(
                "`{}` is no regular file; read it with `Source::reader`",
                path.display()
            ),
        ));
    }
    std::fs::File::open(path).map_err(|error| unreadable(path, error))
}

/// A source that was looked at.
pub(crate) struct Checked {
    content: Content,
    pub(crate) name: String,
    pub(crate) fingerprint: Fingerprint,
    state: Option<State>,
}

impl Checked {
    pub(crate) fn length(&self) -> u64 {
        self.fingerprint.length
    }

    /// Whether an upload began with this content.
    pub(crate) fn check_same(&self, began_with: &Fingerprint) -> Result<(), Error> {
        if self.fingerprint == *began_with {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Changed,
            format!(
                "`{}` is not what the upload began with; begin a new one",
                self.name
            ),
        ))
    }

    /// All of it.
    pub(crate) async fn whole(&self) -> Result<Bytes, Error> {
        let bytes = match &self.content {
            Content::Bytes(bytes) => return Ok(bytes.clone()),
            Content::Path(path) => tokio::fs::read(path).await,
            Content::Temporary(path) => tokio::fs::read(&**path).await,
        };
        let bytes = bytes.map_err(|error| self.unreadable(error))?;
        let fingerprint = Fingerprint::of(&bytes[..]).map_err(|error| self.unreadable(error))?;
        if fingerprint != self.fingerprint {
            return Err(self.changed());
        }
        Ok(bytes.into())
    }

    /// A part of it, to be sent piece by piece.
    pub(crate) async fn body(&self, range: Range<u64>, tally: &Arc<Tally>) -> Result<Body, Error> {
        let path = match &self.content {
            Content::Bytes(bytes) => {
                // A content in memory has a length that fits.
                let part = bytes.slice(range.start as usize..range.end as usize);
                return Ok(Body::Stream(ByteStream::new(FileRange::of_bytes(
                    part,
                    Arc::clone(tally),
                ))));
            }
            Content::Path(path) => path.as_path(),
            Content::Temporary(path) => path,
        };
        let body = FileRange::open(path, range, Arc::clone(tally))
            .await
            .map_err(|error| self.unreadable(error))?;
        Ok(Body::Stream(ByteStream::new(body)))
    }

    /// Whether the file still looks as it did when it was read through.
    pub(crate) async fn check_unchanged(&self) -> Result<(), Error> {
        let Some(path) = self.content.path() else {
            return Ok(());
        };
        let metadata = tokio::fs::metadata(path)
            .await
            .map_err(|error| self.changed().because(error))?;
        if Some(State::of(&metadata)) == self.state {
            Ok(())
        } else {
            Err(self.changed())
        }
    }

    fn changed(&self) -> Error {
        Error::new(
            ErrorKind::Changed,
            format!(
                "`{}` changed while it was uploaded; begin again with a copy that nobody writes to",
                self.name
            ),
        )
    }

    fn unreadable(&self, error: std::io::Error) -> Error {
        Error::new(ErrorKind::Source, format!("`{}` cannot be read", self.name)).because(error)
    }
}
