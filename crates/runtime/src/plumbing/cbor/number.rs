//! Numbers, in every form that CBOR has for them.

use super::big::{BIGNUM_LIMIT, digits, next};
use super::head::Head;
use super::{Error, Reader, Result};
use crate::decimal;
use crate::document;

/// The tags of numbers (RFC 8949 sections 3.4.3 and 3.4.4).
pub(super) const POSITIVE_BIGNUM: u64 = 2;
pub(super) const NEGATIVE_BIGNUM: u64 = 3;
pub(super) const DECIMAL_FRACTION: u64 = 4;

/// Whether the bytes behind a tag are an integer.
pub(super) fn is_bignum(tag: Option<u64>) -> bool {
    matches!(tag, Some(POSITIVE_BIGNUM | NEGATIVE_BIGNUM))
}

/// A number.
#[derive(Debug)]
pub(super) enum Number {
    /// An integer of at most 65 bits.
    Integer(i128),
    Single(f32),
    Double(f64),
    /// A bignum or a decimal fraction: `-123`, `-123e-4`.
    Text(String),
}

impl Reader<'_> {
    /// The number that is next; `expected` is what a message calls it.
    pub(super) fn number(&mut self, expected: &str) -> Result<(usize, Number)> {
        let start = self.position;
        let (tag, head) = self.tagged()?;
        let number = self.number_of(start, tag, head, expected)?;
        Ok((start, number))
    }

    /// The number whose head was read.
    pub(super) fn number_of(
        &mut self,
        start: usize,
        tag: Option<u64>,
        head: Head,
        expected: &str,
    ) -> Result<Number> {
        match (tag, head) {
            (_, Head::Unsigned(value)) => Ok(Number::Integer(value.into())),
            (_, Head::Negative(value)) => Ok(Number::Integer(-1 - i128::from(value))),
            (_, Head::Single(value)) => Ok(Number::Single(value)),
            (_, Head::Double(value)) => Ok(Number::Double(value)),
            (Some(tag @ (POSITIVE_BIGNUM | NEGATIVE_BIGNUM)), Head::Bytes(length)) => {
                let bytes = self.byte_string(start, head, length)?;
                let first = bytes.iter().position(|byte| *byte != 0);
                let bytes = &bytes[first.unwrap_or(bytes.len())..];
                if bytes.len() > BIGNUM_LIMIT {
                    return Err(self.error_at(
                        start,
                        format!("expected a bignum of at most {BIGNUM_LIMIT} bytes"),
                    ));
                }
                let magnitude = digits(bytes);
                Ok(Number::Text(match tag == NEGATIVE_BIGNUM {
                    true => format!("-{}", next(&magnitude, true)),
                    false => magnitude,
                }))
            }
            (Some(DECIMAL_FRACTION), Head::Array(_)) => {
                self.position = start;
                self.decimal_fraction(start).map(Number::Text)
            }
            _ => Err(self.mismatch(start, expected, head)),
        }
    }

    /// An array of an exponent of ten and a mantissa.
    fn decimal_fraction(&mut self, start: usize) -> Result<String> {
        let mut parts = [None, None];
        let mut elements = self.array()?;
        let mut count = 0;
        while self.element(&mut elements)? {
            let part = parts.get_mut(count);
            count += 1;
            let at = self.position;
            let (tag, head) = self.tagged()?;
            // An array here would be another fraction.
            let number = match head {
                Head::Array(_) => None,
                _ => Some(self.number_of(at, tag, head, "an integer")?),
            };
            let text = match number {
                Some(Number::Integer(value)) => Some(value.to_string()),
                Some(Number::Text(text)) => Some(text),
                _ => None,
            };
            match (part, text) {
                (Some(part), Some(text)) => *part = Some(text),
                _ => return Err(self.not_a_fraction(start)),
            }
        }
        match parts {
            [Some(exponent), Some(mantissa)] if exponent.len() < 20 => {
                Ok(format!("{mantissa}e{exponent}"))
            }
            _ => Err(self.not_a_fraction(start)),
        }
    }

    #[cold]
    fn not_a_fraction(&self, start: usize) -> Error {
        self.error_at(
            start,
            "expected a decimal fraction: an exponent of 64 bits and an integer",
        )
    }

    /// A whole number, in any form: `10`, `10.0`, a bignum, a decimal fraction.
    pub(super) fn whole(&mut self, minimum: i64, maximum: i64) -> Result<i64> {
        let (start, number) = self.number("an integer")?;
        let value = match number {
            Number::Integer(value) => Some(value),
            Number::Single(value) => self.whole_of_float(start, value.into())?,
            Number::Double(value) => self.whole_of_float(start, value)?,
            Number::Text(text) => match decimal::scale(&text, 0) {
                Ok(scaled) if !scaled.exact => return Err(self.has_fraction(start)),
                Ok(scaled) => Some(scaled.value),
                Err(_) => None,
            },
        };
        value
            .and_then(|value| i64::try_from(value).ok())
            .filter(|value| (minimum..=maximum).contains(value))
            .ok_or_else(|| {
                let message = format!(
                    "expected an integer from {minimum} to {maximum}, found one beyond that range"
                );
                self.error_at(start, message)
            })
    }

    /// `None` for a number beyond the range of integers.
    fn whole_of_float(&self, start: usize, value: f64) -> Result<Option<i128>> {
        match value {
            value if value.is_finite() && value.fract() != 0.0 => Err(self.has_fraction(start)),
            // Twice the range of `i64`; what is beyond is converted to its ends.
            value if value.abs() < 2_f64.powi(64) => Ok(Some(value as i128)),
            _ => Ok(None),
        }
    }

    #[cold]
    fn has_fraction(&self, start: usize) -> Error {
        self.error_at(start, "expected an integer, found a number with a fraction")
    }

    /// The number of a document, whose head was read: integers exactly where they fit.
    pub(super) fn document_number(
        &mut self,
        start: usize,
        tag: Option<u64>,
        head: Head,
    ) -> Result<document::Number> {
        let number = self.number_of(start, tag, head, "a value that a document has")?;
        Ok(match number {
            Number::Integer(value) => match (u64::try_from(value), i64::try_from(value)) {
                (Ok(value), _) => value.into(),
                (_, Ok(value)) => value.into(),
                _ => (value as f64).into(),
            },
            Number::Single(value) => f64::from(value).into(),
            Number::Double(value) => value.into(),
            Number::Text(text) => self.float_of_text(start, &text)?.into(),
        })
    }

    /// The float that is nearest to a bignum or a decimal fraction.
    pub(super) fn float_of_text(&self, start: usize, text: &str) -> Result<f64> {
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.too_large(start)),
        }
    }

    #[cold]
    pub(super) fn too_large(&self, start: usize) -> Error {
        self.error_at(
            start,
            "expected a number of finite magnitude, found one beyond the range of its type",
        )
    }
}
