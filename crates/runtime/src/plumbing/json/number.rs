//! The grammar of JSON numbers (RFC 8259 section 6).

use crate::texts::prefix;

/// A number in the text.
#[derive(Clone, Copy)]
pub(super) struct NumberText<'a> {
    /// The number as it is written.
    pub(super) text: &'a str,
    /// Whether it has neither a fraction nor an exponent.
    pub(super) integral: bool,
}

/// The number at the beginning of `text`, or the position of the first error and what was expected there.
pub(super) fn leading(text: &str) -> Result<NumberText<'_>, (usize, &'static str)> {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        let tail = bytes.get(from..).unwrap_or_default();
        from + prefix(tail, |byte| byte.is_ascii_digit())
    };
    let start = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(start);
    if whole == start {
        return Err((start, "expected a digit"));
    }
    if bytes[start] == b'0' && whole > start + 1 {
        return Err((start + 1, "expected no digit after a leading zero"));
    }
    let mut end = whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if fraction == end + 1 {
            return Err((fraction, "expected a digit after the decimal point"));
        }
        end = fraction;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let sign = end + 1;
        let first = sign + usize::from(matches!(bytes.get(sign), Some(b'+' | b'-')));
        let exponent = digits(first);
        if exponent == first {
            return Err((exponent, "expected a digit in the exponent"));
        }
        end = exponent;
    }
    Ok(NumberText {
        text: &text[..end],
        integral: end == whole,
    })
}
