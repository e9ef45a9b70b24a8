//! The error of the generator: the file, the place in it, and what is wrong.
//!
//! Other people write models, so every message must name the place of the fault. The place is built from the inside
//! out: the code that finds the fault adds the trait, its caller the shape, and the outermost caller the file. A
//! message is always one line, whatever names and values it contains.

use std::fmt;

use crate::escape::shortened;

/// How many characters of a place or a message are shown. Names and values in it are those of a model, of any length.
const SHOWN: usize = 2_000;

/// What stopped the generator.
///
/// `file` is the input file if it is known, `at` the absolute shape id (`namespace#Shape$member`) or another place
/// inside that file, and `message` says what is wrong and, where that is not obvious, what to do.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    /// The input file, as the caller named it; empty while unknown.
    pub file: String,
    /// The shape, trait or key; empty where the whole file is meant.
    pub at: String,
    /// What is wrong.
    pub message: String,
}

/// The result of a step of the generator.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error whose place is not known yet.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            file: String::new(),
            at: String::new(),
            message: message.into(),
        }
    }

    /// Names the place; an outer place is put before an inner one.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.at = if self.at.is_empty() {
            place.to_string()
        } else {
            format!("{place}: {}", self.at)
        };
        self
    }

    /// Names the file, unless an inner step already did.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        if self.file.is_empty() {
            self.file = file.to_owned();
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.file, &self.at] {
            if !part.is_empty() {
                write!(formatter, "{}: ", shortened(part, SHOWN))?;
            }
        }
        formatter.write_str(&shortened(&self.message, SHOWN))
    }
}

/// The text, because `main` and `unwrap` print `{:?}`; `{:#?}` shows the fields.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !formatter.alternate() {
            return fmt::Display::fmt(self, formatter);
        }
        formatter
            .debug_struct("Error")
            .field("file", &self.file)
            .field("at", &self.at)
            .field("message", &self.message)
            .finish()
    }
}

impl std::error::Error for Error {}

/// Adds a place to the error of a step.
pub trait Context<T> {
    /// Names the place where the step failed; the place is only written out on failure.
    fn at(self, place: impl fmt::Display) -> Result<T>;
}

impl<T> Context<T> for Result<T> {
    fn at(self, place: impl fmt::Display) -> Result<T> {
        self.map_err(|error| error.at(place))
    }
}
