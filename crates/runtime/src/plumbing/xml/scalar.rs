//! Reads scalar values: the Smithy simple shapes in the forms that the AWS protocols with XML give them (Smithy 2.0,
//! "AWS restXml protocol", section "XML shape serialization").
//!
//! Services do not always follow their models, so values that the protocols do not permit are accepted if they have
//! only one meaning: `1e3` for an integer, `True` and `1` for a boolean, base64 in lines, a time in another format. White
//! space around values other than texts is ignored.

use std::borrow::Cow;

use bytes::Bytes;

use super::markup::{SPACE, is_space};
use super::{Error, Reader, Result};
use crate::big::{BigDecimal, BigInteger};
use crate::decimal;
use crate::plumbing::json::decode_base64;
use crate::plumbing::safe_line::safe_line;
use crate::timestamp::{Timestamp, TimestampFormat};

/// How many characters of an invalid timestamp an error shows.
const TIMESTAMP_SHOWN: usize = 64;

/// A text that is read, where it begins, and the name of its element.
struct Token<'a> {
    start: usize,
    name: &'a str,
    text: Cow<'a, str>,
}

impl Token<'_> {
    /// The text without the white space around it.
    fn trimmed(&self) -> &str {
        self.text.trim_matches(SPACE)
    }
}

impl<'a> Reader<'a> {
    /// Reads a text, borrowed if it is written as it is. It is counted as if it were stored, because an enum stores
    /// unknown values.
    ///
    /// # Errors
    /// As [`string`](Self::string).
    pub fn str(&mut self) -> Result<Cow<'a, str>> {
        let text = self.text()?;
        self.charge_allocation(text.len())?;
        Ok(text)
    }

    /// Reads whatever `read` reads, unless the element is empty: XML has no `null`, and no value but a text can be empty.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn present<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        if self.has_no_text() {
            return self.skip_content().map(|()| None);
        }
        read(self).map(Some)
    }

    fn token(&mut self) -> Result<Token<'a>> {
        let (start, name) = (self.position, self.innermost());
        let text = self.text()?;
        Ok(Token { start, name, text })
    }

    #[cold]
    fn refused(&self, token: &Token<'_>, message: impl Into<Cow<'static, str>>) -> Error {
        self.error_within(token.name, token.start, message)
    }

    /// Reads a boolean.
    ///
    /// # Errors
    /// When the text is none.
    pub fn boolean(&mut self) -> Result<bool> {
        let token = self.token()?;
        match token.trimmed() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other if other.eq_ignore_ascii_case("true") => Ok(true),
            other if other.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(self.refused(&token, "expected `true` or `false`, found another text")),
        }
    }

    /// Reads an 8-bit integer (Smithy `byte`).
    ///
    /// # Errors
    /// When the text is no whole number of that range.
    pub fn byte(&mut self) -> Result<i8> {
        self.whole(i8::MIN.into(), i8::MAX.into())
            .map(|number| number as i8)
    }

    /// Reads a 16-bit integer (Smithy `short`).
    ///
    /// # Errors
    /// When the text is no whole number of that range.
    pub fn short(&mut self) -> Result<i16> {
        self.whole(i16::MIN.into(), i16::MAX.into())
            .map(|number| number as i16)
    }

    /// Reads a 32-bit integer (Smithy `integer`).
    ///
    /// # Errors
    /// When the text is no whole number of that range.
    pub fn integer(&mut self) -> Result<i32> {
        self.whole(i32::MIN.into(), i32::MAX.into())
            .map(|number| number as i32)
    }

    /// Reads a 64-bit integer (Smithy `long`).
    ///
    /// # Errors
    /// When the text is no whole number of that range.
    pub fn long(&mut self) -> Result<i64> {
        self.whole(i64::MIN, i64::MAX)
    }

    /// A whole number, spelled in any way: `10`, `10.0`, `1e1`.
    fn whole(&mut self, minimum: i64, maximum: i64) -> Result<i64> {
        let token = self.token()?;
        let text = token.trimmed();
        let value = match text.parse::<i64>() {
            Ok(value) => Some(value),
            Err(_) => match decimal::scale(text, 0) {
                Ok(scaled) if !scaled.exact => {
                    return Err(self.refused(
                        &token,
                        "expected an integer, found a number with a fraction",
                    ));
                }
                Ok(scaled) => i64::try_from(scaled.value).ok(),
                Err(decimal::Refusal::TooLarge) => None,
                Err(decimal::Refusal::Malformed) => {
                    return Err(self.refused(&token, "expected an integer, found another text"));
                }
            },
        };
        value
            .filter(|value| (minimum..=maximum).contains(value))
            .ok_or_else(|| {
                let message = format!(
                    "expected an integer from {minimum} to {maximum}, found one beyond that range"
                );
                self.refused(&token, message)
            })
    }

    /// Reads a 32-bit floating-point number, or one of the texts `NaN`, `Infinity` and `-Infinity`.
    ///
    /// # Errors
    /// When the text is neither, or the number rounds to infinity.
    pub fn float(&mut self) -> Result<f32> {
        let token = self.token()?;
        match non_finite(token.trimmed()) {
            Some(number) => Ok(number as f32),
            // The text is not parsed as `f64` first, because rounding twice may result in a neighbour of the nearest
            // number.
            None => self.finite(&token, str::parse, f32::is_finite),
        }
    }

    /// Reads a 64-bit floating-point number, or one of the texts `NaN`, `Infinity` and `-Infinity`.
    ///
    /// # Errors
    /// When the text is neither, or the number rounds to infinity.
    pub fn double(&mut self) -> Result<f64> {
        let token = self.token()?;
        match non_finite(token.trimmed()) {
            Some(number) => Ok(number),
            None => self.finite(&token, str::parse, f64::is_finite),
        }
    }

    /// Reads an integer of any length.
    ///
    /// # Errors
    /// When the text is none.
    pub fn big_integer(&mut self) -> Result<BigInteger> {
        let token = self.token()?;
        match BigInteger::new(token.trimmed()) {
            Ok(number) => Ok(number),
            Err(error) => Err(self.refused(&token, error.to_string())),
        }
    }

    /// Reads a decimal number of any length.
    ///
    /// # Errors
    /// When the text is none.
    pub fn big_decimal(&mut self) -> Result<BigDecimal> {
        let token = self.token()?;
        match BigDecimal::new(token.trimmed()) {
            Ok(number) => Ok(number),
            Err(error) => Err(self.refused(&token, error.to_string())),
        }
    }

    fn finite<T, E>(
        &self,
        token: &Token<'_>,
        parse: fn(&str) -> std::result::Result<T, E>,
        is_finite: fn(T) -> bool,
    ) -> Result<T>
    where
        T: Copy,
    {
        let text = token.trimmed();
        // Names of non-finite numbers other than those of the protocols have no digits.
        let parsed = match text.bytes().any(|byte| byte.is_ascii_digit()) {
            true => parse(text).ok(),
            false => None,
        };
        match parsed {
            Some(number) if is_finite(number) => Ok(number),
            Some(_) => Err(self.refused(
                token,
                "expected a number of finite magnitude, found one beyond the range of its type",
            )),
            None => Err(self.refused(
                token,
                "expected a number, `NaN`, `Infinity` or `-Infinity`, found another text",
            )),
        }
    }

    /// Reads bytes from base64 (RFC 4648 section 4); padding may be missing, and there may be line ends.
    ///
    /// # Errors
    /// When the text is no base64.
    pub fn blob(&mut self) -> Result<Bytes> {
        let token = self.token()?;
        let text = token.trimmed();
        self.charge_allocation(text.len() / 4 * 3)?;
        let decoded = match text.bytes().any(is_space) {
            false => decode_base64(text),
            true => decode_base64(&text.replace(SPACE, "")),
        };
        decoded.ok_or_else(|| self.refused(&token, "expected base64, found another text"))
    }

    /// Reads a timestamp, in `format` or in any other form that [`Timestamp::parse_any`] knows.
    ///
    /// # Errors
    /// When the text is in no known form, or is outside the years 0001 to 9999. The error shows the text.
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

    fn any_timestamp(&mut self, format: TimestampFormat, is_shown: bool) -> Result<Timestamp> {
        let token = self.token()?;
        let text = token.trimmed();
        Timestamp::parse_expecting(text, format).map_err(|error| {
            let found = is_shown.then(|| safe_line(text).limit(TIMESTAMP_SHOWN));
            let message = match found {
                Some(found) => format!("{error}, found {found:?}"),
                None => error.to_string(),
            };
            self.refused(&token, message)
        })
    }
}

/// A number that is not finite, by its name here or in XML Schema.
fn non_finite(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" | "INF" => Some(f64::INFINITY),
        "-Infinity" | "-INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}
