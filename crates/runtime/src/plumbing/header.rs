//! Values as the text of HTTP headers, and of labels and query parameters, which share the forms
//! (Smithy 2.0, "HTTP bindings", section "httpHeader serialization rules").
//!
//! All text becomes a header through [`value`], which refuses control characters: with a line break, a value could add
//! further headers.
//!
//! Timestamps are written by [`Timestamp::format`]: by default as http-date in headers and as date-time in labels
//! and query parameters.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use http::HeaderValue;

use crate::big::{BigDecimal, BigInteger};
use crate::formatting::write;
use crate::plumbing::causes;
use crate::plumbing::safe_line::safe_line;
use crate::texts::ToText as _;
use crate::timestamp::{Timestamp, TimestampFormat};

/// The error of a header with an unexpected value. It names the header and what was expected, but not the value, which
/// may be confidential. Only for an invalid timestamp, the beginning of the text is shown, unless the model marks the
/// timestamp as sensitive.
#[derive(Clone, PartialEq, Eq)]
pub struct HeaderError {
    name: &'static str,
    expected: &'static str,
    found: Option<String>,
}

impl HeaderError {
    fn new(name: &'static str, expected: &'static str) -> Self {
        Self {
            name,
            expected,
            found: None,
        }
    }

    /// The name of the header.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "invalid header `{}`: expected {}",
            self.name, self.expected
        )?;
        match &self.found {
            Some(found) => write!(formatter, ", found {found}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for HeaderError {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            write!(formatter, "HeaderError({self})")
        })
    }
}

impl std::error::Error for HeaderError {}

/// `text` as the value of the header `name`, which is sent.
///
/// # Errors
/// When there are control characters other than the tab in it (RFC 9110 section 5.5). Characters beyond ASCII are
/// sent as UTF-8.
#[inline]
pub fn value(name: &'static str, text: &str) -> Result<HeaderValue, HeaderError> {
    let expected = "no control characters, such as line breaks";
    HeaderValue::from_bytes(text.as_bytes()).map_err(|_| HeaderError::new(name, expected))
}

/// The text of the header `name`, which was received.
///
/// # Errors
/// When it is not UTF-8.
#[inline]
pub fn text<'a>(name: &'static str, value: &'a HeaderValue) -> Result<&'a str, HeaderError> {
    std::str::from_utf8(value.as_bytes()).map_err(|_| HeaderError::new(name, "UTF-8"))
}

/// `true` or `false`.
#[inline]
pub fn format_boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// The decimal digits; the narrower Smithy integers convert to `i64` without loss.
#[inline]
pub fn format_integer(value: i64) -> String {
    value.to_string()
}

/// The shortest decimal number that reads back as the same `f32`, or `NaN`, `Infinity`, `-Infinity`.
#[inline]
pub fn format_float(value: f32) -> String {
    if value.is_finite() {
        format!("{value:?}")
    } else {
        format_double(value.into())
    }
}

/// The shortest decimal number that reads back as the same `f64`, or `NaN`, `Infinity`, `-Infinity`.
#[inline]
pub fn format_double(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_text();
    }
    format!("{value:?}")
}

/// The base64 form of a string with a `mediaType` trait in a header.
#[inline]
pub fn format_media_type(value: &str) -> String {
    base64_simd::STANDARD.encode_to_string(value)
}

/// Reads `true` or `false`.
///
/// # Errors
/// When it is neither.
#[inline]
pub fn parse_boolean(name: &'static str, text: &str) -> Result<bool, HeaderError> {
    match text.trim_ascii() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(HeaderError::new(name, "true or false")),
    }
}

/// Reads an 8-bit integer (Smithy `byte`).
///
/// # Errors
/// When it is no integer of that range.
#[inline]
pub fn parse_byte(name: &'static str, text: &str) -> Result<i8, HeaderError> {
    parse(name, text, "an integer from -128 to 127")
}

/// Reads a 16-bit integer (Smithy `short`).
///
/// # Errors
/// When it is no integer of that range.
#[inline]
pub fn parse_short(name: &'static str, text: &str) -> Result<i16, HeaderError> {
    parse(name, text, "an integer from -32768 to 32767")
}

