//! The SHA-256 tree hash: pieces of one mebibyte are hashed, and neighbours are hashed together until one hash is left.
//!
//! The parts of an upload can therefore be checked one by one, and the hash of the whole follows from theirs. Services
//! that require it state that only in their documentation (`attache#treeHash`).

use crate::formatting::write;
use crate::sha256::Sha256;

const PIECE: usize = 1024 * 1024;

/// The tree hash of a body, as hexadecimal digits. Of nothing it is the hash of nothing.
#[inline]
pub(crate) fn tree_hash(bytes: &[u8]) -> String {
    let mut hashes: Vec<[u8; 32]> = bytes.chunks(PIECE).map(Sha256::digest).collect();
    while hashes.len() > 1 {
        hashes = hashes
            .chunks(2)
            .map(|pair| match pair {
                [one, two] => {
                    let mut both = Sha256::new_with_prefix(one);
                    both.update(two);
                    both.finalize()
                }
                // The last of an odd number is kept unchanged.
                alone => alone[0],
            })
            .collect();
    }
    let hash = hashes.pop().unwrap_or_else(|| Sha256::digest(&[]));
    hash.iter().fold(String::new(), |mut hex, byte| {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{PIECE, tree_hash};

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn one_piece_has_its_plain_hash() {
        let hello = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
        assert_eq!(tree_hash(b"hello world"), hello);
        assert_eq!(tree_hash(b""), hex(&Sha256::digest([])));
    }

    #[test]
    fn three_pieces_make_a_tree_that_leans_left() {
        let pieces = [vec![1; PIECE], vec![2; PIECE], vec![3; 5]];
        let [one, two, three] = [0, 1, 2].map(|index| Sha256::digest(&pieces[index]));
        let left = Sha256::new().chain_update(one).chain_update(two).finalize();
        let whole = Sha256::new()
            .chain_update(left)
            .chain_update(three)
            .finalize();
        assert_eq!(tree_hash(&pieces.concat()), hex(&whole));
    }
}
