//! The inner loop of reading and writing strings: finds the first character that needs an escape.
//!
//! A text consists mostly of strings. Keys are short, and are checked by words of eight bytes. Other strings are checked by
//! blocks, which the compiler turns into vector instructions.

use crate::texts::prefix;

const ONES: u64 = u64::MAX / 255;
const HIGH_BITS: u64 = ONES << 7;

/// The length of the prefix of `bytes` without `"`, `\` and control characters (below 0x20).
#[inline(never)]
pub(super) fn plain_prefix(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((block, tail)) = rest.split_first_chunk::<16>() {
        if !is_plain_block(block) {
            let words = u128::from_le_bytes(*block);
            let plain = match first_mark(words as u64) {
                8 => 8 + first_mark((words >> 64) as u64),
                plain => plain,
            };
            return bytes.len() - rest.len() + plain;
        }
        rest = tail;
    }
    bytes.len() - rest.len() + plain_bytes(rest)
}

/// The same for what is probably short.
#[inline(never)]
pub(super) fn plain_prefix_of_short(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((word, tail)) = rest.split_first_chunk::<8>() {
        let plain = first_mark(u64::from_le_bytes(*word));
        if plain < 8 {
            return bytes.len() - rest.len() + plain;
        }
        rest = tail;
    }
    bytes.len() - rest.len() + plain_bytes(rest)
}

/// The index of the first byte of a word that is not plain, or 8.
///
/// A byte of `word ^ 2` is below 0x21 where it was a quote or a control character, and one of `word ^ '\\'` is zero where it
/// was a backslash. Subtracting then borrows into the high bit, which was not set before in any of them. Borrows may
/// also mark a byte *behind* a true hit, never one before it, so the first mark is always right.
#[inline(always)]
fn first_mark(word: u64) -> usize {
    let quote_or_control = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    let marks = (quote_or_control | backslash) & !word & HIGH_BITS;
    (marks.trailing_zeros() / 8) as usize
}

#[inline(always)]
fn is_plain(byte: u8) -> bool {
    (byte ^ 2) >= 0x21 && byte != b'\\'
}

fn plain_bytes(bytes: &[u8]) -> usize {
    prefix(bytes, is_plain)
}

/// Without a branch for each byte, so that all bytes are compared at once.
#[inline(always)]
fn is_plain_block(block: &[u8; 16]) -> bool {
    let special = |byte: u8| u8::from((byte ^ 2) < 0x21) | u8::from(byte == b'\\');
    block.iter().fold(0, |found, byte| found | special(*byte)) == 0
}

#[cfg(test)]
mod tests {
    use super::{is_plain, plain_prefix, plain_prefix_of_short};

    #[test]
    fn the_first_character_that_needs_an_escape_is_found_wherever_it_is() {
        for byte in 0..=u8::MAX {
            let needs_escape = byte < 0x20 || byte == b'"' || byte == b'\\';
            assert_eq!(is_plain(byte), !needs_escape, "{byte:#x}");
            for length in 0..70 {
                for filler in [b'a', b'!', b'#', b' ', 0x7f, 0x80, 0xff] {
                    let mut bytes = vec![filler; length];
                    bytes.push(byte);
                    bytes.extend([
                        b'"', filler, b'\\', 0, filler, filler, filler, filler, filler,
                    ]);
                    let expected = length + usize::from(!needs_escape);
                    for search in [plain_prefix, plain_prefix_of_short] {
                        assert_eq!(search(&bytes), expected, "{byte:#x} behind {length}");
                        assert_eq!(search(&bytes[..length]), length);
                    }
                }
            }
        }
    }
}
