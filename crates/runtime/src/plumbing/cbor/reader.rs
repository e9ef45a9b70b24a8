//! A pull reader of CBOR.
//!
//! This module reads the structure of a text: heads, tags, strings, arrays, maps, skipped values. Nothing here has type
//! parameters, so it is compiled once for all clients; scalar values and whole collections are in modules of their own.

use std::borrow::Cow;
use std::fmt;

use super::head::{BREAK, Head, Malformed, NULL, UNDEFINED, parse};
use super::path::path;
use super::{DEPTH_LIMIT, Error, Result, VALUE_LIMIT};
use crate::plumbing::budget::Budget;
#[cfg(feature = "tracing")]
use crate::plumbing::json::marks::Marks;

/// Reads one CBOR value, from left to right.
///
/// Each method reads one value, including the tags before it. After an error, the position is undefined: drop the reader.
///
/// ```
/// use attache_runtime::plumbing::cbor::Reader;
///
/// // {"ids": ["a", "b"], "new": {}, "next": null}, in indefinite lengths
/// let bytes = b"\xbfcids\x9faaab\xffcnew\xbf\xffdnext\xf6\xff";
/// let mut reader = Reader::new(bytes);
/// let (mut ids, mut next) = (Vec::new(), None);
/// let mut fields = reader.object()?;
/// while let Some(key) = reader.key(&mut fields)? {
///     match key.as_ref() {
///         "ids" => ids = reader.list(Reader::string)?,
///         "next" => next = reader.nullable(Reader::string)?,
///         _ => reader.skip()?,
///     }
/// }
/// reader.finish()?;
/// assert_eq!((ids, next), (vec!["a".to_owned(), "b".to_owned()], None));
/// # Ok::<(), attache_runtime::plumbing::cbor::Error>(())
/// ```
pub struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) position: usize,
    depth: usize,
    pub(super) budget: Budget,
    #[cfg(feature = "tracing")]
    pub(super) marks: Option<Box<Marks>>,
}

/// The state of reading a map; created by [`Reader::object`].
#[derive(Debug)]
pub struct Fields {
    left: Option<u64>,
}

/// The state of reading an array; created by [`Reader::array`].
#[derive(Debug)]
pub struct Elements {
    left: Option<u64>,
}

