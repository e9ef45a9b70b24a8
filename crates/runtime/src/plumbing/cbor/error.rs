//! Errors in a CBOR text, with their place, which is computed only for an error.

use std::borrow::Cow;
use std::fmt;

use super::path::path;
use crate::plumbing::causes;
use crate::plumbing::safe_line::safe_line;

/// An error in a CBOR text, or a value of another kind than expected.
///
/// It names kinds (`a string`), not the value that was found, which may be confidential.
pub struct Error(Box<Place>);

struct Place {
    message: Cow<'static, str>,
    path: String,
    offset: usize,
}

impl Error {
    /// `message` about the item that begins at byte `offset` of `text`.
    #[cold]
    pub(super) fn new(text: &[u8], offset: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Place {
            message: message.into(),
            path: path(text, offset),
            offset,
        }))
    }

    /// What was expected and what kind of thing was found.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where the error is in the value, as a JSON Pointer (RFC 6901), such as `/cases/3/subject`; empty for the value as a
    /// whole. Keys longer than 64 characters are truncated, and control characters are replaced.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Where the error is in the text: bytes before it.
    pub fn offset(&self) -> usize {
        self.0.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place {
            message,
            path,
            offset,
        } = &*self.0;
        write!(formatter, "{}", safe_line(message))?;
        if !path.is_empty() {
            write!(formatter, " at {}", safe_line(path))?;
        }
        write!(formatter, " (byte {offset})")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            write!(formatter, "cbor::Error({self})")
        })
    }
}

impl std::error::Error for Error {}
