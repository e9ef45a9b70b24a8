//! Reads a whole value for a person: from a fixture, or from another format by serde.
//!
//! Generated code reads a message of a call member by member, from its body and its headers. Here the message is one
//! JSON object. Members are therefore known by their names in the model, too, and unknown ones can be reported.

use super::path::path;
use super::{Reader, Result};
use crate::texts::join;

/// A type of a client crate that is read as one JSON value. The crates implement it with their feature `serde`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from JSON",
    note = "switch on the feature `serde` of the client crate"
)]
pub trait FromJson: Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// When the next value is not of that form.
    fn read_json(reader: &mut Reader<'_>) -> Result<Self>;
}

/// The required members that an object still lacks.
#[derive(Debug)]
pub struct Required(Vec<&'static str>);

impl Required {
    /// The names of all required members.
    #[inline]
    pub fn new(names: &[&'static str]) -> Self {
        Self(names.to_vec())
    }

    /// Notes that the object has a member.
    #[inline]
    pub fn found(&mut self, name: &str) {
        self.0.retain(|required| *required != name);
    }

    /// Checks that no member is missing.
    ///
    /// # Errors
    /// When one is; the error names all of them.
    #[inline]
    pub fn check(self, reader: &Reader<'_>) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let names = join(&self.0, "`, `");
        Err(reader.error(format!(
            "expected an object with all required members, found one without `{names}`"
        )))
    }
}

impl<'a> Reader<'a> {
    /// Reads members by their names in the model, too.
    #[must_use]
    pub fn by_member_names(mut self) -> Self {
        self.has_member_names = true;
        self
    }

    /// Reads whatever `read` reads, which is not `null`.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn required<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        read(self)
    }

    /// Notes the paths of skipped members: see [`unknown`](Self::unknown).
    #[must_use]
    #[inline]
    pub fn noting_unknown(mut self) -> Self {
        self.unknown = Some(Vec::new());
        self
    }

    /// The JSON Pointers of the members that the model lacks, in the order of the text. `__type` is not one of them: it
    /// is part of the protocols.
    pub fn unknown(&self) -> &[String] {
        self.unknown.as_deref().unwrap_or_default()
    }

    /// Translates a key by pairs of names, if [members are known by their names](Self::by_member_names).
    #[inline]
    pub fn renamed<'n>(&self, key: &'n str, pairs: &[(&str, &'n str)]) -> &'n str {
        let mut pairs = pairs.iter().filter(|_| self.has_member_names);
        pairs
            .find(|(from, _)| *from == key)
            .map_or(key, |(_, to)| *to)
    }

    /// Notes that the next value belongs to an unknown member.
    pub(super) fn note_unknown(&mut self) {
        let before = &self.text.as_bytes()[..self.position];
        if let Some(unknown) = &mut self.unknown {
            let path = path(before);
            if !path.ends_with("/__type") {
                unknown.push(path);
            }
        }
    }
}

/// Reads a text that is one value of the type. The reader has settings of the caller.
///
/// # Errors
/// When the text is not of that form.
#[cfg(feature = "serde")]
pub(crate) fn whole<T: FromJson>(reader: &mut Reader<'_>) -> Result<T> {
    let value = T::read_json(reader)?;
    reader.finish()?;
    Ok(value)
}
