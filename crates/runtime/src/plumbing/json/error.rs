//! Errors in a JSON text, with their place.
//!
//! The place is computed only for an error: line and column by counting, the path by scanning the text before the error
//! again. A reader without an error therefore keeps no records.

use std::borrow::Cow;
use std::fmt;

use crate::plumbing::causes;
use crate::plumbing::safe_line::safe_line;

use super::{DEPTH_LIMIT, string};

/// How many characters of a key a path shows; maps may have keys of any length.
const KEY_LIMIT: usize = 64;

/// An error in a JSON text, or a value of another kind than expected.
///
/// It names kinds (`a string`), not the value that was found, which may be confidential. Only for an invalid timestamp,
/// the beginning of the text is shown, unless the model marks the timestamp as sensitive.
pub struct Error(Box<Place>);

struct Place {
    message: Cow<'static, str>,
    path: String,
    offset: usize,
    line: usize,
    column: usize,
}

impl Error {
    /// `message` about byte `offset` of `text`.
    #[cold]
    pub(super) fn new(text: &[u8], offset: usize, message: impl Into<Cow<'static, str>>) -> Self {
        let before = &text[..offset.min(text.len())];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        Self(Box::new(Place {
            message: message.into(),
            path: path(before),
            offset,
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: before.len() - line_start + 1,
        }))
    }

    /// What was expected and what kind of thing was found.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where the error is in the value, as a JSON Pointer (RFC 6901), such as `/cases/3/subject`; empty for the value
    /// as a whole. Keys longer than 64 characters are truncated, and control characters are replaced.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Where the error is in the text: bytes before it.
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// The line of the error, from 1.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// The column of the error in bytes, from 1.
    pub fn column(&self) -> usize {
        self.0.column
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place {
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
        write!(formatter, " (line {line}, column {column}, byte {offset})")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            write!(formatter, "json::Error({self})")
        })
    }
}

impl std::error::Error for Error {}

/// An array or object that is open where the text ends.
enum Level {
    Array {
        index: usize,
    },
    Object {
        key: Option<(usize, usize)>,
        before_colon: bool,
    },
}

/// The JSON Pointer to the end of `text`, the part before an error.
///
/// It makes no assumption about the text: after a syntax error it may be anything. A text that nests deeper than the
/// limit has no path; such a text is only checked for UTF-8.
pub(super) fn path(text: &[u8]) -> String {
    let mut levels = Vec::new();
    let mut position = 0;
    while let Some(byte) = text.get(position) {
        position += 1;
        if levels.len() > DEPTH_LIMIT {
            return String::new();
        }
        match (byte, levels.last_mut()) {
            (b'{', _) => levels.push(Level::Object {
                key: None,
                before_colon: true,
            }),
            (b'[', _) => levels.push(Level::Array { index: 0 }),
            (b'}' | b']', _) => drop(levels.pop()),
            (b',', Some(Level::Array { index })) => *index += 1,
            (b',', Some(Level::Object { key, before_colon })) => {
                (*key, *before_colon) = (None, true)
            }
            (b':', Some(Level::Object { before_colon, .. })) => *before_colon = false,
            (b'"', level) => {
                let end = string::end(text, position);
                if let Some(Level::Object {
                    key,
                    before_colon: true,
                }) = level
                {
                    *key = Some((position, end));
                }
                position = end + 1;
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for level in &levels {
        match level {
            Level::Array { index } => path.push_str(&format!("/{index}")),
            Level::Object {
                key: Some((start, end)),
                ..
            } => push_key(&mut path, &text[*start..*end]),
            Level::Object { key: None, .. } => {}
        }
    }
    path
}

fn push_key(path: &mut String, raw: &[u8]) {
    // A character takes twelve bytes at most, as two escapes.
    let key = string::lossy(&raw[..raw.len().min((KEY_LIMIT + 1) * 12)]);
    path.push('/');
    for (count, character) in key.chars().enumerate() {
        match character {
            _ if count == KEY_LIMIT => {
                path.push('…');
                break;
            }
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            _ if character.is_control() => path.push(char::REPLACEMENT_CHARACTER),
            _ => path.push(character),
        }
    }
}
