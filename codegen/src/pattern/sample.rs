//! A short text that patterns accept, for examples in documentation.

use std::collections::BTreeSet;

use super::Automaton;

/// How many steps the search may take.
const STEPS: usize = 200_000;

/// How much longer than the least length a text may become.
const LONGER: usize = 200;

/// The characters of a text, those first that are easy to read.
const GROUPS: [&[u8]; 5] = [
    b"abcdefghijklmnopqrstuvwxyz",
    b"0123456789",
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    b"-_./: @+=,",
    b"!#$%&'()*;<>?[]^`{|}~",
];

/// A step of the search: the states of the automata, the step before, and the character between them.
struct Step {
    states: Vec<usize>,
    before: usize,
    byte: u8,
}

/// Which characters come first where several are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Letters, as in words.
    Word,
    /// Digits, as in ids.
    Id,
}

/// A shortest text of `least` to `most` characters that all automata accept. Another `seed` gives another text where
/// there is one. `None` if there is none of ASCII characters, or if the search would take too long.
pub fn text(
    automata: &[&Automaton],
    least: u64,
    most: Option<u64>,
    look: Look,
    seed: usize,
) -> Option<String> {
    let least = usize::try_from(least).ok()?;
    let limit = least.saturating_add(LONGER);
    let most = most.map_or(limit, |most| {
        usize::try_from(most).unwrap_or(limit).min(limit)
    });
    let mut steps = vec![Step {
        states: automata.iter().map(|automaton| automaton.start).collect(),
        before: 0,
        byte: 0,
    }];
    let mut layer = 0..1;
    let mut taken = 0;
    for length in 0..=most {
        let accepts = |step: &Step| {
            let mut pairs = automata.iter().zip(&step.states);
            pairs.all(|(automaton, state)| automaton.accepts(*state))
        };
        if length >= least
            && let Some(found) = layer.clone().find(|at| accepts(&steps[*at]))
        {
            return Some(path(&steps, found, length));
        }
        let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
        let start = steps.len();
        // Most characters lead to states that were seen, and cost no allocation.
        let mut states = Vec::with_capacity(automata.len());
        for at in layer {
            for byte in alphabet(look, length + seed) {
                taken += 1;
                let pairs = automata.iter().zip(&steps[at].states);
                states.clear();
                states.extend(pairs.map(|(one, state)| one.next(*state, byte)));
                let mut pairs = automata.iter().zip(&states);
                let has_failed = pairs.any(|(one, state)| one.failed == Some(*state));
                if !has_failed && !seen.contains(states.as_slice()) {
                    seen.insert(states.clone());
                    steps.push(Step {
                        states: states.clone(),
                        before: at,
                        byte,
                    });
                }
            }
        }
        if taken > STEPS {
            return None;
        }
        layer = start..steps.len();
    }
    None
}

/// The characters in order of preference: within their group they begin with another one at each place, so that a text
/// does not repeat one character.
fn alphabet(look: Look, turn: usize) -> impl Iterator<Item = u8> {
    let mut groups = GROUPS;
    if look == Look::Id {
        groups.swap(0, 1);
    }
    groups.into_iter().flat_map(move |group| {
        let (front, back) = group.split_at(turn % group.len());
        back.iter().chain(front).copied()
    })
}

fn path(steps: &[Step], end: usize, length: usize) -> String {
    let mut bytes = Vec::with_capacity(length);
    let mut at = end;
    while bytes.len() < length {
        bytes.push(steps[at].byte);
        at = steps[at].before;
    }
    bytes.reverse();
    bytes.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::{Look, text};
    use crate::pattern::compile;

    #[test]
    fn a_text_satisfies_its_patterns_and_its_length() {
        for (patterns, least, most, expected) in [
            (&[r"^[0-9]{12}$"][..], 0, None, Some("012345678901")),
            (&["b"], 3, None, Some("abc")),
            (&["^a*$"], 0, Some(0), Some("")),
            (&["^a$"], 2, None, None),
            (&["^[a-z]+$", "^.b"], 0, None, Some("ab")),
            (&["^ü$"], 0, None, None),
        ] {
            let compiled: Vec<_> = patterns
                .iter()
                .map(|one| compile(one).expect(one))
                .collect();
            let automata: Vec<_> = compiled.iter().collect();
            let found = text(&automata, least, most, Look::Word, 0);
            assert_eq!(found.as_deref(), expected, "{patterns:?}");
        }
        let digits = compile("^[0-9]{2}$").expect("it is a pattern");
        let seeded = |seed| text(&[&digits], 0, None, Look::Word, seed);
        assert_ne!(seeded(0), seeded(1));
        let id = compile("^m-[0-9a-z]{3}$").expect("it is a pattern");
        assert_eq!(text(&[&id], 0, None, Look::Id, 0).as_deref(), Some("m-234"));
    }
}
