//! The inner loop of reading and writing strings: finds the first character that needs an escape.
//!
//! A text consists mostly of strings. Their bytes are compared in blocks of sixteen. Where every processor of the target has SSE2, as
//! on x86-64, one of its instructions gives a bit for each byte. The crate vsimd, which base64-simd brings, calls them, because that
//! needs unsafe code. Other targets compare words of eight bytes.

use crate::texts::prefix;

const BLOCK: usize = 16;

/// The length of the prefix of `bytes` without `"`, `\` and control characters (below 0x20).
#[inline]
pub(super) fn plain_prefix(bytes: &[u8]) -> usize {
    let mut blocks = bytes.chunks_exact(BLOCK);
    let mut length = 0;
    for block in &mut blocks {
        if let Some(plain) = block.first_chunk().and_then(plain_in_block) {
            return length + plain;
        }
        length += BLOCK;
    }
    length + prefix(blocks.remainder(), is_plain)
}

/// The index of the first byte of a block that is not plain.
#[cfg(target_feature = "sse2")]
#[inline(always)]
fn plain_in_block(block: &[u8; BLOCK]) -> Option<usize> {
    use vsimd::SIMD128;
    use vsimd::isa::{SSE2, detect};
    use vsimd::vector::V128;

    let Some(simd) = detect::<SSE2>() else {
        return by_words(block);
    };
    let bytes = V128::from_bytes(*block);
    // Both quotes and control characters are below 0x21 after this.
    let flipped = simd.v128_xor(bytes, simd.u8x16_splat(2));
    let least = simd.u8x16_min(flipped, simd.u8x16_splat(0x20));
    let quotes_and_controls = simd.u8x16_eq(least, flipped);
    let backslashes = simd.u8x16_eq(bytes, simd.u8x16_splat(b'\\'));
    let marks = simd.u8x16_bitmask(simd.v128_or(quotes_and_controls, backslashes));
    (marks != 0).then(|| u32::from(marks).trailing_zeros() as usize)
}

/// The index of the first byte of a block that is not plain.
#[cfg(not(target_feature = "sse2"))]
fn plain_in_block(block: &[u8; BLOCK]) -> Option<usize> {
    by_words(block)
}

/// The same by words of eight bytes.
///
/// A byte of `word ^ 2` is below 0x21 where it was a quote or a control character, and one of `word ^ '\\'` is zero where it
/// was a backslash. Subtracting then borrows into the high bit, which was not set before in any of them. Borrows may
/// also mark a byte *behind* a true hit, never one before it, so the first mark is always right.
#[inline(always)]
fn by_words(block: &[u8; BLOCK]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    let (words, _) = block.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quote_or_control = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
        let marks = (quote_or_control | backslash) & !word & (ONES << 7);
        if marks != 0 {
            return Some(index * 8 + (marks.trailing_zeros() / 8) as usize);
        }
    }
    None
}

#[inline(always)]
fn is_plain(byte: u8) -> bool {
    (byte ^ 2) >= 0x21 && byte != b'\\'
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, by_words, is_plain, plain_in_block, plain_prefix};

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
                    assert_eq!(plain_prefix(&bytes), expected, "{byte:#x} behind {length}");
                    assert_eq!(plain_prefix(&bytes[..length]), length);
                }
            }
        }
    }

    #[test]
    fn words_and_vectors_find_the_same() {
        for byte in 0..=u8::MAX {
            for place in 0..BLOCK {
                for behind in [b'a', b'"', 0, b'\\', 0xff] {
                    let mut block = [b'#'; BLOCK];
                    block[place..].fill(behind);
                    block[place] = byte;
                    assert_eq!(by_words(&block), plain_in_block(&block), "{block:?}");
                }
            }
        }
    }
}