/// Reads a 32-bit integer (Smithy `integer`).
///
/// # Errors
/// When it is no integer of that range.
#[inline]
pub fn parse_integer(name: &'static str, text: &str) -> Result<i32, HeaderError> {
    parse(name, text, "an integer from -2147483648 to 2147483647")
}

/// Reads a 64-bit integer (Smithy `long`).
///
/// # Errors
/// When it is no integer of that range.
#[inline]
pub fn parse_long(name: &'static str, text: &str) -> Result<i64, HeaderError> {
    parse(
        name,
        text,
        "an integer from -9223372036854775808 to 9223372036854775807",
    )
}

/// Reads a 32-bit floating-point number, or `NaN`, `Infinity`, `-Infinity`.
///
/// # Errors
/// When it is neither.
#[inline]
pub fn parse_float(name: &'static str, text: &str) -> Result<f32, HeaderError> {
    parse_floating_point(name, text, f32::is_finite)
}

/// Reads a 64-bit floating-point number, or `NaN`, `Infinity`, `-Infinity`.
///
/// # Errors
/// When it is neither.
#[inline]
pub fn parse_double(name: &'static str, text: &str) -> Result<f64, HeaderError> {
    parse_floating_point(name, text, f64::is_finite)
}

/// Reads an integer of any length.
///
/// # Errors
/// When it is none.
#[inline]
pub fn parse_big_integer(name: &'static str, text: &str) -> Result<BigInteger, HeaderError> {
    parse(name, text, "an integer")
}

/// Reads a decimal number of any length.
///
/// # Errors
/// When it is none.
#[inline]
pub fn parse_big_decimal(name: &'static str, text: &str) -> Result<BigDecimal, HeaderError> {
    parse(name, text, "a decimal number")
}

/// Reads a timestamp in `format`, or else in any other form that [`Timestamp::parse_any`] knows.
///
/// # Errors
/// When it is in no known form, or outside the years 0001 to 9999. The error shows the text.
#[inline]
pub fn parse_timestamp(
    name: &'static str,
    text: &str,
    format: TimestampFormat,
) -> Result<Timestamp, HeaderError> {
    parse_sensitive_timestamp(name, text, format).map_err(|error| HeaderError {
        found: Some(format!("{:?}", safe_line(text).limit(64))),
        ..error
    })
}

/// The same for a timestamp that must not be shown (`smithy.api#sensitive`): no error repeats the text.
///
/// # Errors
/// As [`parse_timestamp`].
#[inline]
pub fn parse_sensitive_timestamp(
    name: &'static str,
    text: &str,
    format: TimestampFormat,
) -> Result<Timestamp, HeaderError> {
    let expected = match format {
        TimestampFormat::DateTime => "a date-time such as 1985-04-12T23:20:50.52Z",
        TimestampFormat::HttpDate => "an http-date such as Tue, 29 Apr 2014 18:30:38 GMT",
        TimestampFormat::EpochSeconds => "epoch-seconds such as 1515531081.1234",
    };
    Timestamp::parse_expecting(text.trim_ascii(), format)
        .map_err(|_| HeaderError::new(name, expected))
}

/// Reads the base64 form of a string with a `mediaType` trait in a header.
///
/// # Errors
/// When it is not base64 (RFC 4648 section 4, with padding), or not of UTF-8.
#[inline]
pub fn parse_media_type(name: &'static str, text: &str) -> Result<String, HeaderError> {
    base64_simd::STANDARD
        .decode_to_vec(text.trim_ascii())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or(HeaderError::new(name, "base64 of UTF-8"))
}

fn parse<T: FromStr>(
    name: &'static str,
    text: &str,
    expected: &'static str,
) -> Result<T, HeaderError> {
    text.trim_ascii()
        .parse()
        .map_err(|_| HeaderError::new(name, expected))
}

fn parse_floating_point<T: FromStr + Copy>(
    name: &'static str,
    text: &str,
    is_finite: impl Fn(T) -> bool,
) -> Result<T, HeaderError> {
    let text = text.trim_ascii();
    let number = parse(name, text, "a number, NaN, Infinity or -Infinity")?;
    // `FromStr` accepts more names, and rounds numbers that are too large to infinity.
    if is_finite(number) || matches!(text, "NaN" | "Infinity" | "-Infinity") {
        return Ok(number);
    }
    Err(HeaderError::new(
        name,
        "a number within the range of its type, NaN, Infinity or -Infinity",
    ))
}

