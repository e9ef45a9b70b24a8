//! Patterns as tables: a deterministic automaton over UTF-8 that was made when the client was generated.
//!
//! `smithy.api#pattern` is an ECMAScript pattern. An engine in the client would cost every user its build and its size
//! (`regex` with Unicode tables is larger than a whole client), and a backtracking one can be made to hang. A
//! minimised automaton is some hundred bytes of table and one lookup a byte, whatever the text.

use std::fmt;

/// A compiled pattern. Generated code makes it; the `source` is what the model says.
pub struct Pattern {
    /// The pattern as the model has it.
    pub source: &'static str,
    /// The class of each byte: bytes that no state tells apart share one.
    pub classes: &'static [u8; 256],
    /// How many classes there are.
    pub width: usize,
    /// The next state for each state and class: one byte a cell, or two (little endian) with more than 256 states.
    pub transitions: &'static [u8],
    /// The states in which a text that ends here matches: the states from this one on.
    pub accepting: usize,
    /// The state of a text that matches however it goes on, where there is one.
    pub matched: Option<usize>,
    /// The state of a text that cannot match any more, where there is one.
    pub failed: Option<usize>,
    /// The number of states.
    pub states: usize,
    /// The state of the empty text.
    pub start: usize,
}

impl Pattern {
    /// Whether the pattern occurs in the text (it is searched for, unless it is anchored).
    ///
    /// It takes one step a byte at most.
    pub fn is_match(&self, text: &str) -> bool {
        self.is_match_of(text.bytes())
    }

    /// The same of any bytes, each of which is asked for once at most. A test counts them.
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

    /// `^([0-9]+)+$`, which a backtracking engine follows in 2ⁿ ways before it gives up.
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

    /// Counted instead of timed: the bytes that a walk asks for.
    #[test]
    fn a_hundred_megabytes_are_looked_at_once() {
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

        // What cannot match any more is not looked at any further.
        let dud = [b'!'].into_iter().chain(digits(LONG));
        assert!(!BOMB.is_match_of(dud.inspect(count)));
        assert_eq!(steps.take(), 2);
    }
}
