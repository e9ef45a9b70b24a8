//! Writes JSON into one buffer.
//!
//! One flag controls the commas: it is set after a value or a closing bracket, and cleared after an opening bracket or
//! a key. Nothing checks that brackets match: the callers are generated, and their output is tested.

use std::fmt;
use std::io::Write as _;

#[cfg(feature = "tracing")]
use super::marks;
#[cfg(feature = "serde")]
use super::number::leading;
use super::scan::plain_prefix;
use crate::document::{Document, Number};
use crate::timestamp::{Timestamp, TimestampFormat};

/// Writes one JSON value, from left to right.
///
/// ```
/// let mut writer = attache_runtime::plumbing::json::Writer::with_capacity(64);
/// writer.begin_object();
/// writer.key("caseIds");
/// writer.begin_array();
/// writer.string("case-1");
/// writer.string("case-2");
/// writer.end_array();
/// writer.key("includeResolved");
/// writer.boolean(true);
/// writer.end_object();
/// assert_eq!(writer.into_bytes(), br#"{"caseIds":["case-1","case-2"],"includeResolved":true}"#);
/// ```
#[derive(Default)]
pub struct Writer {
    buffer: Vec<u8>,
    needs_comma: bool,
    /// Where the values begin that must not be shown.
    sensitive: Vec<usize>,
}

