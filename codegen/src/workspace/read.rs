//! Reads files that may come from an untrusted source: regular files of limited size only.
//!
//! A pipe may block, a device has no end, and a compressed file of 2 MB may contain 2 GB. Each is refused with a message
//! before it is read. Links are followed, because reading changes nothing. A byte order mark, which
//! editors and shells on Windows write, is not part of a text, and a line ends with a line feed, also where a checkout has
//! converted it to CRLF: hashes and comparisons are the same everywhere.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

/// The most bytes of a model, an overlay or a manifest, uncompressed. The largest model of AWS has 7 MB.
pub const SOURCE_LIMIT: u64 = 32 << 20;

/// The most bytes of a file that was generated.
pub(crate) const GENERATED_LIMIT: u64 = 512 << 20;

/// The text of a file, plain or compressed; a compressed one is known by its first bytes, whatever it is called.
///
/// # Errors
/// A path without a regular file, a file with more than [`SOURCE_LIMIT`] bytes before or after it was decompressed,
/// bytes that are not UTF-8.
pub fn source(path: &Path) -> Result<String> {
    decompressed(bytes(path, SOURCE_LIMIT)?, path)
}

/// The text of a reader, plain or compressed, as [`source`] reads a file; messages call it `name`.
///
/// # Errors
/// As [`source`], and a reader that fails.
#[cfg(feature = "fetch")]
pub(crate) fn text_of(reader: impl Read, name: &str) -> Result<String> {
    let path = Path::new(name);
    let bytes =
        bounded(reader, SOURCE_LIMIT, path).with_context(|| format!("could not read {name}"))?;
    decompressed(bytes, path)
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes as digits, two for each.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decompressed(bytes: Vec<u8>, path: &Path) -> Result<String> {
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        bounded(GzDecoder::new(bytes.as_slice()), SOURCE_LIMIT, path)
            .with_context(|| format!("could not decompress {}", path.display()))?
    } else {
        bytes
    };
    utf8(bytes, path)
}

/// The text of a file with at most `limit` bytes; `None` where there is no file.
///
/// # Errors
/// As [`source`].
pub(crate) fn optional(path: &Path, limit: u64) -> Result<Option<String>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        _ => utf8(bytes(path, limit)?, path).map(Some),
    }
}

/// The text of a file with at most [`SOURCE_LIMIT`] bytes.
///
/// # Errors
/// As [`source`].
pub(crate) fn text(path: &Path) -> Result<String> {
    utf8(bytes(path, SOURCE_LIMIT)?, path)
}

/// The text of a service's model.
///
/// # Errors
/// As [`source`]; a service that is in the settings but was not added yet.
pub(crate) fn model(workspace: &Path, service: &str) -> Result<String> {
    let file = format!("models/{service}/model.json");
    let path = workspace.join(&file);
    ensure!(
        path.exists(),
        "{file} does not exist; `add {service}` writes it, from the `source` in models/attache.toml"
    );
    text(&path)
}

/// The first bytes of a file as text; nothing where they cannot be read.
pub(crate) fn beginning(path: &Path, bytes: u64) -> String {
    let mut read = Vec::new();
    let is_file = fs::metadata(path).is_ok_and(|file| file.is_file());
    if let (true, Ok(file)) = (is_file, File::open(path)) {
        // After an error, the bytes before it are the result.
        let _ = file.take(bytes).read_to_end(&mut read);
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// All bytes of a reader, of which there must not be more than `limit`.
///
/// # Errors
/// More bytes, or a reader that fails.
pub(crate) fn bounded(reader: impl Read, limit: u64, path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    ensure!(
        bytes.len() as u64 <= limit,
        "{} has more than {limit} bytes, the limit of such a file",
        path.display()
    );
    Ok(bytes)
}

fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let unreadable = || format!("could not read {}", path.display());
    // Opening a pipe waits for a writer, so the kind of the file is checked first.
    let metadata = fs::metadata(path).with_context(unreadable)?;
    if metadata.is_dir() {
        bail!("could not read {}: it is a folder", path.display());
    }
    ensure!(
        metadata.is_file(),
        "could not read {}: it is not a regular file, but a pipe, a socket or a device",
        path.display()
    );
    let file = File::open(path).with_context(unreadable)?;
    bounded(file, limit, path).with_context(unreadable)
}

fn utf8(mut bytes: Vec<u8>, path: &Path) -> Result<String> {
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..'\u{feff}'.len_utf8());
    }
    let text =
        String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))?;
    Ok(if text.contains("\r\n") {
        text.replace("\r\n", "\n")
    } else {
        text
    })
}
