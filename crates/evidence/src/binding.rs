//! A hash that binds a saved state to its case, its upload or download, and its file.
//!
//! A saved state names the case and the upload that receive the bytes. If it was confused with another state or edited,
//! evidence would be sent to a wrong case. Each state therefore contains a hash of the fields that must not change, and
//! a state with another hash is refused. The hash detects mistakes. It is no signature: whoever can write the file can
//! compute it.

use attache_transfer::plumbing::checksum::hex;
use attache_transfer::plumbing::fingerprint::Fingerprint;
use attache_transfer::{Error, ErrorKind};
use sha2::{Digest, Sha256};

/// The hash of a content and some fields. Each is preceded by its length, so that the boundaries between fields are unambiguous.
pub(crate) fn binding(kind: &str, fingerprint: &Fingerprint, fields: &[&str]) -> String {
    let length = fingerprint.length.to_string();
    let mut all = vec![kind, length.as_str(), fingerprint.sha256.as_str()];
    all.extend(fields);
    of_fields(&all)
}

/// The hash of some fields, of which the first says of what they are.
pub(crate) fn of_fields(fields: &[&str]) -> String {
    let mut hash = Sha256::new();
    for field in fields {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    hex(&hash.finalize())
}

/// Validates that the hash of a state matches its fields.
pub(crate) fn validate(expected: &str, found: &str) -> Result<(), Error> {
    if expected == found {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::State,
        "the saved state was changed after it was saved: its case, its file or another field differs; begin again \
         without it",
    ))
}

/// Validates that the sent parts in a state match the file. They become part of the manifest.
pub(crate) fn validate_sent(is_true: bool) -> Result<(), Error> {
    if is_true {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::State,
        "the saved state was changed after it was saved: a part in it does not match the file; begin a new upload",
    ))
}
