use proptest::collection::vec;
use proptest::prelude::any;
use proptest::{prop_assert_eq, proptest};

use super::portable::Portable;
use super::{Backend, Sha256};
use crate::plumbing::sigv4::hexadecimal;

/// The hash of pieces, of which each state but the last was copied.
fn hash<B: Backend>(pieces: &[impl AsRef<[u8]>]) -> String {
    let state = pieces.iter().fold(B::start(), |state, piece| {
        let mut copy = state.clone();
        copy.add(piece.as_ref());
        copy
    });
    hexadecimal(&state.end())
}

/// The hash of pieces by each backend that is compiled, with its name.
fn of_each_backend(pieces: &[impl AsRef<[u8]>]) -> Vec<(&'static str, String)> {
    vec![
        ("portable", hash::<Portable>(pieces)),
        ("sha2", hash::<sha2::Sha256>(pieces)),
        #[cfg(feature = "rustls-ring")]
        ("ring", hash::<ring::digest::Context>(pieces)),
        ("the chosen one", hash::<super::Chosen>(pieces)),
    ]
}

#[test]
fn the_examples_of_fips_180_give_its_results() {
    let cases: [(&[u8], &str); 4] = [
        (
            b"",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            b"abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
        (
            &[b'a'; 1_000_000],
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        ),
    ];
    for (bytes, expected) in cases {
        for (backend, found) in of_each_backend(&[bytes]) {
            assert_eq!(found, expected, "{backend}, {} bytes", bytes.len());
        }
        assert_eq!(hexadecimal(&Sha256::digest(bytes)), expected);
    }
}

#[test]
fn every_length_around_a_block_agrees_with_the_library() {
    let bytes: Vec<u8> = (0..=255).collect();
    for length in 0..=bytes.len() {
        let bytes = &bytes[..length];
        let expected = hexadecimal(&<sha2::Sha256 as sha2::Digest>::digest(bytes));
        for (backend, found) in of_each_backend(&[bytes]) {
            assert_eq!(found, expected, "{backend}, {length} bytes");
        }
    }
}

#[test]
fn bytes_can_be_added_to_a_prefix() {
    let mut hash = Sha256::new_with_prefix(b"a");
    hash.update(b"b");
    let copy = hash.clone();
    hash.update(b"c");
    assert_eq!(hash.finalize(), Sha256::digest(b"abc"));
    assert_eq!(copy.finalize(), Sha256::digest(b"ab"));
}

proptest! {
    #[test]
    fn bytes_in_any_pieces_agree_with_the_library(pieces in vec(vec(any::<u8>(), 0..300), 0..8)) {
        let whole = pieces.concat();
        let expected = hexadecimal(&<sha2::Sha256 as sha2::Digest>::digest(&whole));
        for (backend, found) in of_each_backend(&pieces) {
            prop_assert_eq!(&found, &expected, "{}", backend);
        }
    }
}
