//! A pull reader of JSON.
//!
//! This module reads the structure of a text: white space, objects, arrays, skipped values. Nothing here has type
//! parameters, so it is compiled once for all clients; scalar values and whole collections are in modules of their own.

use std::borrow::Cow;
use std::fmt;

use super::kind::kind_of;
#[cfg(feature = "tracing")]
use super::marks::Marks;
use super::path::path;
use super::{DEPTH_LIMIT, Error, Kind, Result, VALUE_LIMIT, number};
use crate::plumbing::budget::Budget;

/// Reads one JSON value, from left to right.
///
/// Each method reads one value, including the white space before it. After an error, the position is undefined: drop
/// the reader.
///
/// ```
/// use attache_runtime::plumbing::json::Reader;
///
/// let mut reader = Reader::new(br#"{"cases": [{"caseId": "case-1", "new": {}}], "nextToken": null}"#)?;
/// let (mut ids, mut next_token) = (Vec::new(), None);
/// let mut fields = reader.object()?;
/// while let Some(key) = reader.key(&mut fields)? {
///     match key.as_ref() {
///         "cases" => ids = reader.list(|reader| {
///             let mut id = String::new();
///             let mut fields = reader.object()?;
///             while let Some(key) = reader.key(&mut fields)? {
///                 match key.as_ref() {
///                     "caseId" => id = reader.string()?,
///                     _ => reader.skip()?,
///                 }
///             }
///             Ok(id)
///         })?,
///         "nextToken" => next_token = reader.nullable(Reader::string)?,
///         _ => reader.skip()?,
///     }
/// }
/// reader.finish()?;
/// assert_eq!((ids, next_token), (vec!["case-1".to_owned()], None));
/// # Ok::<(), attache_runtime::plumbing::json::Error>(())
/// ```
pub struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) position: usize,
    depth: usize,
    /// The characters of the last string with escapes. They are copied from here, because their length is not known before.
    pub(super) characters: String,
    pub(super) budget: Budget,
    /// Whether members are known by their names in the model, too.
    pub(super) has_member_names: bool,
    /// The paths of unknown members, if somebody wants to know them.
    pub(super) unknown: Option<Vec<String>>,
    #[cfg(feature = "tracing")]
    pub(super) marks: Option<Box<Marks>>,
}

/// The state of reading an object; created by [`Reader::object`].
#[derive(Debug)]
pub struct Fields {
    pub(super) started: bool,
}

/// The state of reading an array; created by [`Reader::array`].
#[derive(Debug)]
pub struct Elements {
    started: bool,
}

impl<'a> Reader<'a> {
    /// A reader at the first value of `text`. The values use at most [`VALUE_LIMIT`] bytes.
    ///
    /// # Errors
    /// When the text is not UTF-8, or begins with a byte order mark (RFC 8259 section 8.1).
    pub fn new(text: &'a [u8]) -> Result<Self> {
        Self::with_value_limit(text, VALUE_LIMIT)
    }

    /// The same, with another limit in bytes for the memory of all values together: elements of lists, entries of maps,
    /// texts and bytes. An allocator may use half as much again while a list grows.
    ///
    /// # Errors
    /// When the text is not UTF-8, or begins with a byte order mark.
    #[inline(never)]
    pub fn with_value_limit(text: &'a [u8], bytes: u64) -> Result<Self> {
        match std::str::from_utf8(text) {
            Ok(valid) if valid.starts_with('\u{feff}') => Err(error_in(
                text,
                0,
                "expected a JSON value, found a byte order mark".into(),
            )),
            Ok(valid) => Ok(Self {
                text: valid,
                position: 0,
                depth: 0,
                characters: String::new(),
                budget: Budget::new(bytes),
                has_member_names: false,
                unknown: None,
                #[cfg(feature = "tracing")]
                marks: None,
            }),
            Err(invalid) => Err(error_in(
                text,
                invalid.valid_up_to(),
                "expected UTF-8".into(),
            )),
        }
    }

