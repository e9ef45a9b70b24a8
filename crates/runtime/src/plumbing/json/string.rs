//! JSON strings: decodes the text between two quotes.

use std::borrow::Cow;

use super::scan::plain_prefix;

/// Why a string was refused, and the position of the wrong byte.
pub(super) struct Refusal {
    pub(super) offset: usize,
    pub(super) message: &'static str,
}

impl Refusal {
    fn new(offset: usize, message: &'static str) -> Self {
        Self { offset, message }
    }
}

/// The text between the opening quote, which is right before `start`, and the closing one.
pub(super) struct Span {
    /// Where the closing quote is.
    pub(super) end: usize,
    /// Whether there are escapes in between.
    pub(super) escaped: bool,
}

/// Finds the end of a string and checks its escapes.
pub(super) fn span(text: &str, start: usize) -> Result<Span, Refusal> {
    let bytes = text.as_bytes();
    let mut position = start;
    let mut escaped = false;
    loop {
        position += plain_prefix(&bytes[position..]);
        match bytes.get(position) {
            Some(b'"') => {
                return Ok(Span {
                    end: position,
                    escaped,
                });
            }
            Some(b'\\') => {
                escaped = true;
                position += 1 + escape_length(bytes, position + 1)?;
            }
            Some(_) => {
                return Err(Refusal::new(
                    position,
                    "expected control characters in a string to be escaped",
                ));
            }
            None => {
                return Err(Refusal::new(
                    position,
                    "expected the end of a string, found the end of the input",
                ));
            }
        }
    }
}

/// The length of the escape whose first byte, after the backslash, is at `position`.
fn escape_length(bytes: &[u8], position: usize) -> Result<usize, Refusal> {
    match bytes.get(position) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(1),
        Some(b'u') => match hexadecimal(bytes, position + 1) {
            Some(_) => Ok(5),
            None => Err(Refusal::new(
                position,
                "expected four hexadecimal digits in an escape",
            )),
        },
        Some(_) => Err(Refusal::new(
            position,
            "expected one of \"\\/bfnrtu in an escape",
        )),
        None => Err(Refusal::new(
            position,
            "expected an escape, found the end of the input",
        )),
    }
}

fn hexadecimal(bytes: &[u8], position: usize) -> Option<u32> {
    bytes
        .get(position..position + 4)?
        .iter()
        .try_fold(0, |sum, digit| {
            Some(sum * 16 + char::from(*digit).to_digit(16)?)
        })
}

/// The characters of `raw`, which [`span`] has checked.
pub(super) fn unescape(raw: &str) -> String {
    let bytes = raw.as_bytes();
    let mut characters = String::with_capacity(raw.len());
    let mut position = 0;
    loop {
        let plain = position + plain_prefix(&bytes[position..]);
        characters.push_str(&raw[position..plain]);
        // Checked text contains no quote or control character; skipping one would be harmless.
        let Some(escape) = bytes.get(plain + 1) else {
            return characters;
        };
        position = plain + 2;
        characters.push(match escape {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let (character, length) = code_point(bytes, position);
                position += length;
                character
            }
            other => char::from(*other),
        });
    }
}

/// The character of the digits at `position`, and how many bytes they have: 4, or 10 for a pair of surrogates. A
/// surrogate that is not half of a pair is U+FFFD.
fn code_point(bytes: &[u8], position: usize) -> (char, usize) {
    let unit = hexadecimal(bytes, position).unwrap_or_default();
    if let 0xd800..=0xdbff = unit
        && bytes.get(position + 4..position + 6) == Some(b"\\u")
        && let Some(low @ 0xdc00..=0xdfff) = hexadecimal(bytes, position + 6)
    {
        let pair = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        return (
            char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER),
            10,
        );
    }
    (
        char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER),
        4,
    )
}

/// Where the string that starts at `start` ends, in text that need not be valid: at the closing quote, or at
/// the end of the text.
pub(super) fn end(text: &[u8], start: usize) -> usize {
    let mut position = start;
    while let Some(byte) = text.get(position) {
        match byte {
            b'"' => return position,
            b'\\' => position += 2,
            _ => position += 1,
        }
    }
    text.len()
}

/// The characters of `raw`, or `raw` itself if it is no valid content of a string.
pub(super) fn lossy(raw: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(raw);
    let quoted = format!("{text}\"");
    match span(&quoted, 0) {
        Ok(Span { escaped: true, end }) if end == text.len() => Cow::Owned(unescape(&text)),
        _ => text,
    }
}
