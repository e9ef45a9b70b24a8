//! What text is made of: runs of characters that stand for themselves, and references.

use std::borrow::Cow;

use super::markup::SPACE;
#[cfg(feature = "tracing")]
use crate::texts::has;
use crate::texts::prefix;

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
    let plain = |byte: u8| !matches!(byte, b'<' | b'&' | b'\r');
    bytes.len() - rest.len() + prefix(rest, plain)
}

/// The value of an attribute: white space characters become spaces (XML 1.0 section 3.3.3). `None` if a reference is
/// not well-formed.
#[inline]
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

/// A piece of XML in which printable ASCII characters stand for themselves if they may: `&amp;` and `&#63;` become `&` and
/// `?`.
#[cfg(feature = "tracing")]
pub(crate) fn plain(xml: &str) -> Cow<'_, str> {
    if !has(xml, b'&') {
        return Cow::Borrowed(xml);
    }
    let mut text = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        text.push_str(before);
        // A longer one only has zeros at its begin.
        let mut end = tail.len().min(12);
        while !tail.is_char_boundary(end) {
            end -= 1;
        }
        let near = &tail[..end];
        let (character, length) = match reference(near) {
            Some((character @ (' '..='~'), length)) if !matches!(character, '<' | '>') => {
                (character, length)
            }
            _ => ('&', 1),
        };
        text.push(character);
        rest = &tail[length..];
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The character of the reference at the begin, and the length of the reference.
pub(super) fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.find(';')?;
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
            if digits.starts_with('+') {
                return None;
            }
            let number = u64::from_str_radix(digits, radix).ok()?;
            // XML 1.0 does not permit each of them, but S3 sends references to control characters in keys.
            char::from_u32(u32::try_from(number).ok()?)?
        }
    };
    Some((character, end + 1))
}
