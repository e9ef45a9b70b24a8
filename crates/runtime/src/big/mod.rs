//! Numbers of any length, of the Smithy shapes `bigInteger` and `bigDecimal`, as text.
//!
//! They are validated and kept as they came. There is no arithmetic: a program that calculates with them gives the text to
//! a library of its choice, and this crate needs none.

#[cfg(feature = "serde")]
mod serde;

use std::fmt;
use std::str::FromStr;

use crate::plumbing::causes;

/// An integer of any length: digits behind an optional `-`, without leading zeros.
///
/// ```
/// use attache_runtime::BigInteger;
///
/// let number: BigInteger = "-123456789012345678901234567890".parse()?;
/// assert_eq!(number.as_str(), "-123456789012345678901234567890");
/// assert_eq!(BigInteger::from(7), BigInteger::new("7")?);
/// assert!(BigInteger::new("1.5").is_err());
/// # Ok::<(), attache_runtime::BigNumberError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigInteger(String);

/// A decimal number of any length and precision, in the syntax of numbers in JSON (RFC 8259 section 6).
///
/// Two numbers are equal if they are written in the same way: `1.0` and `1.00` are different.
///
/// ```
/// use attache_runtime::BigDecimal;
///
/// let number: BigDecimal = "-0.123456789012345678901234567890".parse()?;
/// assert_eq!(number.to_string(), "-0.123456789012345678901234567890");
/// assert!(BigDecimal::new("1,5").is_err());
/// # Ok::<(), attache_runtime::BigNumberError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigDecimal(String);

/// Why a text is no number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BigNumberError(&'static str);

impl fmt::Display for BigNumberError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl fmt::Debug for BigNumberError {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_tuple("BigNumberError")
                .field(&self.0)
                .finish()
        })
    }
}

impl std::error::Error for BigNumberError {}

impl BigInteger {
    /// The integer with these digits.
    ///
    /// # Errors
    /// A text that is no integer: `1.0` and `1e3` are none.
    #[inline]
    pub fn new(text: impl Into<String>) -> Result<Self, BigNumberError> {
        let text = text.into();
        match is_integer(text.as_bytes()) {
            true if text == "-0" => Ok(Self::default()),
            true => Ok(Self(text)),
            false => Err(BigNumberError(
                "expected an integer: digits behind an optional `-`, without leading zeros",
            )),
        }
    }

    /// The digits, and the sign of a negative integer.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl BigDecimal {
    /// The number with this text.
    ///
    /// # Errors
    /// A text that is no decimal number of JSON, or has an exponent beyond the range of `i32`.
    #[inline]
    pub fn new(text: impl Into<String>) -> Result<Self, BigNumberError> {
        let text = text.into();
        match is_decimal(&text) {
            true => Ok(Self(text)),
            false => Err(BigNumberError(
                "expected a decimal number, such as -12.50 or 1e-30, with an exponent of 32 bits",
            )),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits as an integer, and the power of ten that it is multiplied with.
    #[cfg(feature = "cbor")]
    pub(crate) fn parts(&self) -> (String, i64) {
        let (digits, exponent) = match self.0.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse().unwrap_or_default()),
            None => (self.0.as_str(), 0_i64),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (sign, whole) = match whole.strip_prefix('-') {
            Some(whole) => ("-", whole),
            None => ("", whole),
        };
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let mantissa = match digits {
            "" => "0".to_owned(),
            digits => format!("{sign}{digits}"),
        };
        (mantissa, exponent - fraction.len() as i64)
    }
}

#[inline]
fn is_integer(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    !digits.is_empty()
        && digits.iter().all(u8::is_ascii_digit)
        && (digits.len() == 1 || digits[0] != b'0')
}

#[inline]
fn is_decimal(text: &str) -> bool {
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    is_integer(whole.as_bytes())
        && fraction.is_none_or(|digits| {
            !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
        })
        && exponent.is_none_or(|exponent| exponent.parse::<i32>().is_ok())
}

impl Default for BigInteger {
    #[inline]
    fn default() -> Self {
        Self("0".to_owned())
    }
}

impl Default for BigDecimal {
    #[inline]
    fn default() -> Self {
        Self("0".to_owned())
    }
}

impl fmt::Display for BigInteger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for BigDecimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for BigInteger {
    type Err = BigNumberError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, BigNumberError> {
        Self::new(text)
    }
}

impl FromStr for BigDecimal {
    type Err = BigNumberError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, BigNumberError> {
        Self::new(text)
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for BigInteger {
            #[inline]
            fn from(value: $integer) -> Self {
                Self(value.to_string())
            }
        }

        impl From<$integer> for BigDecimal {
            #[inline]
            fn from(value: $integer) -> Self {
                Self(value.to_string())
            }
        }
    )*};
}

from_integers!(i32, i64, i128, u32, u64, u128);

impl From<BigInteger> for BigDecimal {
    fn from(value: BigInteger) -> Self {
        Self(value.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{BigDecimal, BigInteger};

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["0", "-1", "10", "123456789012345678901234567890"] {
            assert_eq!(
                BigInteger::new(text).map(|it| it.to_string()),
                Ok(text.to_owned())
            );
            assert!(BigDecimal::new(text).is_ok(), "{text}");
        }
        assert_eq!(BigInteger::new("-0"), Ok(BigInteger::default()));
        for text in ["", "-", "+1", "01", "-01", "1 ", "0x1", "１", "NaN", "--1"] {
            assert!(BigInteger::new(text).is_err(), "{text}");
            assert!(BigDecimal::new(text).is_err(), "{text}");
        }
        for text in ["1.5", "0.00", "-0.0", "1e3", "1E-3", "1.5e+30"] {
            assert!(BigInteger::new(text).is_err(), "{text}");
            assert!(BigDecimal::new(text).is_ok(), "{text}");
        }
        for text in [".5", "5.", "1e", "1e1.5", "1.e1", "1e99999999999", "1.-5"] {
            assert!(BigDecimal::new(text).is_err(), "{text}");
        }
    }

    #[cfg(feature = "cbor")]
    #[test]
    fn a_decimal_is_a_mantissa_and_an_exponent() {
        for (text, mantissa, exponent) in [
            ("0", "0", 0),
            ("-0.00", "0", -2),
            ("12.50", "1250", -2),
            ("-0.0123", "-123", -4),
            ("1.5e30", "15", 29),
            ("1E-400", "1", -400),
        ] {
            let number = BigDecimal::new(text).expect("it is a number");
            assert_eq!(number.parts(), (mantissa.to_owned(), exponent), "{text}");
        }
    }
}
