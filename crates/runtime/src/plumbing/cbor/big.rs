//! Integers of any length, between the big-endian bytes of a bignum (RFC 8949 section 3.4.3) and decimal digits.
//!
//! The work is quadratic in the length, so the length is limited. No service is known to send more than 32 bytes.

/// The longest bignum that is read, in bytes.
pub const BIGNUM_LIMIT: usize = 512;

/// Nine decimal digits, which fit into 32 bits.
const BASE: u64 = 1_000_000_000;

/// The decimal digits of an unsigned integer of big-endian bytes.
pub(super) fn digits(bytes: &[u8]) -> String {
    // The number in base 10^9, the lowest part first.
    let mut parts: Vec<u64> = Vec::new();
    for byte in bytes {
        let mut carry = u64::from(*byte);
        for part in &mut parts {
            let value = (*part << 8) + carry;
            (*part, carry) = (value % BASE, value / BASE);
        }
        if carry > 0 {
            parts.push(carry);
        }
    }
    let mut parts = parts.into_iter().rev();
    let mut text = parts.next().unwrap_or_default().to_string();
    for part in parts {
        text.push_str(&format!("{part:09}"));
    }
    text
}

/// The big-endian bytes of an unsigned integer of decimal digits, without leading zeros.
pub(super) fn bytes(digits: &str) -> Vec<u8> {
    // The number in base 256, the lowest byte first.
    let mut bytes: Vec<u8> = Vec::new();
    for digit in digits.bytes() {
        let mut carry = u32::from(digit - b'0');
        for byte in &mut bytes {
            let value = u32::from(*byte) * 10 + carry;
            (*byte, carry) = (value as u8, value >> 8);
        }
        if carry > 0 {
            bytes.push(carry as u8);
        }
    }
    bytes.reverse();
    bytes
}

/// The same digits plus or minus one, without leading zeros. `digits` is not zero if one is subtracted.
pub(super) fn next(digits: &str, is_up: bool) -> String {
    let (last, first) = if is_up { (b'9', b'0') } else { (b'0', b'9') };
    let mut bytes = digits.as_bytes().to_vec();
    let mut carries = true;
    for digit in bytes.iter_mut().rev() {
        if *digit != last {
            *digit = if is_up { *digit + 1 } else { *digit - 1 };
            carries = false;
            break;
        }
        *digit = first;
    }
    let mut text: String = bytes.into_iter().map(char::from).collect();
    if is_up && carries {
        text.insert(0, '1');
    }
    let kept = text.trim_start_matches('0');
    match kept.is_empty() {
        true => "0".to_owned(),
        false => kept.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, digits, next};

    #[test]
    fn bytes_and_digits_are_the_same_numbers() {
        for (number, text) in [
            (&[][..], "0"),
            (&[0], "0"),
            (&[0, 0, 7], "7"),
            (&[0xff; 8], "18446744073709551615"),
            (&[1, 0, 0, 0, 0, 0, 0, 0, 0], "18446744073709551616"),
            (&[0xff; 16], "340282366920938463463374607431768211455"),
        ] {
            assert_eq!(digits(number), text);
            let kept: Vec<u8> = number
                .iter()
                .copied()
                .skip_while(|byte| *byte == 0)
                .collect();
            assert_eq!(bytes(text), kept, "{text}");
        }
        let mut value = 1_u128;
        for _ in 0..500 {
            value = value
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(99);
            assert_eq!(digits(&value.to_be_bytes()), value.to_string());
            let written = bytes(&value.to_string());
            let mut padded = vec![0; 16 - written.len()];
            padded.extend(&written);
            assert_eq!(padded, value.to_be_bytes());
        }
    }

    #[test]
    fn a_neighbour_is_one_away() {
        for (text, up) in [("0", "1"), ("9", "10"), ("199", "200"), ("999", "1000")] {
            assert_eq!(next(text, true), up);
            assert_eq!(next(up, false), text);
        }
    }
}
