//! Finds patterns that contradict themselves or a length, so they cannot have the intended meaning.
//!
//! The pattern is used as it is; `generate` prints a warning with the shape.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::Automaton;
use crate::ast::traits::Length;

/// How many characters are tried at most when looking for a text of a fitting length.
const CHARACTERS: u64 = 5_000;

/// How many states are visited in the search for such a text.
const WORK: usize = 5_000_000;

/// The warnings about a pattern; one sentence each.
pub fn find(pattern: &str, automaton: &Automaton, length: Option<Length>) -> Vec<String> {
    let mut found = Vec::new();
    if has_loose_anchors(pattern) {
        found.push(
            "the anchors of its pattern bind to single alternatives (`^A|B$`), so that other texts pass"
                .to_owned(),
        );
    }
    let Some(length) = length else {
        if !is_satisfiable(automaton, 0, CHARACTERS) {
            found.push("no text satisfies its pattern".to_owned());
        }
        return found;
    };
    let least = length.min.unwrap_or(0);
    let most = length.max.unwrap_or(u64::MAX);
    if !is_satisfiable(automaton, least, most) {
        found.push("no text satisfies both its length and its pattern".to_owned());
    } else if length.min == Some(0) && !automaton.accepts(automaton.start) {
        found.push("its length may be 0, but its pattern needs a character".to_owned());
    }
    found
}

/// Whether some text with a length within the bounds matches.
fn is_satisfiable(automaton: &Automaton, least: u64, most: u64) -> bool {
    // The length is too large to search. Most likely some text satisfies both.
    if least > CHARACTERS {
        return true;
    }
    // A shortest fitting text passes each state once at most, beyond the characters that the length requires.
    let last = most
        .min(least.saturating_add(automaton.states() as u64))
        .min(CHARACTERS.max(least));
    let mut characters = Characters::new(automaton);
    let mut states = vec![automaton.start];
    for length in 0..=last {
        if length >= least && states.iter().any(|state| automaton.accepts(*state)) {
            return true;
        }
        let next = characters.after(&states);
        if characters.work.get() > WORK {
            return true;
        }
        if next == states && length >= least {
            return false;
        }
        // A state that accepts everything stays so; lengths up to `least` need no counting.
        if length < least
            && automaton
                .matched
                .is_some_and(|matched| states.contains(&matched))
        {
            return true;
        }
        states = next;
    }
    false
}

/// The automaton taken by characters, Unicode scalar values in UTF-8, instead of bytes.
struct Characters<'a> {
    automaton: &'a Automaton,
    /// The classes of bytes that are a character, begin one of two, three or four bytes, and go on with one.
    classes: [Vec<u8>; 5],
    /// The states after one character from each state, computed on request.
    known: Vec<Option<Vec<usize>>>,
    /// How many states were visited.
    work: Cell<usize>,
}

impl<'a> Characters<'a> {
    fn new(automaton: &'a Automaton) -> Self {
        let classes = [0..=0x7f, 0xc2..=0xdf, 0xe0..=0xef, 0xf0..=0xf4, 0x80..=0xbf];
        Self {
            automaton,
            classes: classes.map(|bytes| {
                let classes: BTreeSet<u8> = automaton.classes[bytes].iter().copied().collect();
                classes.into_iter().collect()
            }),
            known: vec![None; automaton.states()],
            work: Cell::new(0),
        }
    }

    /// The states after one more character, in order.
    fn after(&mut self, states: &[usize]) -> Vec<usize> {
        let mut next = BTreeSet::new();
        for state in states {
            if self.known[*state].is_none() {
                self.known[*state] = Some(self.after_one(*state));
            }
            let after = self.known[*state].iter().flatten();
            self.work.set(self.work.get() + after.clone().count());
            next.extend(after);
        }
        next.into_iter().collect()
    }

    fn after_one(&self, state: usize) -> Vec<usize> {
        let [one, two, three, four, rest] = &self.classes;
        let from = [state];
        let third = self.step(&self.step(&from, four), rest);
        let second = self.step(&union(third, self.step(&from, three)), rest);
        let last = self.step(&union(second, self.step(&from, two)), rest);
        union(last, self.step(&from, one)).into_iter().collect()
    }

    /// The states after one byte of these classes, without the one that accepts nothing.
    fn step<'b>(
        &self,
        states: impl IntoIterator<Item = &'b usize>,
        classes: &[u8],
    ) -> BTreeSet<usize> {
        let automaton = self.automaton;
        let next = states.into_iter().flat_map(|state| {
            self.work.set(self.work.get() + classes.len());
            let row = &automaton.transitions[state * automaton.width..];
            classes
                .iter()
                .map(|class| usize::from(row[usize::from(*class)]))
        });
        next.filter(|state| Some(*state) != automaton.failed)
            .collect()
    }
}

fn union(mut one: BTreeSet<usize>, other: BTreeSet<usize>) -> BTreeSet<usize> {
    one.extend(other);
    one
}

/// Whether the pattern is `^A|B$`: anchored at the start in its first alternative only, at the end in its last only.
fn has_loose_anchors(pattern: &str) -> bool {
    let alternatives = alternatives(pattern);
    let [first, .., last] = alternatives.as_slice() else {
        return false;
    };
    let ends = |text: &str| text.ends_with('$') && !text.ends_with("\\$");
    first.starts_with('^') && !ends(first) && ends(last) && !last.starts_with('^')
}

/// The alternatives of a pattern, outside of groups and classes.
fn alternatives(pattern: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut in_class, mut escaped, mut start) = (0_usize, false, false, 0);
    for (index, letter) in pattern.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match letter {
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth = depth.saturating_sub(1),
            '|' if !in_class && depth == 0 => {
                parts.push(&pattern[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&pattern[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::ast::traits::Length;
    use crate::pattern::compile;

    fn odd(pattern: &str, min: Option<u64>, max: Option<u64>) -> String {
        let automaton = compile(pattern).expect(pattern);
        let length = (min, max) != (None, None);
        find(pattern, &automaton, length.then_some(Length { min, max })).join("; ")
    }

    #[test]
    fn contradictions_are_found_and_nothing_else() {
        for (pattern, min, max, expected) in [
            (
                "^[a-z]{3}$",
                Some(4),
                Some(8),
                "no text satisfies both its length and its pattern",
            ),
            (
                "^[a-z]{3}$",
                Some(1),
                Some(2),
                "no text satisfies both its length and its pattern",
            ),
            ("^[a-z]{3}$", Some(1), Some(3), ""),
            (
                "^[a-z]+$",
                Some(0),
                Some(10),
                "its length may be 0, but its pattern needs a character",
            ),
            ("^[a-z]*$", Some(0), Some(10), ""),
            ("a^", None, None, "no text satisfies its pattern"),
            ("^👍$", Some(1), Some(1), ""),
            (
                "^👍$",
                Some(4),
                Some(4),
                "no text satisfies both its length and its pattern",
            ),
            ("[a-z]", Some(100_000), None, ""),
            (
                "^A|B|C$",
                None,
                None,
                "the anchors of its pattern bind to single alternatives (`^A|B$`), so that other texts pass",
            ),
            ("^(A|B)$", None, None, ""),
            ("^A$|^B$", None, None, ""),
            ("^[|]$", None, None, ""),
        ] {
            assert_eq!(
                odd(pattern, min, max),
                expected,
                "{pattern} {min:?} {max:?}"
            );
        }
    }
}
