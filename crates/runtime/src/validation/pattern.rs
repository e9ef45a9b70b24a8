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
        let mut state = self.start;
        for byte in text.bytes() {
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
