//! Patterns as tables: a deterministic automaton over UTF-8 that was computed when the client was generated.
//!
//! `smithy.api#pattern` is an ECMAScript pattern. With an engine in the client, every user would have its build time
//! and its size (`regex` with Unicode tables is larger than a whole client), and a backtracking engine can be made to
//! hang. A minimised automaton is a table of some hundred bytes with one lookup for each byte of the text.

use crate::formatting::write;
use std::fmt;

/// A compiled pattern. Generated code creates it; `source` is the pattern in the model.
pub struct Pattern {
    /// The pattern as the model has it.
    pub source: &'static str,
    /// The class of each byte: bytes that no state distinguishes share a class.
    pub classes: &'static [u8; 256],
    /// How many classes there are.
    pub width: usize,
    /// The next state for each state and class: one byte for each cell, or two (little endian) with more than 256
    /// states.
    pub transitions: &'static [u8],
    /// The first accepting state; all later states accept as well.
    pub accepting: usize,
    /// The state of a text that matches with any continuation, if there is one.
    pub matched: Option<usize>,
    /// The state of a text that cannot match with any continuation, if there is one.
    pub failed: Option<usize>,
    /// The number of states.
    pub states: usize,
    /// The state of the empty text.
    pub start: usize,
}

impl Pattern {
    /// Whether the pattern occurs in the text (it is searched for, unless it is anchored).
    ///
    /// It makes at most one step for each byte.
    pub fn is_match(&self, text: &str) -> bool {
        self.is_match_of(text.bytes())
    }

    /// The same for an iterator of bytes, each of which is read at most once. A test counts them.
    fn is_match_of(&self, text: impl Iterator<Item = u8>) -> bool {
        let mut state = self.start;
        for byte in text {
            if Some(state) == self.matched {
                return true;
            }
            if Some(state) == self.failed {
                return false;
            }
            state = self.next(state, byte);
        }
        state >= self.accepting
    }

    /// The state after one more byte.
    pub(crate) fn next(&self, state: usize, byte: u8) -> usize {
        let cell = state * self.width + usize::from(self.classes[usize::from(byte)]);
        if self.states <= 256 {
            usize::from(self.transitions[cell])
        } else {
            usize::from(u16::from_le_bytes([
                self.transitions[2 * cell],
                self.transitions[2 * cell + 1],
            ]))
        }
    }
}

impl fmt::Debug for Pattern {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Pattern({})", self.source)
    }
}

/// The classes of all bytes, from ranges (first byte, last byte, class); bytes outside of all ranges have class 0.
pub const fn byte_classes(ranges: &[(u8, u8, u8)]) -> [u8; 256] {
    let mut classes = [0; 256];
    let mut index = 0;
    while index < ranges.len() {
        let (first, last, class) = ranges[index];
        let mut byte = first as usize;
        while byte <= last as usize {
            classes[byte] = class;
            byte += 1;
        }
        index += 1;
    }
    classes
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Pattern, byte_classes};

    /// `^([0-9]+)+$`, for which a backtracking engine tries 2ⁿ paths.
    static BOMB: Pattern = Pattern {
        source: "^([0-9]+)+$",
        classes: &byte_classes(&[(b'0', b'9', 1)]),
        width: 2,
        transitions: &[1, 2, 1, 1, 1, 2],
        accepting: 2,
        matched: None,
        failed: Some(1),
        states: 3,
        start: 0,
    };

    /// The test counts the bytes that are read, instead of measuring time.
    #[test]
    fn a_hundred_megabytes_are_read_once() {
        const SHORT: usize = 1_000_000;
        const LONG: usize = 100_000_000;
        let steps = Cell::new(0_usize);
        let count = |_: &u8| steps.set(steps.get() + 1);
        let digits = |length| std::iter::repeat_n(b'0', length);

        assert!(BOMB.is_match_of(digits(SHORT).inspect(count)));
        assert_eq!(steps.take(), SHORT);

        let bomb = digits(LONG).chain([b'!']);
        assert!(!BOMB.is_match_of(bomb.inspect(count)));
        assert_eq!(steps.take(), LONG + 1);

        // Reading stops when the text can no longer match.
        let dud = [b'!'].into_iter().chain(digits(LONG));
        assert!(!BOMB.is_match_of(dud.inspect(count)));
        assert_eq!(steps.take(), 2);
    }
}