impl Writer {
    /// A writer with room for `capacity` bytes; it grows when that is not enough.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            buffer: Vec::with_capacity(capacity),
            needs_comma: false,
            sensitive: Vec::new(),
        }
    }

    /// The text written so far, as UTF-8.
    pub fn into_bytes(self) -> Vec<u8> {
        self.buffer
    }

    /// The text, and where the values in it begin that must not be shown.
    pub(crate) fn into_parts(self) -> (Vec<u8>, Vec<usize>) {
        (self.buffer, self.sensitive)
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.literal("null");
    }

    /// Writes `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.literal(if value { "true" } else { "false" });
    }

    /// Writes an integer; the narrower Smithy integers convert to `i64` without loss.
    pub fn integer(&mut self, value: i64) {
        self.display(format_args!("{value}"));
    }

    /// Writes the shortest decimal number that reads back as the same `f32`; NaN and the infinities as the
    /// strings `"NaN"`, `"Infinity"` and `"-Infinity"` (Smithy 2.0, AWS restJson1, "Shape serialization").
    #[inline]
    pub fn float(&mut self, value: f32) {
        match non_finite(value.into()) {
            Some(name) => self.string(name),
            None => self.display(format_args!("{value:?}")),
        }
    }

    /// Writes the shortest decimal number that reads back as the same `f64`; NaN and the infinities as
    /// [`float`](Self::float) does.
    #[inline]
    pub fn double(&mut self, value: f64) {
        match non_finite(value) {
            Some(name) => self.string(name),
            None => self.display(format_args!("{value:?}")),
        }
    }

    /// Writes a number that is a text already, or a string if the text is no number of JSON.
    #[cfg(feature = "serde")]
    pub(crate) fn decimal(&mut self, text: &str) {
        match leading(text) {
            Ok(number) if number.text.len() == text.len() => self.literal(text),
            _ => self.string(text),
        }
    }

    /// Writes a string.
    pub fn string(&mut self, value: &str) {
        self.separate();
        self.quoted(value);
    }

    /// Writes bytes as a base64 string: RFC 4648 section 4, with padding.
    pub fn blob(&mut self, value: &[u8]) {
        self.separate();
        // One reservation for the text and its quotes; the encoder itself would reserve the exact length without the
        // quotes.
        self.buffer
            .reserve(base64_simd::STANDARD.encoded_length(value.len()) + 2);
        self.buffer.push(b'"');
        base64_simd::STANDARD.encode_append(value, &mut self.buffer);
        self.buffer.push(b'"');
    }

    /// Writes a timestamp: a number for epoch-seconds, a string for the other formats.
    pub fn timestamp(&mut self, value: Timestamp, format: TimestampFormat) {
        let text = value.format(format);
        match format {
            TimestampFormat::EpochSeconds => self.literal(&text),
            TimestampFormat::DateTime | TimestampFormat::HttpDate => self.string(&text),
        }
    }

    /// Writes a document. The function recurses as deep as the document nests.
    #[inline]
    pub fn document(&mut self, value: &Document) {
        match value {
            Document::Null => self.null(),
            Document::Bool(value) => self.boolean(*value),
            Document::Number(Number::PosInt(value)) => self.display(format_args!("{value}")),
            Document::Number(Number::NegInt(value)) => self.integer(*value),
            Document::Number(Number::Float(value)) => self.double(*value),
            Document::String(value) => self.string(value),
            Document::Array(values) => {
                self.begin_array();
                for value in values {
                    self.document(value);
                }
                self.end_array();
            }
            Document::Object(members) => {
                self.begin_object();
                for (name, value) in members {
                    self.key(name);
                    self.document(value);
                }
                self.end_object();
            }
        }
    }

    /// Opens an object; [`key`](Self::key) and a value must follow in turns, then
    /// [`end_object`](Self::end_object).
    pub fn begin_object(&mut self) {
        self.begin(b'{');
    }

    /// Writes the key of a member.
    pub fn key(&mut self, name: &str) {
        self.separate();
        self.quoted(name);
        self.buffer.push(b':');
        self.needs_comma = false;
    }

    /// Writes the key of a member whose value must not be shown (`smithy.api#sensitive`).
    pub fn sensitive_key(&mut self, name: &str) {
        self.key(name);
        #[cfg(feature = "tracing")]
        if marks::is_recording() {
            self.sensitive.push(self.buffer.len());
        }
    }

    /// Closes an object.
    pub fn end_object(&mut self) {
        self.end(b'}');
    }

    /// Opens an array; values must follow, then [`end_array`](Self::end_array).
    pub fn begin_array(&mut self) {
        self.begin(b'[');
    }

    /// Closes an array.
    pub fn end_array(&mut self) {
        self.end(b']');
    }

    fn begin(&mut self, bracket: u8) {
        self.separate();
        self.buffer.push(bracket);
        self.needs_comma = false;
    }

    fn end(&mut self, bracket: u8) {
        self.buffer.push(bracket);
        self.needs_comma = true;
    }

    /// Prepares for a value: writes the comma before it, and sets the flag.
    fn separate(&mut self) {
        if self.needs_comma {
            self.buffer.push(b',');
        }
        self.needs_comma = true;
    }

    /// Writes a value that is JSON already.
    #[cfg(feature = "credential-chain")]
    pub(crate) fn raw(&mut self, json: &str) {
        self.literal(json);
    }

    pub(super) fn literal(&mut self, text: &str) {
        self.separate();
        self.buffer.extend_from_slice(text.as_bytes());
    }

    fn display(&mut self, value: fmt::Arguments<'_>) {
        self.separate();
        // Writing into a vector cannot fail.
        let _ = self.buffer.write_fmt(value);
    }

    fn quoted(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        self.buffer.reserve(rest.len() + 2);
        self.buffer.push(b'"');
        loop {
            let (plain, tail) = rest.split_at(plain_prefix(rest));
            self.buffer.extend_from_slice(plain);
            let Some((special, tail)) = tail.split_first() else {
                break;
            };
            self.escape(*special);
            rest = tail;
        }
        self.buffer.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        let short = match byte {
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            b'"' | b'\\' => byte,
            _ => {
                let _ = write!(self.buffer, "\\u{byte:04x}");
                return;
            }
        };
        self.buffer.extend_from_slice(&[b'\\', short]);
    }
}

/// Shows only the length, because the text may be confidential.
impl fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Writer")
            .field("length", &self.buffer.len())
            .finish_non_exhaustive()
    }
}

fn non_finite(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value == f64::INFINITY {
        Some("Infinity")
    } else if value == f64::NEG_INFINITY {
        Some("-Infinity")
    } else {
        None
    }
}
