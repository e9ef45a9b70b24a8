//! SHA-1 (FIPS 180-4), which names the files of tokens.
//!
//! It is written here because it hashes one short text, and nothing depends on its strength or speed. See decision 0084.

/// The length of a block in bytes.
const BLOCK: usize = 64;

/// The hash of the bytes.
pub(super) fn sha1(bytes: &[u8]) -> [u8; 20] {
    // A one, zeros to the last eight bytes of a block, and there the length in bits.
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % BLOCK != BLOCK - 8 {
        padded.push(0);
    }
    padded.extend_from_slice(&(bytes.len() as u64).wrapping_mul(8).to_be_bytes());
    let mut state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
    for block in padded.as_chunks().0 {
        compress(&mut state, block);
    }
    let mut hash = [0; 20];
    for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    hash
}

/// Adds a block to the state.
fn compress(state: &mut [u32; 5], block: &[u8; BLOCK]) {
    let mut words = [0_u32; 80];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    for at in 16..80 {
        let word = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16];
        words[at] = word.rotate_left(1);
    }
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    for (round, word) in words.iter().enumerate() {
        let (mixed, constant) = match round / 20 {
            0 => ((b & c) | (!b & d), 0x5a827999),
            1 => (b ^ c ^ d, 0x6ed9eba1),
            2 => ((b & c) | (b & d) | (c & d), 0x8f1bbcdc),
            _ => (b ^ c ^ d, 0xca62c1d6_u32),
        };
        let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e);
        let sum = sum.wrapping_add(constant).wrapping_add(*word);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
    }
    for (word, add) in state.iter_mut().zip(&[a, b, c, d, e]) {
        *word = word.wrapping_add(*add);
    }
}

#[cfg(test)]
mod tests {
    use ::sha1::Digest;

    use super::sha1;
    use crate::plumbing::sigv4::hexadecimal;

    #[test]
    fn the_examples_of_fips_180_give_its_results() {
        for (text, expected) in [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
            ),
        ] {
            assert_eq!(hexadecimal(&sha1(text.as_bytes())), expected);
        }
    }

    #[test]
    fn every_length_agrees_with_the_library() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for length in 0..=bytes.len() {
            let bytes = &bytes[..length];
            let expected: [u8; 20] = ::sha1::Sha1::digest(bytes).into();
            assert_eq!(sha1(bytes), expected, "{length}");
        }
    }
}
