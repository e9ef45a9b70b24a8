//! Whether every text that one automaton accepts is accepted by another, and the shortest accepted text.

use std::collections::{BTreeSet, VecDeque};

use crate::pattern::Automaton;

/// How many pairs of states are compared at most.
const PAIRS: usize = 200_000;

/// Whether each text that `narrow` accepts is accepted by `wide`. `false` if that would take too long to find out.
pub(super) fn is_within(narrow: &Automaton, wide: &Automaton) -> bool {
    let first = (narrow.start, wide.start);
    let mut seen = BTreeSet::from([first]);
    let mut queue = vec![first];
    let bytes = representatives(&[narrow, wide]);
    while let Some((one, other)) = queue.pop() {
        if Some(one) == narrow.failed {
            continue;
        }
        if narrow.accepts(one) && !wide.accepts(other) || seen.len() > PAIRS {
            return false;
        }
        for byte in &bytes {
            let pair = (narrow.next(one, *byte), wide.next(other, *byte));
            if seen.insert(pair) {
                queue.push(pair);
            }
        }
    }
    true
}

/// The shortest accepted text; of several, the first in the order of bytes.
pub(super) fn shortest(automaton: &Automaton) -> Option<String> {
    let bytes = representatives(&[automaton]);
    let mut seen = BTreeSet::from([automaton.start]);
    let mut queue = VecDeque::from([(automaton.start, Vec::new())]);
    while let Some((state, text)) = queue.pop_front() {
        if automaton.accepts(state) {
            return String::from_utf8(text).ok();
        }
        for byte in &bytes {
            let next = automaton.next(state, *byte);
            if Some(next) != automaton.failed && seen.insert(next) {
                let mut longer = text.clone();
                longer.push(*byte);
                queue.push_back((next, longer));
            }
        }
    }
    None
}

/// One byte of each class that all of the automata have together.
fn representatives(automata: &[&Automaton]) -> Vec<u8> {
    let mut seen = BTreeSet::new();
    (0..=u8::MAX)
        .filter(|byte| {
            let classes: Vec<u8> = automata
                .iter()
                .map(|automaton| automaton.classes[usize::from(*byte)])
                .collect();
            seen.insert(classes)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_within, shortest};
    use crate::pattern::compile;

    #[test]
    fn a_pattern_is_within_those_that_accept_all_of_its_texts() {
        for (narrow, wide, expected) in [
            ("^a$", "^[ab]$", true),
            ("^[ab]$", "^a$", false),
            ("^[a-z]{3}$", "^[a-z]+$", true),
            ("^x(é|ü)$", "^.{2}$", true),
            ("a", "^a", false),
        ] {
            let [narrow, wide] = [narrow, wide].map(|pattern| compile(pattern).expect(pattern));
            assert_eq!(is_within(&narrow, &wide), expected);
        }
        let arn = compile("^arn:aws:[a-z]+:x$").expect("a pattern");
        assert_eq!(shortest(&arn).as_deref(), Some("arn:aws:a:x"));
    }
}
