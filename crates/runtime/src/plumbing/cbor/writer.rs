//! Writes CBOR into one buffer.
//!
//! Nothing checks that openings and closings match: the callers are generated, and their output is tested.

use std::fmt;

use super::big::{bytes, next};
use super::head::{FALSE, NULL, TRUE, encode, major, push};
use super::number::{DECIMAL_FRACTION, NEGATIVE_BIGNUM, POSITIVE_BIGNUM};
use crate::big::{BigDecimal, BigInteger};
use crate::document::{Document, Number};
#[cfg(feature = "tracing")]
use crate::plumbing::json::marks;
use crate::timestamp::{Timestamp, TimestampFormat};

/// The tag of a time in seconds since 1970 (RFC 8949 section 3.4.2).
const EPOCH: u64 = 1;

/// Writes one CBOR value, from left to right.
///
/// ```
/// let mut writer = attache_runtime::plumbing::cbor::Writer::with_capacity(64);
/// writer.begin_object();
/// writer.key("ids");
/// writer.array(2);
/// writer.string("a");
/// writer.string("b");
/// writer.key("all");
/// writer.boolean(true);
/// writer.end_object();
/// assert_eq!(writer.into_bytes(), b"\xa2cids\x82aaabcall\xf5");
/// ```
#[derive(Default)]
pub struct Writer {
    buffer: Vec<u8>,
    /// The structures that are open: where their heads are, and how many members they have.
    open: Vec<(usize, u64)>,
    /// Where values begin that must not be shown, in ascending order.
    sensitive: Vec<usize>,
}

impl Writer {
    /// A writer with room for `capacity` bytes; it grows when that is not enough.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            buffer: Vec::with_capacity(capacity),
            open: Vec::new(),
            sensitive: Vec::new(),
        }
    }

    /// What was written so far.
    pub fn into_bytes(self) -> Vec<u8> {
        self.buffer
    }

    /// What was written, and where the values begin that must not be shown.
    pub(crate) fn into_parts(self) -> (Vec<u8>, Vec<usize>) {
        (self.buffer, self.sensitive)
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.simple(NULL);
    }

    /// Writes `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.simple(if value { TRUE } else { FALSE });
    }

    /// Writes an integer in its shortest form; the narrower Smithy integers convert to `i64` without loss.
    pub fn integer(&mut self, value: i64) {
        match u64::try_from(value) {
            Ok(value) => self.head(major::UNSIGNED, value),
            Err(_) => self.head(major::NEGATIVE, !value as u64),
        }
    }

    /// Writes a float of 32 bits.
    pub fn float(&mut self, value: f32) {
        self.buffer.push(major::SIMPLE << 5 | 26);
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// Writes a float of 64 bits.
    pub fn double(&mut self, value: f64) {
        self.buffer.push(major::SIMPLE << 5 | 27);
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// Writes an integer of any length: as an integer where it fits into 64 bits, else as a bignum.
    pub fn big_integer(&mut self, value: &BigInteger) {
        self.digits(value.as_str());
    }

    /// Writes a decimal number of any length: as a decimal fraction.
    pub fn big_decimal(&mut self, value: &BigDecimal) {
        let (mantissa, exponent) = value.parts();
        self.head(major::TAG, DECIMAL_FRACTION);
        self.array(2);
        self.integer(exponent);
        self.digits(&mantissa);
    }

    /// Writes an integer of digits with an optional sign.
    fn digits(&mut self, text: &str) {
        if let Ok(value) = text.parse::<u64>() {
            return self.head(major::UNSIGNED, value);
        }
        match text.strip_prefix('-').filter(|digits| *digits != "0") {
            None => self.bignum(POSITIVE_BIGNUM, text),
            Some(digits) => {
                let argument = next(digits, false);
                match argument.parse::<u64>() {
                    Ok(argument) => self.head(major::NEGATIVE, argument),
                    Err(_) => self.bignum(NEGATIVE_BIGNUM, &argument),
                }
            }
        }
    }

    fn bignum(&mut self, tag: u64, digits: &str) {
        self.head(major::TAG, tag);
        self.blob(&bytes(digits.trim_start_matches(['+', '-'])));
    }

    /// Writes a string.
    pub fn string(&mut self, value: &str) {
        self.head(major::TEXT, value.len() as u64);
        self.buffer.extend_from_slice(value.as_bytes());
    }

    /// Writes bytes.
    pub fn blob(&mut self, value: &[u8]) {
        self.head(major::BYTES, value.len() as u64);
        self.buffer.extend_from_slice(value);
    }

    /// Writes a timestamp: epoch-seconds as a double, with tag 1. The trait `timestampFormat` has no effect in the protocol.
    pub fn timestamp(&mut self, value: Timestamp) {
        self.head(major::TAG, EPOCH);
        self.double(match value.subsecond_nanoseconds() {
            0 => value.epoch_seconds() as f64,
            // The float that is nearest to the decimal number.
            _ => value
                .format(TimestampFormat::EpochSeconds)
                .parse()
                .unwrap_or_default(),
        });
    }

    /// Writes a document. The function recurses as deep as the document nests.
    pub fn document(&mut self, value: &Document) {
        match value {
            Document::Null => self.null(),
            Document::Bool(value) => self.boolean(*value),
            Document::Number(Number::PosInt(value)) => self.head(major::UNSIGNED, *value),
            Document::Number(Number::NegInt(value)) => self.integer(*value),
            Document::Number(Number::Float(value)) => self.double(*value),
            Document::String(value) => self.string(value),
            Document::Array(values) => {
                self.array(values.len());
                values.iter().for_each(|value| self.document(value));
            }
            Document::Object(members) => {
                self.map(members.len());
                for (name, value) in members {
                    self.string(name);
                    self.document(value);
                }
            }
        }
    }

    /// Opens a structure; [`key`](Self::key) and a value must follow in turns, then [`end_object`](Self::end_object).
    pub fn begin_object(&mut self) {
        self.open.push((self.buffer.len(), 0));
        // The length of most structures is part of this byte.
        self.buffer.push(major::MAP << 5);
    }

    /// Writes the key of a member.
    pub fn key(&mut self, name: &str) {
        if let Some((_, members)) = self.open.last_mut() {
            *members += 1;
        }
        self.string(name);
    }

    /// Writes the key of a member whose value must not be shown (`smithy.api#sensitive`).
    pub fn sensitive_key(&mut self, name: &str) {
        self.key(name);
        #[cfg(feature = "tracing")]
        if marks::is_recording() {
            self.sensitive.push(self.buffer.len());
        }
    }

    /// Closes a structure.
    pub fn end_object(&mut self) {
        let Some((start, members)) = self.open.pop() else {
            return;
        };
        let (head, length) = encode(major::MAP, members);
        if let Some(first) = self.buffer.get_mut(start) {
            *first = head[0];
        }
        if length > 1 {
            let rest = head[1..length].iter().copied();
            self.buffer.splice(start + 1..start + 1, rest);
            let moved = self.sensitive.iter_mut().filter(|at| **at > start);
            moved.for_each(|at| *at += length - 1);
        }
    }

    /// Begins an array; as many values must follow.
    pub fn array(&mut self, length: usize) {
        self.head(major::ARRAY, length as u64);
    }

    /// Begins a map; as many keys, which are strings, and values must follow in turns.
    pub fn map(&mut self, length: usize) {
        self.head(major::MAP, length as u64);
    }

    fn simple(&mut self, value: u8) {
        self.buffer.push(major::SIMPLE << 5 | value);
    }

    fn head(&mut self, kind: u8, argument: u64) {
        push(&mut self.buffer, kind, argument);
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