    /// Makes sure that only white space follows.
    ///
    /// # Errors
    /// When anything else does.
    pub fn finish(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.mismatch("the end of the input")),
        }
    }

    /// The kind of the next value, which is not consumed.
    ///
    /// # Errors
    /// When the next character begins no value.
    pub fn peek_kind(&mut self) -> Result<Kind> {
        match self.peek().and_then(kind_of) {
            Some(kind) => Ok(kind),
            None => Err(self.mismatch("a value")),
        }
    }

    /// Opens an object. [`key`](Self::key) and the reading of one value must alternate.
    ///
    /// # Errors
    /// When the next value is no object, or nests too deep.
    pub fn object(&mut self) -> Result<Fields> {
        self.open(b'{', "an object")?;
        Ok(Fields { started: false })
    }

    /// The key of the next member, or `None` when the object ends there.
    ///
    /// Keys are returned in the order of the text. The same key may occur twice: use the last one.
    ///
    /// # Errors
    /// When neither a member nor the end follows.
    pub fn key(&mut self, fields: &mut Fields) -> Result<Option<Cow<'a, str>>> {
        if let Some(key) = self.plain_key(fields) {
            return Ok(Some(Cow::Borrowed(key)));
        }
        self.any_key(fields)
    }

    #[inline(never)]
    fn any_key(&mut self, fields: &mut Fields) -> Result<Option<Cow<'a, str>>> {
        if !self.next_key(&mut fields.started)? {
            return Ok(None);
        }
        let key = self.quoted()?;
        self.colon()?;
        Ok(Some(key))
    }

    /// Opens an array. As long as [`element`](Self::element) returns `true`, one value must be read.
    ///
    /// # Errors
    /// When the next value is no array, or nests too deep.
    pub fn array(&mut self) -> Result<Elements> {
        self.open(b'[', "an array")?;
        Ok(Elements { started: false })
    }

    /// Whether there is one more element; `false` when the array ends there.
    ///
    /// # Errors
    /// When neither an element nor the end follows.
    pub fn element(&mut self, elements: &mut Elements) -> Result<bool> {
        match self.peek() {
            Some(b']') => {
                self.close();
                return Ok(false);
            }
            Some(b',') if elements.started => self.position += 1,
            Some(_) if !elements.started => {}
            None if !elements.started => return Err(self.mismatch("a value or `]`")),
            _ => return Err(self.mismatch("`,` or `]`")),
        }
        elements.started = true;
        Ok(true)
    }

    /// Reads any value and discards it, because it belongs to an unknown member. It must be valid nevertheless. The
    /// function does not recurse.
    ///
    /// # Errors
    /// When the text is no valid JSON, or nests too deep.
    pub fn skip(&mut self) -> Result<()> {
        self.begin_unknown();
        self.skip_value()?;
        self.end_hidden();
        Ok(())
    }

    pub(super) fn skip_value(&mut self) -> Result<()> {
        // The open brackets as bits, the innermost one lowest: 1 is an object. At most `DEPTH_LIMIT` bits are needed;
        // brackets around the skipped value are not included.
        const { assert!(DEPTH_LIMIT <= u128::BITS as usize) };
        self.note_unknown();
        let mut objects = 0_u128;
        let outside = self.depth;
        loop {
            let mut started = true;
            match self.peek_kind()? {
                Kind::Null => self.literal("null")?,
                Kind::Boolean => drop(self.boolean()?),
                Kind::Number => drop(self.number()?),
                Kind::String => self.skip_quoted()?,
                Kind::Array => {
                    self.open(b'[', "an array")?;
                    (objects, started) = (objects << 1, false);
                }
                Kind::Object => {
                    self.open(b'{', "an object")?;
                    (objects, started) = (objects << 1 | 1, false);
                }
            }
            // Closes what ends here, up to the next value.
            loop {
                if self.depth == outside {
                    return Ok(());
                }
                let more = if objects & 1 == 1 {
                    self.next_key(&mut started)?
                        && self
                            .skip_quoted()
                            .and_then(|()| self.colon())
                            .map(|()| true)?
                } else {
                    self.element(&mut Elements { started })?
                };
                if more {
                    break;
                }
                (objects, started) = (objects >> 1, true);
            }
        }
    }

    /// An error about the next value, for conditions that only the caller can check, such as a union with two members.
    ///
    /// `message` should name what was expected, and no value.
    pub fn error(&self, message: impl Into<Cow<'static, str>>) -> Error {
        self.error_at(self.position, message)
    }
}

