//! The bytes of a source while it is uploaded: bytes in memory, or a file that stays open.
//!
//! A file is opened once and read by position, so all parts come from one file. Another file, a link or a pipe that
//! later gets the same path is never read. The hashes of the sent bytes detect changes of the open file itself.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind};

/// How much is read at once, in bytes.
pub const PIECE: usize = 256 * 1024;

#[derive(Clone)]
pub enum Content {
    Bytes(Bytes),
    File(Arc<File>),
}

impl Content {
    /// Reads from a position on: as many bytes as asked for, and fewer only at the end. It blocks.
    pub fn read(&self, offset: u64, most: usize) -> io::Result<Bytes> {
        let file = match self {
            Self::Bytes(bytes) => {
                let start = usize::try_from(offset).map_or(bytes.len(), |at| at.min(bytes.len()));
                let end = start.saturating_add(most).min(bytes.len());
                return Ok(bytes.slice(start..end));
            }
            Self::File(file) => file,
        };
        let mut piece = BytesMut::zeroed(most);
        let mut filled = 0;
        while filled < most {
            match read_at(file, &mut piece[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        piece.truncate(filled);
        Ok(piece.freeze())
    }

    /// Reads `length` bytes, piece by piece; gives how many there were. It blocks.
    pub fn for_each(&self, length: u64, mut take: impl FnMut(&[u8])) -> io::Result<u64> {
        let mut offset = 0;
        while offset < length {
            let piece = self.read(offset, piece_of(length - offset))?;
            if piece.is_empty() {
                break;
            }
            take(&piece);
            offset += piece.len() as u64;
        }
        Ok(offset)
    }

    /// The SHA-256 of the first `length` bytes, or how many there are if there are fewer. It blocks.
    pub fn sha256(&self, length: u64) -> io::Result<Result<[u8; 32], u64>> {
        let mut hash = Sha256::new();
        let read = self.for_each(length, |piece| hash.update(piece))?;
        Ok(if read == length {
            Ok(hash.finalize().into())
        } else {
            Err(read)
        })
    }

    /// How many bytes there are now.
    pub fn length(&self) -> io::Result<u64> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
            Self::File(file) => Ok(file.metadata()?.len()),
        }
    }
}

/// How many of the remaining bytes are read at once.
pub fn piece_of(left: u64) -> usize {
    usize::try_from(left).map_or(PIECE, |left| left.min(PIECE))
}

#[cfg(unix)]
fn read_at(file: &File, piece: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, piece, offset)
}

#[cfg(windows)]
fn read_at(file: &File, piece: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, piece, offset)
}

/// Opens a regular file.
///
/// # Errors
/// A file that cannot be read or that is no regular file: a directory, a pipe, a device.
pub fn open(path: &Path) -> Result<File, Error> {
    let failed = |error| unreadable(path, error);
    // Opening a device may have an effect, so the type is checked before opening, and again on the open file.
    validate_kind(path, &std::fs::metadata(path).map_err(failed)?)?;
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    // If the file was replaced by a pipe meanwhile, opening it does not wait for a writer.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(path).map_err(failed)?;
    validate_kind(path, &file.metadata().map_err(failed)?)?;
    Ok(file)
}

fn validate_kind(path: &Path, metadata: &std::fs::Metadata) -> Result<(), Error> {
    let advice = match metadata {
        metadata if metadata.is_dir() => {
            "is a directory; upload its files one by one, or an archive of it"
        }
        metadata if !metadata.is_file() => "is no regular file; read it with `Source::reader`",
        _ => return Ok(()),
    };
    Err(Error::new(
        ErrorKind::Source,
        format!("`{}` {advice}", path.display()),
    ))
}

pub fn unreadable(path: &Path, error: io::Error) -> Error {
    Error::new(
        ErrorKind::Source,
        format!("`{}` cannot be read", path.display()),
    )
    .because(error)
}

/// Copies what a reader gives into a temporary file, up to `limit` bytes and one more. It blocks.
pub fn spooled(reader: impl Read, limit: u64) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut reader.take(limit.saturating_add(1)), &mut file)?;
    file.flush()?;
    Ok(file)
}
