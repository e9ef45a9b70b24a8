//! Text: its references, CDATA and line ends.

use std::borrow::Cow;

use super::markup::SPACE;
use super::tag::Next;
use super::{Reader, Result};

const ONES: u64 = u64::MAX / 255;
const HIGH_BITS: u64 = ONES << 7;

/// The length of the prefix of `bytes` without `<`, `&` and the carriage return.
///
/// It processes eight bytes at a time, as the scan of JSON does.
pub(super) fn plain_prefix(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let of = |byte: u8| {
            let zero = word ^ (ONES * u64::from(byte));
            zero.wrapping_sub(ONES) & !zero
        };
        let marks = (of(b'<') | of(b'&') | of(b'\r')) & HIGH_BITS;
        if marks != 0 {
            return bytes.len() - rest.len() + (marks.trailing_zeros() / 8) as usize;
        }
        rest = tail;
    }
    let plain = |byte: &&u8| !matches!(byte, b'<' | b'&' | b'\r');
    bytes.len() - rest.len() + rest.iter().take_while(plain).count()
}

impl<'a> Reader<'a> {
    /// Reads the text of the element up to its end, borrowed if it is written as it is.
    ///
    /// # Errors
    /// When the element contains another one, or the text is not well-formed.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>> {
        if self.close_empty() {
            return Ok(Cow::Borrowed(""));
        }
        let start = self.position;
        let end = start + plain_prefix(&self.text.as_bytes()[start..]);
        if self.text.as_bytes()[end..].starts_with(b"</") {
            self.position = end;
            self.end_tag()?;
            return Ok(Cow::Borrowed(&self.text[start..end]));
        }
        self.composed_text().map(Cow::Owned)
    }

    /// The text of an element with references, CDATA, comments or line ends of two characters.
    fn composed_text(&mut self) -> Result<String> {
        let mut result = String::new();
        loop {
            let rest = &self.text[self.position..];
            let (plain, rest) = rest.split_at(plain_prefix(rest.as_bytes()));
            result.push_str(plain);
            self.position += plain.len();
            match rest.as_bytes().first() {
                Some(b'&') => match reference(rest) {
                    Some((character, length)) => {
                        result.push(character);
                        self.position += length;
                    }
                    None => {
                        return Err(self.error(
                            "expected one of the five entities of XML or the number of a character after `&`",
                        ));
                    }
                },
                Some(b'\r') => {
                    result.push('\n');
                    self.position += 1 + usize::from(rest.as_bytes().get(1) == Some(&b'\n'));
                }
                _ => match self.next_markup()? {
                    Next::EndTag => {
                        self.end_tag()?;
                        return Ok(result);
                    }
                    Next::StartTag => return Err(self.error("expected text, found an element")),
                    Next::Cdata(literal) => push_lines(literal, &mut result),
                    Next::Skipped => {}
                },
            }
        }
    }
}

/// Appends a literal text; each line end becomes one character.
fn push_lines(literal: &str, result: &mut String) {
    let mut rest = literal;
    while let Some((line, tail)) = rest.split_once('\r') {
        result.push_str(line);
        result.push('\n');
        rest = tail.strip_prefix('\n').unwrap_or(tail);
    }
    result.push_str(rest);
}

/// The value of an attribute: white space characters become spaces (XML 1.0 section 3.3.3). `None` if a reference is
/// not well-formed.
pub(super) fn attribute_value(raw: &str) -> Option<Cow<'_, str>> {
    let is_plain = |byte: u8| !matches!(byte, b'&' | b'\t' | b'\r' | b'\n');
    if raw.bytes().all(is_plain) {
        return Some(Cow::Borrowed(raw));
    }
    let mut result = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '&' => {
                let (character, length) = reference(rest)?;
                result.push(character);
                length
            }
            '\r' if rest.starts_with("\r\n") => {
                result.push(' ');
                2
            }
            _ => {
                result.push(if SPACE.contains(&first) { ' ' } else { first });
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    Some(Cow::Owned(result))
}

/// The character of the reference at the begin, and the length of the reference.
fn reference(text: &str) -> Option<(char, usize)> {
    // The longest one that means anything is `&#1114111;`, and leading zeros are rare.
    let end = text.bytes().take(32).position(|byte| byte == b';')?;
    let character = match text.get(1..end)? {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        name => {
            let number = name.strip_prefix('#')?;
            let (digits, radix) = match number.strip_prefix('x') {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            let is_number = digits.chars().all(|digit| digit.is_digit(radix));
            let number = u32::from_str_radix(digits, radix).ok()?;
            char::from_u32(number).filter(|character| is_number && is_char(*character))?
        }
    };
    Some((character, end + 1))
}

/// Whether a reference may name this character (`Char` of XML 1.0).
fn is_char(character: char) -> bool {
    SPACE.contains(&character) || !matches!(character, '\0'..' ' | '\u{fffe}' | '\u{ffff}')
}
