//! What binds a saved state to what it was made for.
//!
//! A saved state names the case and the upload that bytes go to. If it was mixed up with another one or edited, evidence
//! would go to a stranger's case, so each state carries a hash of what must not change, and is refused when it differs. The
//! hash finds mistakes. It is no signature: who can write the file can compute it.

use sha2::{Digest, Sha256};

use crate::checksum::hex;
use crate::error::{Error, ErrorKind};
use crate::fingerprint::Fingerprint;

/// The hash of some fields. Each is preceded by its length, so that no field can pass for a part of another.
pub(crate) fn binding(kind: &str, fingerprint: &Fingerprint, fields: &[&str]) -> String {
    let length = fingerprint.length.to_string();
    let first = [kind, length.as_str(), fingerprint.sha256.as_str()];
    let mut hash = Sha256::new();
    for field in first.iter().chain(fields) {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    hex(&hash.finalize())
}

/// Whether a state is still what it was made for.
pub(crate) fn check(expected: &str, found: &str) -> Result<(), Error> {
    if expected == found {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::State,
        "the saved state was changed since it was made: its case, its upload or its file is another one; begin a new upload",
    ))
}

/// Whether all that a state says of the parts that were sent is true of the file. It goes into the manifest.
pub(crate) fn check_sent(is_true: bool) -> Result<(), Error> {
    if is_true {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::State,
        "the saved state was changed since it was made: a part in it does not match the file; begin a new upload",
    ))
}
