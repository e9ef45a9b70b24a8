//! Reads the characters between two quotes, of keys and of values.

use std::borrow::Cow;

use super::scan::plain_prefix;
use super::{Fields, Reader, Result, string};

/// From how many bytes on a string with escapes is handed over, and not copied: two of that length should not be in memory.
const LONG: usize = 4096;

impl<'a> Reader<'a> {
    /// The string whose opening quote is next; the caller has checked that.
    pub(super) fn quoted(&mut self) -> Result<Cow<'a, str>> {
        match self.plain_string() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.quoted_with_escapes(),
        }
    }

    /// The string whose opening quote is next, if there are no escapes in it. Reads nothing, and returns `None`, if
    /// anything else follows.
    #[inline(always)]
    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.position..)?.strip_prefix('"')?;
        let length = plain_prefix(rest.as_bytes());
        let (plain, tail) = rest.split_at_checked(length)?;
        tail.as_bytes().first().filter(|byte| **byte == b'"')?;
        self.position += length + 2;
        Some(plain)
    }

    /// The next key in the form that services send, without escapes and without white space around it. Reads nothing, and
    /// returns `None`, if anything else follows.
    #[inline(always)]
    pub(super) fn plain_key(&mut self, fields: &mut Fields) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let mut quote = self.position;
        if fields.started {
            bytes.get(quote).filter(|byte| **byte == b',')?;
            quote += 1;
        }
        bytes.get(quote).filter(|byte| **byte == b'"')?;
        let rest = self.text.get(quote + 1..)?;
        let length = plain_prefix(rest.as_bytes());
        let (key, tail) = rest.split_at_checked(length)?;
        tail.as_bytes().strip_prefix(b"\":")?;
        self.position = quote + length + 3;
        fields.started = true;
        Some(key)
    }

    /// A string that has escapes, or is not valid.
    #[cold]
    #[inline(never)]
    pub(super) fn quoted_with_escapes(&mut self) -> Result<Cow<'a, str>> {
        self.characters.clear();
        match string::decode(self.text, self.position + 1, Some(&mut self.characters)) {
            Ok(end) => {
                self.position = end + 1;
                if self.characters.len() < LONG {
                    return Ok(Cow::Owned(self.characters.clone()));
                }
                let mut characters = std::mem::take(&mut self.characters);
                characters.shrink_to_fit();
                Ok(Cow::Owned(characters))
            }
            Err(refusal) => Err(self.error_at(refusal.offset, refusal.message)),
        }
    }

    /// Passes over a string without reading its characters.
    pub(super) fn skip_quoted(&mut self) -> Result<()> {
        match string::decode(self.text, self.position + 1, None) {
            Ok(end) => {
                self.position = end + 1;
                Ok(())
            }
            Err(refusal) => Err(self.error_at(refusal.offset, refusal.message)),
        }
    }
}
