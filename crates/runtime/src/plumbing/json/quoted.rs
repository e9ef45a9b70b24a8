//! Reads the characters between two quotes, of keys and of values.

use std::borrow::Cow;

use super::scan::{plain_prefix, plain_prefix_of_short};
use super::{Fields, Reader, Result, string};

impl<'a> Reader<'a> {
    /// The string whose opening quote is next; the caller has checked that.
    #[inline(always)]
    pub(super) fn quoted(&mut self) -> Result<Cow<'a, str>> {
        let start = self.position + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        let length = plain_prefix(rest.as_bytes());
        match rest.split_at_checked(length) {
            Some((plain, tail)) if tail.as_bytes().first() == Some(&b'"') => {
                self.position = start + length + 1;
                Ok(Cow::Borrowed(plain))
            }
            _ => self.quoted_with_escapes(start, start + length),
        }
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
        let length = plain_prefix_of_short(rest.as_bytes());
        let (key, tail) = rest.split_at_checked(length)?;
        tail.as_bytes().strip_prefix(b"\":")?;
        self.position = quote + length + 3;
        fields.started = true;
        Some(key)
    }

    /// A string that has escapes, or is not valid. The first character that is not plain is at `from`.
    #[cold]
    #[inline(never)]
    fn quoted_with_escapes(&mut self, start: usize, from: usize) -> Result<Cow<'a, str>> {
        let escaped = self.end_of_string(from)?;
        let raw = &self.text[start..self.position - 1];
        Ok(match escaped {
            true => Cow::Owned(string::unescape(raw)),
            false => Cow::Borrowed(raw),
        })
    }

    /// Passes over a string without reading its characters.
    pub(super) fn skip_quoted(&mut self) -> Result<()> {
        self.end_of_string(self.position + 1).map(drop)
    }

    /// Advances behind the closing quote, from a position in a string. Returns whether there are escapes in between.
    fn end_of_string(&mut self, from: usize) -> Result<bool> {
        match string::span(self.text, from) {
            Ok(span) => {
                self.position = span.end + 1;
                Ok(span.escaped)
            }
            Err(refusal) => Err(self.error_at(refusal.offset, refusal.message)),
        }
    }
}
