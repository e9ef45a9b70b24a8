//! Random choices within one text.
//!
//! The random number generator of proptest has traits that change with each version of `rand`. This module draws one
//! seed through a strategy and continues with SplitMix64. It depends only on proptest, and its choices are replayed
//! with proptest's seeds.

use proptest::arbitrary::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Reason, TestRunner};

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(runner: &mut TestRunner) -> Result<Self, Reason> {
        Ok(Self(any::<u64>().new_tree(runner)?.current()))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one, which is not zero.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        // The high half of the product: the bias is far below what a test would notice.
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// An index into something of this length, which is not zero.
    pub(super) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }
}