/// The members of a comma-separated list (RFC 9110 section 5.6.1).
///
/// White space around members is removed. Members in quotes (RFC 9110 section 5.6.4) may contain commas; their quotes
/// are removed, and so are backslashes before other characters. Empty members are kept only if they are in quotes. Text
/// is never refused: an unclosed quote extends to the end.
///
/// ```
/// let members = attache_runtime::plumbing::header::split_list(r#"a, "b,c" ,, "d\"e""#);
/// assert_eq!(members, ["a", "b,c", "d\"e"]);
/// ```
#[inline]
pub fn split_list(list: &str) -> Vec<Cow<'_, str>> {
    let mut members = Vec::new();
    let mut rest = list.trim_start_matches(WHITE_SPACE);
    while !rest.is_empty() {
        let (member, tail) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (member, tail) = quoted_string(quoted);
                // Text between the quote and the comma has no meaning.
                (
                    Some(member),
                    tail.split_once(',').map_or("", |(_, tail)| tail),
                )
            }
            None => {
                let (member, tail) = rest.split_once(',').unwrap_or((rest, ""));
                let member = member.trim_end_matches(WHITE_SPACE);
                ((!member.is_empty()).then_some(Cow::Borrowed(member)), tail)
            }
        };
        members.extend(member);
        rest = tail.trim_start_matches(WHITE_SPACE);
    }
    members
}

const WHITE_SPACE: [char; 2] = [' ', '\t'];

/// The content of a quoted string without its opening quote, and the text after the closing one.
#[inline]
fn quoted_string(text: &str) -> (Cow<'_, str>, &str) {
    let mut content = Cow::Borrowed("");
    let mut rest = text;
    loop {
        let special = rest.find(['"', '\\']).unwrap_or(rest.len());
        let (plain, tail) = rest.split_at(special);
        if content.is_empty() {
            content = Cow::Borrowed(plain);
        } else {
            content.to_mut().push_str(plain);
        }
        let mut characters = tail.chars();
        if characters.next() != Some('\\') {
            return (content, characters.as_str());
        }
        content.to_mut().extend(characters.next());
        rest = characters.as_str();
    }
}

/// The members of a comma-separated list of http-dates, each of which holds one comma itself
/// (`Tue, 29 Apr 2014 18:30:38 GMT`).
///
/// ```
/// let list = "Tue, 29 Apr 2014 18:30:38 GMT, Wed, 30 Apr 2014 18:30:38 GMT";
/// let dates = attache_runtime::plumbing::header::split_http_dates(list);
/// assert_eq!(dates, ["Tue, 29 Apr 2014 18:30:38 GMT", "Wed, 30 Apr 2014 18:30:38 GMT"]);
/// ```
#[inline]
pub fn split_http_dates(list: &str) -> Vec<&str> {
    let mut dates = Vec::new();
    let mut rest = list.trim_matches(WHITE_SPACE);
    while !rest.is_empty() {
        let end = rest
            .match_indices(',')
            .nth(1)
            .map_or(rest.len(), |(comma, _)| comma);
        dates.push(rest[..end].trim_end_matches(WHITE_SPACE));
        rest = rest
            .get(end + 1..)
            .unwrap_or_default()
            .trim_start_matches(WHITE_SPACE);
    }
    dates
}

/// A member in the form for a comma-separated list: in quotes if it contains a comma or a quote, begins or ends with
/// white space, or is empty. [`split_list`] reads it back.
#[inline]
pub fn quote_if_needed(member: &str) -> Cow<'_, str> {
    let plain = !member.is_empty()
        && member.trim_matches(WHITE_SPACE).len() == member.len()
        && !member.contains([',', '"']);
    if plain {
        return Cow::Borrowed(member);
    }
    let mut quoted = String::with_capacity(member.len() + 2);
    quoted.push('"');
    for character in member.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    Cow::Owned(quoted)
}
