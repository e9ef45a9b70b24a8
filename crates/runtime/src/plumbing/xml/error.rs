//! Errors in an XML text, with their place.

use std::borrow::Cow;
use std::fmt;

use crate::plumbing::causes;
use crate::plumbing::safe_line::safe_line;

/// How many characters of a name a path shows.
const NAME_LIMIT: usize = 64;

/// An error in an XML text, or a value of another kind than expected.
///
/// It names kinds (`text`), not the value that was found, which may be confidential. Only for an invalid timestamp, the
/// beginning of the text is shown, unless the model marks the timestamp as sensitive.
pub struct Error(Box<Place>);

struct Place {
    message: Cow<'static, str>,
    path: String,
    offset: usize,
    line: usize,
    column: usize,
}

impl Error {
    /// `message` about byte `offset` of `text`, where the elements of these names are open.
    #[cold]
    pub(super) fn new(
        text: &[u8],
        offset: usize,
        open: &[&str],
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let before = &text[..offset.min(text.len())];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        Self(Box::new(Place {
            message: message.into(),
            path: open.iter().copied().flat_map(step).collect(),
            offset,
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: before.len() - line_start + 1,
        }))
    }

    /// What was expected and what kind of thing was found.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The elements around the error, such as `/GetUserResponse/GetUserResult/User`; empty outside of the root. Names
    /// longer than 64 characters are truncated.
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

/// A step of a path.
fn step(name: &str) -> impl Iterator<Item = char> + '_ {
    let cut = name.chars().nth(NAME_LIMIT).map(|_| '…');
    let shown = name.chars().take(NAME_LIMIT);
    std::iter::once('/').chain(shown).chain(cut)
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
            write!(formatter, "xml::Error({self})")
        })
    }
}

impl std::error::Error for Error {}