/// Functions on single characters.
impl<'a> Reader<'a> {
    /// The next character that is not white space (RFC 8259 section 2), which is not consumed.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        match self.text.as_bytes().get(self.position) {
            // Services send no white space.
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.peek_behind_space(),
        }
    }

    #[cold]
    #[inline(never)]
    fn peek_behind_space(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.position) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.position += 1,
                other => return other.copied(),
            }
        }
    }

    #[inline(always)]
    fn open(&mut self, bracket: u8, name: &str) -> Result<()> {
        if self.peek() != Some(bracket) {
            return Err(self.mismatch(name));
        }
        if self.depth == DEPTH_LIMIT {
            return Err(self.error(format!(
                "expected arrays and objects to nest at most {DEPTH_LIMIT} deep"
            )));
        }
        self.depth += 1;
        self.position += 1;
        Ok(())
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.position += 1;
    }

    /// Advances to the opening quote of the next key and returns `true`, or closes the object and returns `false`.
    #[inline(always)]
    fn next_key(&mut self, started: &mut bool) -> Result<bool> {
        match self.peek() {
            Some(b',') if *started => {
                self.position += 1;
                match self.peek() {
                    Some(b'"') => Ok(true),
                    _ => Err(self.mismatch("a key")),
                }
            }
            Some(b'"') if !*started => {
                *started = true;
                Ok(true)
            }
            Some(b'}') => {
                self.close();
                Ok(false)
            }
            _ if *started => Err(self.mismatch("`,` or `}`")),
            _ => Err(self.mismatch("a key or `}`")),
        }
    }

    fn colon(&mut self) -> Result<()> {
        if self.peek() != Some(b':') {
            return Err(self.mismatch("`:`"));
        }
        self.position += 1;
        Ok(())
    }

    /// The number that is next; the caller has checked that.
    pub(super) fn number(&mut self) -> Result<number::NumberText<'a>> {
        match number::leading(&self.text[self.position..]) {
            Ok(number) => {
                self.position += number.text.len();
                Ok(number)
            }
            Err((offset, message)) => Err(self.error_at(self.position + offset, message)),
        }
    }

    #[cold]
    pub(super) fn error_at(&self, offset: usize, message: impl Into<Cow<'static, str>>) -> Error {
        error_in(self.text.as_bytes(), offset, message.into())
    }

    /// The next value or character is not what was expected.
    #[cold]
    pub(super) fn mismatch(&mut self, expected: &str) -> Error {
        let found = match self.peek() {
            None => "the end of the input",
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b'-' | b'0'..=b'9') => "a number",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            Some(b',') => "`,`",
            Some(b':') => "`:`",
            Some(b']') => "`]`",
            Some(b'}') => "`}`",
            Some(_) => "a character that begins no JSON value",
        };
        self.error_at(self.position, format!("expected {expected}, found {found}"))
    }
}

/// Shows only the position, because the text may be confidential.
impl fmt::Debug for Reader<'_> {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// `message` about byte `offset` of `text`.
#[cold]
#[inline(never)]
fn error_in(text: &[u8], offset: usize, message: Cow<'static, str>) -> Error {
    let before = &text[..offset.min(text.len())];
    Error::text("json", before, offset, path(before), message)
}
