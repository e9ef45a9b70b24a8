//! Decimal numbers as text, shifted by a power of ten and cut to an integer.
//!
//! A service may spell the integer 1000 as `1e3` and a time as `1.5152e9`. Both are read exactly, digit by
//! digit: going through `f64` would lose whole units above 2^53 and nanoseconds long before that.

use crate::texts::prefix;

/// The most digits that a result may have: enough for `i64` (19) and for the nanoseconds of the years that
/// [`Timestamp`](crate::timestamp::Timestamp) holds (21), and safely within `i128`.
const MAXIMUM_DIGITS: i64 = 30;

/// A decimal number multiplied by a power of ten.
pub(crate) struct Scaled {
    /// The integer part; the rest is truncated (towards zero).
    pub(crate) value: i128,
    /// Whether nothing but zeros was cut off.
    pub(crate) exact: bool,
}

/// Why a text gives no [`Scaled`] number.
pub(crate) enum Refusal {
    /// The text is not `[-+] digits [. digits] [e [-+] digits]`.
    Malformed,
    /// The result has more than [`MAXIMUM_DIGITS`] digits.
    TooLarge,
}

/// The parts of a decimal number, still as text.
struct Parts<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    exponent: i64,
}

/// Multiplies the number written in `text` by `10^scale` and cuts it to an integer.
///
/// The time taken is linear in the length of the text, whatever the exponent.
pub(crate) fn scale(text: &str, scale: i64) -> Result<Scaled, Refusal> {
    let parts = split(text.as_bytes()).ok_or(Refusal::Malformed)?;
    let is_zero = |digit| digit == b'0';
    let mut leading = prefix(parts.whole, is_zero);
    if leading == parts.whole.len() {
        leading += prefix(parts.fraction, is_zero);
    }
    // How many of the significant digits are before the point after the shift; may be negative.
    let kept = (parts.whole.len() as i64 - leading as i64)
        .saturating_add(parts.exponent)
        .saturating_add(scale);
    let (mut magnitude, mut taken, mut exact) = (0_i128, 0_i64, true);
    for index in leading..parts.whole.len() + parts.fraction.len() {
        let digit = match parts.whole.get(index) {
            Some(digit) => *digit,
            None => parts.fraction[index - parts.whole.len()],
        };
        if taken >= kept {
            exact &= digit == b'0';
        } else if taken >= MAXIMUM_DIGITS {
            return Err(Refusal::TooLarge);
        } else {
            magnitude = magnitude * 10 + i128::from(digit - b'0');
            taken += 1;
        }
    }
    if magnitude != 0 {
        if kept > MAXIMUM_DIGITS {
            return Err(Refusal::TooLarge);
        }
        for _ in taken..kept {
            magnitude *= 10;
        }
    }
    Ok(Scaled {
        value: if parts.negative {
            -magnitude
        } else {
            magnitude
        },
        exact,
    })
}

fn split(text: &[u8]) -> Option<Parts<'_>> {
    let (negative, text) = sign(text);
    let (whole, rest) = leading_digits(text);
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => match leading_digits(rest) {
            ([], _) => return None,
            fraction => fraction,
        },
        _ => (&[][..], rest),
    };
    let exponent = match rest {
        [] => 0,
        [b'e' | b'E', rest @ ..] => exponent(rest)?,
        _ => return None,
    };
    (!whole.is_empty()).then_some(Parts {
        negative,
        whole,
        fraction,
        exponent,
    })
}

fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

fn leading_digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(prefix(text, |byte| byte.is_ascii_digit()))
}

fn exponent(text: &[u8]) -> Option<i64> {
    let (negative, text) = sign(text);
    let (digits, rest) = leading_digits(text);
    if digits.is_empty() || !rest.is_empty() {
        return None;
    }
    let mut magnitude = 0_i64;
    for digit in digits {
        magnitude = magnitude
            .saturating_mul(10)
            .saturating_add(i64::from(digit - b'0'));
    }
    Some(if negative { -magnitude } else { magnitude })
}
