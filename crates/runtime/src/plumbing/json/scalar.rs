//! Reads scalar values: the Smithy simple shapes in the forms that the AWS JSON protocols give them
//! (Smithy 2.0, "AWS restJson1 protocol", section "Shape serialization").
//!
//! Services do not always follow their models, so values that the protocols do not permit are accepted if they have
//! only one meaning: `1e3` for an integer, base64 without padding, a time in another format.

use std::borrow::Cow;

use bytes::Bytes;

use super::{Error, Kind, Reader, Result};
use crate::decimal;
use crate::document::Number;
use crate::plumbing::safe_line::safe_line;
use crate::timestamp::{Timestamp, TimestampError, TimestampFormat};

/// How many characters of an invalid timestamp an error shows.
const TIMESTAMP_SHOWN: usize = 64;

impl<'a> Reader<'a> {
    /// Reads a boolean.
    ///
    /// # Errors
    /// When the next value is none.
    pub fn boolean(&mut self) -> Result<bool> {
        match self.peek() {
            Some(b't') => self.literal("true").map(|()| true),
            Some(b'f') => self.literal("false").map(|()| false),
            _ => Err(self.mismatch("a boolean")),
        }
    }

    /// Reads one of `true`, `false` and `null`.
    pub(super) fn literal(&mut self, literal: &str) -> Result<()> {
        let bytes = &self.text.as_bytes()[self.position..];
        if bytes.starts_with(literal.as_bytes()) {
            self.position += literal.len();
            return Ok(());
        }
        let mut equal = 0;
        while bytes.get(equal) == literal.as_bytes().get(equal) {
            equal += 1;
        }
        Err(self.error_at(self.position + equal, format!("expected `{literal}`")))
    }

    /// Reads a string.
    ///
    /// # Errors
    /// When the next value is none.
    pub fn string(&mut self) -> Result<String> {
        match self.plain_string() {
            Some(text) => self.own_plain(text),
            None => self.string_apart(),
        }
    }

    /// Reads a string that has escapes, or white space before it. It is not searched for its end first.
    fn string_apart(&mut self) -> Result<String> {
        match self.peek() {
            Some(b'"') => {
                let text = self.quoted_with_escapes()?.into_owned();
                self.charge_allocation(text.len())?;
                Ok(text)
            }
            _ => Err(self.mismatch("a string")),
        }
    }

    /// Reads `null` or a string into a member.
    ///
    /// # Errors
    /// When the next value is neither.
    pub fn set_string(&mut self, member: &mut Option<String>) -> Result<()> {
        *member = match self.plain_string() {
            Some(text) => Some(self.own_plain(text)?),
            None => self.nullable(Self::string_apart)?,
        };
        Ok(())
    }

    #[inline(always)]
    fn own_plain(&mut self, text: &str) -> Result<String> {
        self.charge_allocation(text.len())?;
        Ok(text.to_owned())
    }

