//! The fingerprint of a content: its length and its hash.

use std::io::Read;

use sha2::{Digest, Sha256};

use crate::plumbing::checksum::hex;

/// The length and the SHA-256 of a content: an upload continues only with the file with which it began.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fingerprint {
    /// The length in bytes.
    pub length: u64,
    /// The hash, in hexadecimal digits.
    pub sha256: String,
}

impl Fingerprint {
    /// Reads a content to its end.
    ///
    /// # Errors
    /// What the content reports.
    pub fn of(mut content: impl Read) -> std::io::Result<Self> {
        let mut hash = Sha256::new();
        let mut length = 0_u64;
        let mut piece = vec![0_u8; 256 * 1024];
        loop {
            let read = match content.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hash.update(&piece[..read]);
            length += read as u64;
        }
        let sha256 = hex(&hash.finalize());
        Ok(Self { length, sha256 })
    }
}
