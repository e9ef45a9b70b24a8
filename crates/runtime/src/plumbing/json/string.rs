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

/// Where the string ends that `position` is in: at the closing quote. Its characters from there on are added to
/// `characters`, if somebody wants them.
pub(super) fn decode(
    text: &str,
    mut position: usize,
    mut characters: Option<&mut String>,
) -> Result<usize, Refusal> {
    let bytes = text.as_bytes();
    loop {
        let start = position;
        position += plain_prefix(&bytes[start..]);
        if let Some(characters) = &mut characters {
            characters.push_str(&text[start..position]);
        }
        match bytes.get(position) {
            Some(b'"') => return Ok(position),
            Some(b'\\') => {
                let (character, length) = escape(bytes, position + 1)?;
                if let Some(characters) = &mut characters {
                    characters.push(character);
                }
                position += 1 + length;
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

/// The character of the escape whose first byte, after the backslash, is at `position`, and the length from there.
fn escape(bytes: &[u8], position: usize) -> Result<(char, usize), Refusal> {
    let character = match bytes.get(position) {
        Some(same @ (b'"' | b'\\' | b'/')) => char::from(*same),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => {
            return match code_point(bytes, position + 1) {
                Some((character, length)) => Ok((character, 1 + length)),
                None => Err(Refusal::new(
                    position,
                    "expected four hexadecimal digits in an escape",
                )),
            };
        }
        Some(_) => {
            return Err(Refusal::new(
                position,
                "expected one of \"\\/bfnrtu in an escape",
            ));
        }
        None => {
            return Err(Refusal::new(
                position,
                "expected an escape, found the end of the input",
            ));
        }
    };
    Ok((character, 1))
}

fn hexadecimal(bytes: &[u8], position: usize) -> Option<u32> {
    bytes
        .get(position..position + 4)?
        .iter()
        .try_fold(0, |sum, digit| {
            Some(sum * 16 + char::from(*digit).to_digit(16)?)
        })
}

/// The character of the digits at `position`, and how many bytes they have: 4, or 10 for a pair of surrogates. A
/// surrogate that is not half of a pair is U+FFFD.
fn code_point(bytes: &[u8], position: usize) -> Option<(char, usize)> {
    let unit = hexadecimal(bytes, position)?;
    let (code, length) = match unit {
        0xd800..=0xdbff if bytes.get(position + 4..position + 6) == Some(b"\\u") => {
            match hexadecimal(bytes, position + 6) {
                Some(low @ 0xdc00..=0xdfff) => {
                    (0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00), 10)
                }
                _ => (unit, 4),
            }
        }
        _ => (unit, 4),
    };
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((character, length))
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
    let mut characters = String::new();
    match decode(&quoted, 0, Some(&mut characters)) {
        Ok(end) if end == text.len() => Cow::Owned(characters),
        _ => text,
    }
}