    /// Reads a string, borrowed from the text if there are no escapes in it. It is counted as if it were stored,
    /// because an enum stores unknown values.
    ///
    /// # Errors
    /// When the next value is none.
    pub fn str(&mut self) -> Result<Cow<'a, str>> {
        match self.peek() {
            Some(b'"') => {
                let text = self.quoted()?;
                self.charge_allocation(text.len())?;
                Ok(text)
            }
            _ => Err(self.mismatch("a string")),
        }
    }

    /// Reads an 8-bit integer (Smithy `byte`).
    ///
    /// # Errors
    /// When the next value is no whole number of that range.
    #[inline]
    pub fn byte(&mut self) -> Result<i8> {
        self.whole(i8::MIN.into(), i8::MAX.into())
            .map(|number| number as i8)
    }

    /// Reads a 16-bit integer (Smithy `short`).
    ///
    /// # Errors
    /// When the next value is no whole number of that range.
    #[inline]
    pub fn short(&mut self) -> Result<i16> {
        self.whole(i16::MIN.into(), i16::MAX.into())
            .map(|number| number as i16)
    }

    /// Reads a 32-bit integer (Smithy `integer`).
    ///
    /// # Errors
    /// When the next value is no whole number of that range.
    pub fn integer(&mut self) -> Result<i32> {
        self.whole(i32::MIN.into(), i32::MAX.into())
            .map(|number| number as i32)
    }

    /// Reads a 64-bit integer (Smithy `long`).
    ///
    /// # Errors
    /// When the next value is no whole number of that range.
    pub fn long(&mut self) -> Result<i64> {
        self.whole(i64::MIN, i64::MAX)
    }

    /// A whole number, spelled in any way: `10`, `10.0`, `1e1`.
    fn whole(&mut self, minimum: i64, maximum: i64) -> Result<i64> {
        let start = self.number_start("an integer")?;
        let number = self.number()?;
        let value = match number.text.parse::<i64>() {
            Ok(value) if number.integral => Some(value),
            _ => match decimal::scale(number.text, 0) {
                Ok(scaled) if !scaled.exact => {
                    return Err(
                        self.error_at(start, "expected an integer, found a number with a fraction")
                    );
                }
                Ok(scaled) => i64::try_from(scaled.value).ok(),
                Err(_) => None,
            },
        };
        value
            .filter(|value| (minimum..=maximum).contains(value))
            .ok_or_else(|| {
                let message = format!(
                    "expected an integer from {minimum} to {maximum}, found one beyond that range"
                );
                self.error_at(start, message)
            })
    }

    /// Reads a 32-bit floating-point number, or one of the strings `NaN`, `Infinity` and `-Infinity`.
    ///
    /// # Errors
    /// When the next value is neither, or the number rounds to infinity.
    #[inline]
    pub fn float(&mut self) -> Result<f32> {
        if self.peek() == Some(b'"') {
            return self.non_finite().map(|number| number as f32);
        }
        let start = self.number_start("a number")?;
        // The text is not parsed as `f64` first, because rounding twice may result in a neighbour of the nearest
        // number.
        let number = self.number()?.text.parse::<f32>().unwrap_or(f32::INFINITY);
        if number.is_finite() {
            Ok(number)
        } else {
            Err(self.too_large(start))
        }
    }

    /// Reads a 64-bit floating-point number, or one of the strings `NaN`, `Infinity` and `-Infinity`.
    ///
    /// # Errors
    /// When the next value is neither, or the number rounds to infinity.
    pub fn double(&mut self) -> Result<f64> {
        if self.peek() == Some(b'"') {
            return self.non_finite();
        }
        let start = self.number_start("a number")?;
        let number = self.number()?.text.parse::<f64>().unwrap_or(f64::INFINITY);
        if number.is_finite() {
            Ok(number)
        } else {
            Err(self.too_large(start))
        }
    }

    fn non_finite(&mut self) -> Result<f64> {
        let start = self.position;
        match self.quoted()?.as_ref() {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            _ => Err(self.error_at(
                start,
                "expected a number, \"NaN\", \"Infinity\" or \"-Infinity\", found another string",
            )),
        }
    }

    /// The text of a number that is next.
    pub(crate) fn number_as_text(&mut self) -> Result<&'a str> {
        Ok(self.number()?.text)
    }

    /// Any number, integers exactly where they fit.
    #[inline]
    pub(crate) fn any_number(&mut self) -> Result<Number> {
        let start = self.position;
        let number = self.number()?;
        if number.integral {
            if let Ok(value) = number.text.parse::<u64>() {
                return Ok(Number::PosInt(value));
            }
            if let Ok(value @ ..0) = number.text.parse::<i64>() {
                return Ok(Number::NegInt(value));
            }
        }
        match number.text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Number::Float(value)),
            _ => Err(self.too_large(start)),
        }
    }

    /// Reads bytes from a base64 string (RFC 4648 section 4); padding may be missing.
    ///
    /// # Errors
    /// When the next value is no string, or the string is no base64.
    pub fn blob(&mut self) -> Result<Bytes> {
        if self.peek() != Some(b'"') {
            return Err(self.mismatch("a string"));
        }
        let start = self.position;
        let text = self.quoted()?;
        self.charge_allocation(text.len().div_ceil(4) * 3)?;
        decode_base64(&text)
            .ok_or_else(|| self.error_at(start, "expected a base64 string, found another string"))
    }

    /// Reads a timestamp. A number is epoch-seconds; a string may be in `format`, or else in any other form that
    /// [`Timestamp::parse_any`] knows.
    ///
    /// # Errors
    /// When the next value is neither a number nor a string, is in no known form, or is outside the years 0001 to 9999.
    /// The error shows the text.
    pub fn timestamp(&mut self, format: TimestampFormat) -> Result<Timestamp> {
        self.any_timestamp(format, true)
    }

    /// The same for a timestamp that must not be shown (`smithy.api#sensitive`): no error repeats the text.
    ///
    /// # Errors
    /// As [`timestamp`](Self::timestamp).
    pub fn sensitive_timestamp(&mut self, format: TimestampFormat) -> Result<Timestamp> {
        self.any_timestamp(format, false)
    }

    fn any_timestamp(&mut self, format: TimestampFormat, shown: bool) -> Result<Timestamp> {
        let kind = self.peek_kind();
        let start = self.position;
        match kind {
            Ok(Kind::Number) => {
                let text = self.number()?.text;
                Timestamp::parse(text, TimestampFormat::EpochSeconds)
                    .map_err(|error| self.timestamp_error(start, error, shown.then_some(text)))
            }
            Ok(Kind::String) => {
                let text = self.quoted()?;
                Timestamp::parse_expecting(&text, format)
                    .map_err(|error| self.timestamp_error(start, error, shown.then_some(&text)))
            }
            _ => Err(self.mismatch("a timestamp")),
        }
    }

    #[cold]
    fn timestamp_error(&self, start: usize, error: TimestampError, text: Option<&str>) -> Error {
        let message = match text {
            Some(text) => {
                format!(
                    "{error}, found {:?}",
                    safe_line(text).limit(TIMESTAMP_SHOWN)
                )
            }
            None => error.to_string(),
        };
        self.error_at(start, message)
    }

    /// The position of the next value, which must be a number.
    fn number_start(&mut self, expected: &str) -> Result<usize> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => Ok(self.position),
            _ => Err(self.mismatch(expected)),
        }
    }

    #[cold]
    fn too_large(&self, start: usize) -> Error {
        self.error_at(
            start,
            "expected a number of finite magnitude, found one beyond the range of its type",
        )
    }
}

/// The bytes of a base64 text (RFC 4648 section 4), whose padding may be missing.
pub(crate) fn decode_base64(text: &str) -> Option<Bytes> {
    let base64 = match text.len() % 4 {
        0 => base64_simd::STANDARD,
        _ => base64_simd::STANDARD_NO_PAD,
    };
    base64.decode_to_vec(text).ok().map(Bytes::from)
}
