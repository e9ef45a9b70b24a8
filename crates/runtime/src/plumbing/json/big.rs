//! Numbers of any length: numbers in JSON, which are written and read as text. A string with the number is read, too,
//! because that is what serde writes, and what a service sends that does not trust its clients with long numbers.

use super::{Reader, Result, Writer};
use crate::big::{BigDecimal, BigInteger};

impl Reader<'_> {
    /// Reads an integer of any length, or a string with its digits.
    ///
    /// # Errors
    /// When the next value is neither.
    #[inline]
    pub fn big_integer(&mut self) -> Result<BigInteger> {
        let (start, text) = self.number_text("an integer")?;
        BigInteger::new(text).map_err(|error| self.error_at(start, error.to_string()))
    }

    /// Reads a number of any length, or a string with it.
    ///
    /// # Errors
    /// When the next value is neither.
    #[inline]
    pub fn big_decimal(&mut self) -> Result<BigDecimal> {
        let (start, text) = self.number_text("a number")?;
        BigDecimal::new(text).map_err(|error| self.error_at(start, error.to_string()))
    }

    /// A number or a string, as a text; and where it begins.
    #[inline]
    fn number_text(&mut self, expected: &str) -> Result<(usize, String)> {
        let next = self.peek();
        let start = self.position;
        let text = match next {
            Some(b'"') => self.string()?,
            Some(b'-' | b'0'..=b'9') => {
                let text = self.number()?.text;
                self.own(text.into())?
            }
            _ => return Err(self.mismatch(expected)),
        };
        Ok((start, text))
    }
}

impl Writer {
    /// Writes an integer of any length, as a number.
    pub fn big_integer(&mut self, value: &BigInteger) {
        self.literal(value.as_str());
    }

    /// Writes a decimal number of any length, as a number.
    pub fn big_decimal(&mut self, value: &BigDecimal) {
        self.literal(value.as_str());
    }
}
