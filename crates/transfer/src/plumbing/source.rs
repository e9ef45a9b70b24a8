//! The source of an upload: a file, bytes in memory, or a reader.
//!
//! Both services require the length before the first byte, and a part may have to be sent twice. A reader has no length
//! and cannot be read twice, so its bytes are written to a temporary file first. The same is done for a file whose
//! length the file system does not report, such as those of `/proc`.
//!
//! An upload sends the content that a file has when it is opened. A log may grow meanwhile: the new lines are not sent,
//! and the manifest says that there are some. If the bytes to be sent change, the upload fails.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use attache_runtime::Timestamp;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

use crate::error::{Error, ErrorKind};
use crate::plumbing::blocking::{blocking, runtime};
use crate::plumbing::checksum::{Algorithm, Checksums, Digests, hex};
use crate::plumbing::content::{self, Content, spooled, unreadable};
use crate::plumbing::fingerprint::Fingerprint;

/// The size of the largest file that a service accepts, in bytes. A reader that returns more is not read to its end.
const GREATEST: u64 = 157_286_400;

/// How many bytes a source may have.
type Accepted = RangeInclusive<u64>;

/// A file to be uploaded, with the name that it gets in the case.
#[derive(Clone)]
pub struct Source {
    origin: Origin,
    name: Option<String>,
}

#[derive(Clone)]
enum Origin {
    Path(PathBuf),
    Bytes(Bytes),
    Temporary(Arc<File>),
}

impl Source {
    /// The file at this path. It keeps its name.
    ///
    /// It may grow while it is uploaded: its content when it is opened is sent, and the manifest says that there is
    /// more.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self {
            origin: Origin::Path(path.into()),
            name: None,
        }
    }

    /// Bytes in memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            origin: Origin::Bytes(bytes.into()),
            name: Some(name.into()),
        }
    }

    /// Everything that a reader returns. It is written to a temporary file, which is deleted when the source is
    /// dropped.
    ///
    /// # Errors
    /// An error of the reader or of the file system, and more bytes than any service accepts, as [`ErrorKind::Source`];
    /// [`ErrorKind::Settings`] outside of a runtime of Tokio.
    pub async fn reader(
        name: impl Into<String>,
        reader: impl tokio::io::AsyncRead + Unpin,
    ) -> Result<Self, Error> {
        let name = name.into();
        runtime()?;
        let failed = |error| {
            Error::new(
                ErrorKind::Source,
                "the data of the reader cannot be written to a temporary file",
            )
            .because(error)
        };
        let file = tempfile::tempfile().map_err(failed)?;
        let mut file = tokio::fs::File::from_std(file);
        let mut reader = reader.take(GREATEST + 1);
        let length = tokio::io::copy(&mut reader, &mut file)
            .await
            .map_err(failed)?;
        tokio::io::AsyncWriteExt::flush(&mut file)
            .await
            .map_err(failed)?;
        if length > GREATEST {
            return Err(too_large(&name, "more bytes", GREATEST));
        }
        Ok(Self {
            origin: Origin::Temporary(Arc::new(file.into_std().await)),
            name: Some(name),
        })
    }

    /// Gives it another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Opens the source and reads all of it: nothing is sent whose size or name the service would refuse.
    #[doc(hidden)]
    pub async fn open(self, accepted: Accepted, now: Timestamp) -> Result<OpenSource, Error> {
        let name = match (self.name, &self.origin) {
            (Some(name), _) => name,
            (None, Origin::Path(path)) => name_of(path)?,
            // Every other source is created with a name.
            (None, _) => String::new(),
        };
        if name.is_empty() {
            return Err(Error::new(ErrorKind::Source, "the file needs a name"));
        }
        let origin = self.origin;
        blocking(move || match origin {
            Origin::Bytes(bytes) => {
                OpenSource::of_known(name, Content::Bytes(bytes), &accepted, now)
            }
            Origin::Temporary(file) => {
                OpenSource::of_known(name, Content::File(file), &accepted, now)
            }
            Origin::Path(path) => OpenSource::of_path(name, &path, &accepted, now),
        })
        .await
    }
}

