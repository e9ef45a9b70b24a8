//! Random numbers for the pauses between attempts, and for the id of a call.
//!
//! Their source can be replaced, so that a test can predict each pause exactly.

use std::fmt;

/// The source of random numbers.
pub trait RandomSource: fmt::Debug + Send + Sync {
    /// The next number; every value is as likely as every other.
    fn next(&self) -> u64;

    /// The next number as a fraction: at least 0, less than 1.
    fn fraction(&self) -> f64 {
        // An `f64` holds 53 bits exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The bytes of an id: six of their 128 bits may be fixed, as in a UUID of version 4.
    fn id(&self) -> [u8; 16] {
        (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes()
    }
}

/// The random numbers of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomSource;

impl RandomSource for SystemRandomSource {
    fn next(&self) -> u64 {
        // Six of the 128 bits of a UUID are fixed. After the rotation they do not overlap, so each bit of the result is
        // combined with a random one.
        let (high, low) = uuid::Uuid::new_v4().as_u64_pair();
        high.rotate_left(32) ^ low
    }

    // This needs half as many system calls as two numbers.
    fn id(&self) -> [u8; 16] {
        uuid::Uuid::new_v4().into_bytes()
    }
}

/// A UUID of version 4.
pub(crate) fn uuid(random: &dyn RandomSource) -> String {
    uuid::Builder::from_random_bytes(random.id())
        .into_uuid()
        .to_string()
}
