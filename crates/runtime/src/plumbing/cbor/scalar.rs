//! Reads scalar values: the Smithy simple shapes (Smithy 2.0, "Smithy RPC v2 CBOR protocol", section "Shape serialization").
//!
//! Services do not always follow their models, so values that the protocol does not permit are accepted if they have only
//! one meaning.

use std::borrow::Cow;

use bytes::Bytes;

use super::head::{FALSE, Head, TRUE};
use super::number::Number;
use super::{Reader, Result};
use crate::big::{BigDecimal, BigInteger};
use crate::timestamp::{Timestamp, TimestampFormat};

impl<'a> Reader<'a> {
    /// Reads a boolean.
    ///
    /// # Errors
    /// When the next value is none.
    pub fn boolean(&mut self) -> Result<bool> {
        let start = self.position;
        match self.value()? {
            Head::Simple(TRUE) => Ok(true),
            Head::Simple(FALSE) => Ok(false),
            head => Err(self.mismatch(start, "a boolean", head)),
        }
    }

    /// Reads a string.
    ///
    /// # Errors
    /// When the next value is none.
    pub fn string(&mut self) -> Result<String> {
        self.text("a string").and_then(|text| self.own(text))
    }

    /// Reads `null` or a string into a member.
    ///
    /// # Errors
    /// When the next value is neither.
    pub fn set_string(&mut self, member: &mut Option<String>) -> Result<()> {
        self.set(member, Self::string)
    }

    /// Reads a string, borrowed from the text if it is in one piece. It is counted as if it were stored, because an enum
    /// stores unknown values.
    ///
    /// # Errors
    /// When the next value is none.
    pub fn str(&mut self) -> Result<Cow<'a, str>> {
        let text = self.text("a string")?;
        self.charge_allocation(text.len())?;
        Ok(text)
    }

    /// Reads an 8-bit integer (Smithy `byte`).
    ///
    /// # Errors
    /// When the next value is no whole number of that range.
    pub fn byte(&mut self) -> Result<i8> {
        self.whole(i8::MIN.into(), i8::MAX.into())
            .map(|number| number as i8)
    }

    /// Reads a 16-bit integer (Smithy `short`).
    ///
    /// # Errors
    /// When the next value is no whole number of that range.
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

    /// Reads a 32-bit floating-point number. A longer one is rounded.
    ///
    /// # Errors
    /// When the next value is none, or is finite and rounds to infinity.
    pub fn float(&mut self) -> Result<f32> {
        let (start, number) = self.number("a number")?;
        let value = match number {
            Number::Integer(value) => value as f32,
            Number::Single(value) => value,
            Number::Double(value) if value.is_finite() => {
                let rounded = value as f32;
                return match rounded.is_finite() {
                    true => Ok(rounded),
                    false => Err(self.too_large(start)),
                };
            }
            Number::Double(value) => value as f32,
            Number::Text(text) => match text.parse::<f32>() {
                Ok(value) if value.is_finite() => value,
                _ => return Err(self.too_large(start)),
            },
        };
        Ok(value)
    }

    /// Reads a 64-bit floating-point number.
    ///
    /// # Errors
    /// When the next value is none, or is finite and rounds to infinity.
    pub fn double(&mut self) -> Result<f64> {
        let (start, number) = self.number("a number")?;
        match number {
            Number::Integer(value) => Ok(value as f64),
            Number::Single(value) => Ok(value.into()),
            Number::Double(value) => Ok(value),
            Number::Text(text) => self.float_of_text(start, &text),
        }
    }

    /// Reads an integer of any length.
    ///
    /// # Errors
    /// When the next value is no whole number.
    pub fn big_integer(&mut self) -> Result<BigInteger> {
        let (start, number) = self.number("an integer")?;
        let text = self.number_text(start, number)?;
        BigInteger::new(text).map_err(|_| {
            self.error_at(
                start,
                "expected an integer, found a number that is written with a fraction or an exponent",
            )
        })
    }

    /// Reads a decimal number of any length.
    ///
    /// # Errors
    /// When the next value is no number, or not a finite one.
    pub fn big_decimal(&mut self) -> Result<BigDecimal> {
        let (start, number) = self.number("a number")?;
        let text = self.number_text(start, number)?;
        BigDecimal::new(text).map_err(|_| self.error_at(start, "expected a finite number"))
    }

    /// The text of a number; a float without a fraction has none there either.
    fn number_text(&mut self, start: usize, number: Number) -> Result<String> {
        let float = |value: f64| match value {
            value if value.is_finite() => Some(value.to_string()),
            _ => None,
        };
        let text = match number {
            Number::Integer(value) => Some(value.to_string()),
            Number::Single(value) if value.is_finite() && value.fract() != 0.0 => {
                Some(value.to_string())
            }
            Number::Single(value) => float(value.into()),
            Number::Double(value) => float(value),
            Number::Text(text) => Some(text),
        };
        let text = text.ok_or_else(|| self.error_at(start, "expected a finite number"))?;
        self.charge_allocation(text.len())?;
        Ok(text)
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// When the next value is no byte string.
    pub fn blob(&mut self) -> Result<Bytes> {
        let start = self.position;
        match self.value()? {
            head @ Head::Bytes(length) => {
                let bytes = self.byte_string(start, head, length)?;
                self.charge_allocation(bytes.len())?;
                Ok(match bytes {
                    Cow::Borrowed(bytes) => Bytes::copy_from_slice(bytes),
                    Cow::Owned(bytes) => bytes.into(),
                })
            }
            head => Err(self.mismatch(start, "a byte string", head)),
        }
    }

    /// Reads a timestamp. A number is epoch-seconds; a string may have any form that [`Timestamp::parse_any`] knows.
    ///
    /// # Errors
    /// When the next value is neither, is in no known form, or is outside the years 0001 to 9999.
    pub fn timestamp(&mut self) -> Result<Timestamp> {
        let start = self.position;
        let (tag, head) = self.tagged()?;
        let parsed = match head {
            Head::Text(length) => {
                let text = self.text_of(start, length)?;
                Timestamp::parse_expecting(&text, TimestampFormat::DateTime)
            }
            _ => match self.number_of(start, tag, head, "a timestamp")? {
                Number::Integer(value) => {
                    // What is beyond the range of `i64` is beyond that of timestamps.
                    let value = i64::try_from(value).unwrap_or(i64::MAX);
                    Timestamp::from_epoch_seconds(value)
                }
                // A whole number is the one that is meant. Others are the shortest decimal number that is the same float: so
                // 0.1 is a tenth of a second.
                Number::Single(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
                    Timestamp::from_epoch_seconds(value as i64)
                }
                Number::Double(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
                    Timestamp::from_epoch_seconds(value as i64)
                }
                Number::Single(value) => epoch(&value.to_string()),
                Number::Double(value) => epoch(&value.to_string()),
                Number::Text(text) => epoch(&text),
            },
        };
        parsed.map_err(|error| self.error_at(start, error.to_string()))
    }
}

fn epoch(text: &str) -> Result<Timestamp, crate::timestamp::TimestampError> {
    Timestamp::parse(text, TimestampFormat::EpochSeconds)
}