impl<P: AsRef<Path>> From<P> for Source {
    fn from(path: P) -> Self {
        Self::path(path.as_ref())
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files may reveal details of the incident.
        formatter.write_str(match self.origin {
            Origin::Path(_) => "Source(a file)",
            Origin::Bytes(_) => "Source(bytes)",
            Origin::Temporary(_) => "Source(a temporary file)",
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

fn too_large(name: &str, has: &str, greatest: u64) -> Error {
    Error::new(
        ErrorKind::Source,
        format!("`{name}` has {has}, and the service accepts {greatest} at most"),
    )
}

fn validate_length(name: &str, length: u64, accepted: &Accepted) -> Result<(), Error> {
    match length {
        length if accepted.contains(&length) => Ok(()),
        0 => Err(Error::new(
            ErrorKind::Source,
            format!("`{name}` is empty, and the service accepts no empty files"),
        )),
        length => Err(too_large(name, &format!("{length} bytes"), *accepted.end())),
    }
}

/// A source that was opened and read completely.
#[derive(Clone)]
pub struct OpenSource {
    content: Content,
    pub name: String,
    pub fingerprint: Fingerprint,
    /// The hash of the fingerprint.
    pub sha256: [u8; 32],
    pub opened: Timestamp,
    pub modified: Option<Timestamp>,
}

impl OpenSource {
    /// A content whose reported length is correct.
    fn of_known(
        name: String,
        content: Content,
        accepted: &Accepted,
        opened: Timestamp,
    ) -> Result<Self, Error> {
        let failed = |error| unreadable(Path::new(&name), error);
        let length = content.length().map_err(failed)?;
        validate_length(&name, length, accepted)?;
        let sha256 = content.sha256(length).map_err(failed)?;
        let sha256 = sha256.map_err(|_| changed(&name))?;
        Ok(Self {
            fingerprint: fingerprint(length, &sha256),
            sha256,
            content,
            name,
            opened,
            modified: None,
        })
    }

    /// A file whose length the file system may not report correctly: 0 for files of `/proc`, 4096 for files of `/sys`.
    fn of_path(
        name: String,
        path: &Path,
        accepted: &Accepted,
        opened: Timestamp,
    ) -> Result<Self, Error> {
        let failed = |error| unreadable(path, error);
        let file = Arc::new(content::open(path)?);
        let metadata = file.metadata().map_err(failed)?;
        let modified = metadata.modified().ok();
        let modified = modified.and_then(|time| Timestamp::try_from(time).ok());
        let length = metadata.len();
        let content = Content::File(Arc::clone(&file));
        if length > 0 || content.read(0, 1).map_err(failed)?.is_empty() {
            validate_length(&name, length, accepted)?;
        }
        let read = if length == 0 {
            None
        } else {
            content.sha256(length).map_err(failed)?.ok()
        };
        if let Some(sha256) = read {
            return Ok(Self {
                fingerprint: fingerprint(length, &sha256),
                sha256,
                content,
                name,
                opened,
                modified,
            });
        }
        // A truncated file reports its new length. If a file still reports the old length, its reported length is
        // wrong.
        if content.length().map_err(failed)? != length {
            return Err(changed(&name));
        }
        let copy = spooled(&*file, *accepted.end()).map_err(failed)?;
        if copy.metadata().map_err(failed)?.len() > *accepted.end() {
            return Err(too_large(&name, "more bytes", *accepted.end()));
        }
        let copy = Content::File(Arc::new(copy));
        Ok(Self {
            modified,
            ..Self::of_known(name, copy, accepted, opened)?
        })
    }

    pub fn length(&self) -> u64 {
        self.fingerprint.length
    }

    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Refuses content with which the upload did not begin.
    pub fn require_same(&self, began_with: &Fingerprint) -> Result<(), Error> {
        if self.fingerprint == *began_with {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Changed,
            format!(
                "`{}` is not the content with which the upload began; begin a new upload",
                self.name
            ),
        ))
    }

    /// The SHA-256 of each part. The content must still be the same.
    pub async fn part_hashes(&self, part_size: u64) -> Result<Vec<[u8; 32]>, Error> {
        let this = self.clone();
        blocking(move || {
            let (mut whole, mut part) = (Sha256::new(), Sha256::new());
            let (mut hashes, mut left) = (Vec::new(), part_size);
            let read = this.content.for_each(this.length(), |mut piece| {
                whole.update(piece);
                while !piece.is_empty() {
                    let most =
                        usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
                    let (now, later) = piece.split_at(most);
                    part.update(now);
                    left -= now.len() as u64;
                    if left == 0 {
                        hashes.push(std::mem::take(&mut part).finalize().into());
                        left = part_size;
                    }
                    piece = later;
                }
            });
            read.map_err(|error| this.unreadable(error))?;
            if left < part_size {
                hashes.push(part.finalize().into());
            }
            if whole.finalize()[..] != this.sha256 {
                return Err(changed(&this.name));
            }
            Ok(hashes)
        })
        .await
    }

    /// The hashes of a part.
    pub async fn checksums(
        &self,
        range: Range<u64>,
        algorithms: BTreeSet<Algorithm>,
    ) -> Result<Checksums, Error> {
        let this = self.clone();
        blocking(move || {
            let mut digests = Digests::of(algorithms);
            let mut offset = range.start;
            while offset < range.end {
                let most = content::piece_of(range.end - offset);
                let piece = this.content.read(offset, most);
                let piece = piece.map_err(|error| this.unreadable(error))?;
                if piece.is_empty() {
                    return Err(changed(&this.name));
                }
                digests.update(&piece);
                offset += piece.len() as u64;
            }
            Ok(digests.finish())
        })
        .await
    }

    /// The current length of the file, if it has grown.
    pub async fn grown_to(&self) -> Option<u64> {
        let this = self.clone();
        // If the length is unknown, nothing is reported.
        let now = blocking(move || {
            this.content
                .length()
                .map_err(|error| this.unreadable(error))
        });
        now.await.ok().filter(|now| *now > self.length())
    }

    pub fn changed(&self) -> Error {
        changed(&self.name)
    }

    pub fn unreadable(&self, error: io::Error) -> Error {
        unreadable(Path::new(&self.name), error)
    }
}

fn fingerprint(length: u64, sha256: &[u8]) -> Fingerprint {
    Fingerprint {
        length,
        sha256: hex(sha256),
    }
}

fn changed(name: &str) -> Error {
    Error::new(
        ErrorKind::Changed,
        format!(
            "`{name}` changed while it was uploaded; begin again with a copy that nobody writes to"
        ),
    )
}