impl<'a> Reader<'a> {
    /// A reader at the first value. The values use at most [`VALUE_LIMIT`] bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::with_value_limit(bytes, VALUE_LIMIT)
    }

    /// The same, with another limit in bytes for the memory of all values together: elements of lists, entries of maps,
    /// texts and bytes. An allocator may use half as much again while a list grows.
    pub fn with_value_limit(bytes: &'a [u8], limit: u64) -> Self {
        Self {
            bytes,
            position: 0,
            depth: 0,
            budget: Budget::new(limit),
            #[cfg(feature = "tracing")]
            marks: None,
        }
    }

    /// Makes sure that nothing follows.
    ///
    /// # Errors
    /// When anything does.
    pub fn finish(&mut self) -> Result<()> {
        match self.position == self.bytes.len() {
            true => Ok(()),
            false => Err(self.error("expected the end of the input, found more bytes")),
        }
    }

    /// Opens a map. [`key`](Self::key) and the reading of one value must alternate.
    ///
    /// # Errors
    /// When the next value is no map, or nests too deep.
    pub fn object(&mut self) -> Result<Fields> {
        let start = self.position;
        match self.value()? {
            Head::Map(left) => {
                self.enter(start)?;
                Ok(Fields { left })
            }
            head => Err(self.mismatch(start, "a map", head)),
        }
    }

    /// The key of the next member, or `None` when the map ends there.
    ///
    /// Keys are returned in the order of the text. The same key may occur twice: use the last one.
    ///
    /// # Errors
    /// When the key is no string.
    pub fn key(&mut self, fields: &mut Fields) -> Result<Option<Cow<'a, str>>> {
        match self.more(&mut fields.left) {
            true => self.text("a string as a key").map(Some),
            false => Ok(None),
        }
    }

    /// Opens an array. As long as [`element`](Self::element) returns `true`, one value must be read.
    ///
    /// # Errors
    /// When the next value is no array, or nests too deep.
    pub fn array(&mut self) -> Result<Elements> {
        let start = self.position;
        match self.value()? {
            Head::Array(left) => {
                self.enter(start)?;
                Ok(Elements { left })
            }
            head => Err(self.mismatch(start, "an array", head)),
        }
    }

    /// Whether there is one more element; `false` when the array ends there.
    ///
    /// # Errors
    /// None; the result is that of the JSON reader.
    pub fn element(&mut self, elements: &mut Elements) -> Result<bool> {
        Ok(self.more(&mut elements.left))
    }

    /// Reads any value and discards it, because it belongs to an unknown member. It must be valid nevertheless. The
    /// function does not recurse.
    ///
    /// # Errors
    /// When the text is no valid CBOR, or nests too deep.
    pub fn skip(&mut self) -> Result<()> {
        self.begin_unknown();
        self.skip_value()?;
        self.end_hidden();
        Ok(())
    }

    pub(super) fn skip_value(&mut self) -> Result<()> {
        // The items that are left in each open array or map.
        let mut open: Vec<Option<u64>> = Vec::new();
        loop {
            let start = self.position;
            match self.value()? {
                Head::Array(left) => {
                    self.enter(start)?;
                    open.push(left);
                }
                Head::Map(left) => {
                    self.enter(start)?;
                    open.push(left.map(|left| left.saturating_mul(2)));
                }
                head @ Head::Bytes(length) => drop(self.byte_string(start, head, length)?),
                Head::Text(length) => drop(self.text_of(start, length)?),
                _ => {}
            }
            loop {
                let Some(left) = open.last_mut() else {
                    return Ok(());
                };
                if self.more(left) {
                    break;
                }
                open.pop();
            }
        }
    }

    /// Reads `null` or `undefined` and returns `true`, or reads nothing and returns `false`.
    ///
    /// # Errors
    /// None; the result is that of the JSON reader.
    pub fn null(&mut self) -> Result<bool> {
        let length = self.null_length();
        self.position += length.unwrap_or_default();
        Ok(length.is_some())
    }

    /// The length of the `null` that is next, with its tags.
    fn null_length(&self) -> Option<usize> {
        let mut length = 0;
        // Most values are neither `null` nor tagged.
        if !matches!(self.bytes.get(self.position)?, 0xc0..=0xdb | 0xf6 | 0xf7) {
            return None;
        }
        loop {
            match parse(self.bytes.get(self.position + length..)?) {
                Ok((Head::Simple(NULL | UNDEFINED), head)) => return Some(length + head),
                Ok((Head::Tag(_), head)) => length += head,
                _ => return None,
            }
        }
    }

    /// An error about the next value, for conditions that only the caller can check.
    ///
    /// `message` should name what was expected, and no value.
    pub fn error(&self, message: impl Into<Cow<'static, str>>) -> Error {
        self.error_at(self.position, message)
    }
}

/// Functions on heads and strings.
impl<'a> Reader<'a> {
    /// The next head, which is consumed.
    fn head(&mut self) -> Result<Head> {
        match parse(&self.bytes[self.position..]) {
            Ok((head, length)) => {
                self.position += length;
                Ok(head)
            }
            Err(Malformed::End) => Err(self.error("expected a value, found the end of the input")),
            Err(Malformed::Reserved) => {
                Err(self.error("expected a value, found a byte that begins none"))
            }
        }
    }

    /// The head of the next value, and its innermost tag.
    pub(super) fn tagged(&mut self) -> Result<(Option<u64>, Head)> {
        let start = self.position;
        let mut innermost = None;
        loop {
            match self.head()? {
                Head::Tag(tag) => innermost = Some(tag),
                Head::Break => return Err(self.mismatch(start, "a value", Head::Break)),
                head => return Ok((innermost, head)),
            }
        }
    }

