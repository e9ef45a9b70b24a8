//! Errors in a text that is read, with their place.
//!
//! The place is computed only for an error: line and column by counting, the path by the module of the format. A reader
//! without an error therefore keeps no records.

use std::borrow::Cow;
use std::fmt;

use crate::formatting::write;
use crate::plumbing::causes;
use crate::plumbing::safe_line::safe_line;
use crate::texts::line_behind;

/// How many characters of a key or a name a path shows; maps may have keys of any length.
pub(super) const NAME_LIMIT: usize = 64;

/// An error in a text, or a value of another kind than expected.
///
/// It names kinds (`a string`), not the value that was found, which may be confidential. Only for an invalid timestamp,
/// the beginning of the text is shown, unless the model marks the timestamp as sensitive.
pub struct ReadError(Box<Place>);

struct Place {
    format: &'static str,
    message: Cow<'static, str>,
    path: String,
    offset: usize,
    line: usize,
    column: usize,
}

impl ReadError {
    /// `message` about byte `offset` of a binary text in this format.
    #[cold]
    #[cfg(feature = "cbor")]
    pub(super) fn binary(
        format: &'static str,
        offset: usize,
        path: String,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Place {
            format,
            message: message.into(),
            path,
            offset,
            line: 0,
            column: 0,
        }))
    }

    /// `message` about the byte behind `before`, the part of the text before the error.
    #[cold]
    #[inline(never)]
    pub(super) fn text(
        format: &'static str,
        before: &[u8],
        offset: usize,
        path: String,
        message: Cow<'static, str>,
    ) -> Self {
        let mut line_start = before.len();
        while line_start > 0 && before[line_start - 1] != b'\n' {
            line_start -= 1;
        }
        Self(Box::new(Place {
            format,
            message,
            path,
            offset,
            line: line_behind(before),
            column: before.len() - line_start + 1,
        }))
    }

    /// What was expected and what kind of thing was found.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where the error is. In JSON and CBOR a JSON Pointer (RFC 6901) into the value, such as `/cases/3/subject`; empty for
    /// the value as a whole. In XML the elements around the error, such as `/GetUserResponse/GetUserResult/User`; empty
    /// outside of the root. Names longer than 64 characters are truncated, and control characters in keys are replaced.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Where the error is in the text: bytes before it.
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// The line of the error, from 1; 0 in CBOR, which has no lines.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// The column of the error in bytes, from 1; 0 in CBOR.
    pub fn column(&self) -> usize {
        self.0.column
    }
}

/// Adds a key to a JSON Pointer.
pub(super) fn push_key(path: &mut String, key: &str) {
    path.push('/');
    let mut left = NAME_LIMIT;
    for character in key.chars() {
        match character {
            _ if left == 0 => {
                path.push('…');
                break;
            }
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            _ if character.is_control() => path.push(char::REPLACEMENT_CHARACTER),
            _ => path.push(character),
        }
        left -= 1;
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place {
            format: _,
            message,
            path,
            offset,
            line,
            column,
        } = &*self.0;
        write!(formatter, "{}", safe_line(message))?;
        if !path.is_empty() {
            write!(formatter, " at {}", safe_line(path))?;
        }
        match line {
            0 => write!(formatter, " (byte {offset})"),
            _ => write!(formatter, " (line {line}, column {column}, byte {offset})"),
        }
    }
}

impl fmt::Debug for ReadError {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            write!(formatter, "{}::Error({self})", self.0.format)
        })
    }
}

impl std::error::Error for ReadError {}
