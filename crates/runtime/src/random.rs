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
        u64::from_ne_bytes(system())
    }

    // One system call instead of two.
    fn id(&self) -> [u8; 16] {
        system()
    }
}

/// Random bytes of the operating system.
fn system<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // A token that another process may have as well could make a service answer with the result of its call.
    getrandom::getrandom(&mut bytes).expect("the operating system has random numbers");
    bytes
}

/// A UUID of version 4 from the numbers of a source.
pub(crate) fn uuid(random: &dyn RandomSource) -> String {
    format_uuid(random.id())
}

/// A UUID of version 4 from the numbers of the operating system.
pub(crate) fn system_uuid() -> String {
    format_uuid(system())
}

/// The text of a UUID of version 4 (RFC 9562, section 5.4), of whose random bits six are overwritten.
fn format_uuid(random: [u8; 16]) -> String {
    const VERSION: u128 = 0xf000 << 64;
    const VARIANT: u128 = 0b11 << 62;
    let bits = u128::from_be_bytes(random) & !VERSION & !VARIANT | 0x4000 << 64 | 0b10 << 62;
    let mut text = format!("{bits:032x}");
    for &hyphen in &[8, 13, 18, 23] {
        text.insert(hyphen, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{RandomSource, SystemRandomSource, format_uuid, system_uuid};

    #[test]
    fn a_uuid_has_the_form_of_version_4_and_keeps_the_other_bits() {
        assert_eq!(format_uuid([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(
            format_uuid([0xff; 16]),
            "ffffffff-ffff-4fff-bfff-ffffffffffff"
        );
        let bytes = [
            0x91, 0x9a, 0x10, 0x8f, 0x7c, 0x52, 0xd3, 0x20, 0x5b, 0xac, 0xf8, 0x47, 0xdb, 0x41,
            0x48, 0xa8,
        ];
        assert_eq!(format_uuid(bytes), "919a108f-7c52-4320-9bac-f847db4148a8");
    }

    #[test]
    fn numbers_of_the_system_do_not_repeat() {
        assert_ne!(system_uuid(), system_uuid());
        assert_ne!(SystemRandomSource.next(), SystemRandomSource.next());
        assert_ne!(SystemRandomSource.id(), SystemRandomSource.id());
    }
}