    /// The head of the next value, behind its tags.
    pub(super) fn value(&mut self) -> Result<Head> {
        self.tagged().map(|(_, head)| head)
    }

    fn enter(&mut self, start: usize) -> Result<()> {
        if self.depth == DEPTH_LIMIT {
            return Err(self.error_at(
                start,
                format!("expected arrays and maps to nest at most {DEPTH_LIMIT} deep"),
            ));
        }
        self.depth += 1;
        Ok(())
    }

    /// Whether an array or a map has one more item; closes it if not.
    fn more(&mut self, left: &mut Option<u64>) -> bool {
        let more = match left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None if self.bytes.get(self.position) == Some(&BREAK) => {
                self.position += 1;
                false
            }
            None => true,
        };
        if !more {
            self.depth = self.depth.saturating_sub(1);
        }
        more
    }

    /// The text that is next.
    pub(super) fn text(&mut self, expected: &str) -> Result<Cow<'a, str>> {
        let start = self.position;
        // Most texts are short.
        if let Some(first @ 0x60..=0x77) = self.bytes.get(start) {
            self.position += 1;
            return self.utf8(start, u64::from(first & 0x1f)).map(Cow::Borrowed);
        }
        match self.value()? {
            Head::Text(length) => self.text_of(start, length),
            head => Err(self.mismatch(start, expected, head)),
        }
    }

    /// The text of a string whose head was read.
    pub(super) fn text_of(&mut self, start: usize, length: Option<u64>) -> Result<Cow<'a, str>> {
        if let Some(length) = length {
            return self.utf8(start, length).map(Cow::Borrowed);
        }
        let mut text = String::new();
        loop {
            match self.head()? {
                Head::Text(Some(length)) => text.push_str(self.utf8(start, length)?),
                Head::Break => return Ok(Cow::Owned(text)),
                head => return Err(self.mismatch(start, "a string of strings", head)),
            }
        }
    }

    /// The bytes of a byte string whose head was read.
    pub(super) fn byte_string(
        &mut self,
        start: usize,
        head: Head,
        length: Option<u64>,
    ) -> Result<Cow<'a, [u8]>> {
        if let Some(length) = length {
            return self.span(start, length, head).map(Cow::Borrowed);
        }
        let mut bytes = Vec::new();
        loop {
            match self.head()? {
                Head::Bytes(Some(length)) => bytes.extend(self.span(start, length, head)?),
                Head::Break => return Ok(Cow::Owned(bytes)),
                found => return Err(self.mismatch(start, "a byte string of byte strings", found)),
            }
        }
    }

    fn utf8(&mut self, start: usize, length: u64) -> Result<&'a str> {
        let bytes = self.span(start, length, Head::Text(Some(length)))?;
        std::str::from_utf8(bytes).map_err(|_| self.error_at(start, "expected UTF-8"))
    }

    fn span(&mut self, start: usize, length: u64, head: Head) -> Result<&'a [u8]> {
        let end = usize::try_from(length)
            .ok()
            .and_then(|length| self.position.checked_add(length));
        match end.and_then(|end| self.bytes.get(self.position..end)) {
            Some(span) => {
                self.position += span.len();
                Ok(span)
            }
            None => {
                let name = head.name();
                Err(self.error_at(
                    start,
                    format!("expected {name}, found the end of the input in it"),
                ))
            }
        }
    }

    #[cold]
    pub(super) fn error_at(&self, offset: usize, message: impl Into<Cow<'static, str>>) -> Error {
        Error::binary("cbor", offset, path(self.bytes, offset), message)
    }

    /// A value that begins at `start` is not what was expected.
    #[cold]
    pub(super) fn mismatch(&self, start: usize, expected: &str, found: Head) -> Error {
        self.error_at(
            start,
            format!("expected {expected}, found {}", found.name()),
        )
    }
}

/// Shows only the position, because the text may be confidential.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
