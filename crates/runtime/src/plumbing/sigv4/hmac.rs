//! HMAC with SHA-256 (RFC 2104), by which signatures and their keys are computed.
//!
//! It is written here because it is two hashes, and the library of it would bring three crates.

use crate::sha256::Sha256;

/// The length of the blocks of SHA-256.
const BLOCK: usize = 64;

/// A hash with a key, as far as it was fed. A copy continues from there, without hashing the key again.
#[derive(Clone)]
pub(in crate::plumbing) struct Hmac {
    inner: Sha256,
    outer: Sha256,
}

impl Hmac {
    /// The hash of no bytes yet, with a key of any length.
    pub(in crate::plumbing) fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        match block.get_mut(..key.len()) {
            Some(begin) => begin.copy_from_slice(key),
            None => block[..32].copy_from_slice(&Sha256::digest(key)),
        }
        Self {
            inner: Sha256::new_with_prefix(&masked(&block, 0x36)),
            outer: Sha256::new_with_prefix(&masked(&block, 0x5c)),
        }
    }

    pub(in crate::plumbing) fn update(&mut self, bytes: &[u8]) {
        self.inner.update(bytes);
    }

    pub(in crate::plumbing) fn finish(self) -> [u8; 32] {
        let Self { inner, mut outer } = self;
        outer.update(&inner.finalize());
        outer.finalize()
    }
}

fn masked(block: &[u8; BLOCK], mask: u8) -> [u8; BLOCK] {
    let mut masked = *block;
    for byte in &mut masked {
        *byte ^= mask;
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::Hmac;
    use crate::plumbing::sigv4::hexadecimal;

    fn hash(key: &[u8], data: &[u8]) -> String {
        let mut hmac = Hmac::new(key);
        hmac.update(data);
        hexadecimal(&hmac.finish())
    }

    #[test]
    fn the_test_cases_of_rfc_4231_give_its_results() {
        let cases: [(&[u8], &[u8], &str); 4] = [
            (
                &[0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, data, expected) in cases {
            assert_eq!(hash(key, data), expected);
        }
    }

    #[test]
    fn every_length_of_key_and_data_agrees_with_the_library() {
        use ::hmac::{KeyInit, Mac};

        let bytes: Vec<u8> = (0..=255).collect();
        for length in 0..=130 {
            let (key, data) = (&bytes[..length], &bytes[length..]);
            let mut expected = ::hmac::Hmac::<sha2::Sha256>::new_from_slice(key).expect("any key");
            expected.update(data);
            assert_eq!(
                hash(key, data),
                hexadecimal(&expected.finalize().into_bytes()),
                "{length}"
            );
        }
    }

    #[test]
    fn a_copy_continues_where_it_was_made() {
        let mut one = Hmac::new(b"key");
        one.update(b"first, ");
        let mut other = one.clone();
        other.update(b"second");
        one.update(b"third");
        assert_eq!(hexadecimal(&other.finish()), hash(b"key", b"first, second"));
        assert_eq!(hexadecimal(&one.finish()), hash(b"key", b"first, third"));
    }
}
