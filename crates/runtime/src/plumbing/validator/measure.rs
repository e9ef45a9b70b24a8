//! Lengths and ranges: the measured values, and their bounds.

use std::collections::BTreeMap;

use super::words::Unit;
use crate::{Bytes, stand_in};

/// Inclusive bounds of a length (`smithy.api#length`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length(pub Option<u64>, pub Option<u64>);

/// Inclusive bounds of a number (`smithy.api#range`). A violation contains the number unless it is sensitive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range<T>(pub Option<T>, pub Option<T>);

/// Types with a length in the sense of `smithy.api#length`.
pub trait Measure {
    /// What the length counts.
    const UNIT: Unit;

    /// Unicode scalar values of a string, bytes of a blob, elements of a list, entries of a map.
    fn measure(&self) -> u64;

    /// Whether the length is within the bounds. The characters of a string are counted only if the number of its bytes
    /// does not decide.
    fn is_within(&self, least: u64, most: u64) -> bool {
        (least..=most).contains(&self.measure())
    }
}

impl Measure for str {
    const UNIT: Unit = Unit::CHARACTERS;

    fn measure(&self) -> u64 {
        self.chars().count() as u64
    }

    fn is_within(&self, least: u64, most: u64) -> bool {
        // A scalar value takes one to four bytes.
        let bytes = self.len() as u64;
        if bytes.div_ceil(4) >= least && bytes <= most {
            return true;
        }
        bytes >= least && bytes.div_ceil(4) <= most && (least..=most).contains(&self.measure())
    }
}

impl Measure for String {
    const UNIT: Unit = Unit::CHARACTERS;

    fn measure(&self) -> u64 {
        self.as_str().measure()
    }

    fn is_within(&self, least: u64, most: u64) -> bool {
        self.as_str().is_within(least, most)
    }
}

impl Measure for Bytes {
    const UNIT: Unit = Unit::BYTES;

    fn measure(&self) -> u64 {
        stand_in::measured(self)
    }
}

impl<T> Measure for [T] {
    const UNIT: Unit = Unit::ELEMENTS;

    fn measure(&self) -> u64 {
        self.len() as u64
    }
}

impl<T> Measure for Vec<T> {
    const UNIT: Unit = Unit::ELEMENTS;

    fn measure(&self) -> u64 {
        self.len() as u64
    }
}

impl<K, V> Measure for BTreeMap<K, V> {
    const UNIT: Unit = Unit::ENTRIES;

    fn measure(&self) -> u64 {
        self.len() as u64
    }
}
