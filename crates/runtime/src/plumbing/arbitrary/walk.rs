//! Random walks through the tables of patterns.
//!
//! A table decides which texts match. To generate a text of a given length, each step of a walk needs the transitions
//! that still end in a match after exactly the remaining number of characters. These are computed once, backwards: the
//! accepting states, those that reach one of them in one step, in two, and so on. The walk then chooses among these
//! transitions, so no text is ever rejected.

use std::collections::BTreeMap;

use super::Alphabet;
use super::random::Random;
use crate::plumbing::validator::Pattern;

/// The maximum length of generated texts, if the constraint permits longer ones.
const LONGEST: u64 = 4_096;

/// How many characters above the minimum length texts have, if computing more lengths would be too expensive.
const ROOM: u64 = 64;

/// How many steps may be computed: states times lengths.
const WORK: u64 = 2_000_000;

/// The tables of several patterns, as one graph over characters.
#[derive(Debug)]
pub(super) struct Walk {
    /// The transitions of each state.
    ways: Vec<Vec<Way>>,
    /// `reach[n]`: the states from which a match is exactly n characters away. If the sequence has become constant, the
    /// last one applies to all larger n.
    reach: Vec<Vec<bool>>,
    /// The lengths of texts that match.
    lengths: Vec<u64>,
}

/// The characters that lead to one state.
#[derive(Debug)]
struct Way {
    target: usize,
    characters: Vec<char>,
}

/// A state of each table.
type States = Vec<usize>;

impl Walk {
    /// The texts of these lengths that all of the patterns match; `None` where there are none.
    pub(super) fn new(
        patterns: &[&'static Pattern],
        alphabet: Alphabet,
        (least, most): (u64, u64),
    ) -> Option<Self> {
        let (ways, accepts) = explore(patterns, alphabet);
        let room = most.min(least.saturating_add(ROOM).max(ways.len() as u64 + 1));
        let longest = most.min(LONGEST.max(least));
        let last = match longest.saturating_mul(ways.len() as u64) > WORK {
            true => room,
            false => longest,
        };
        let reach = reach(&ways, accepts, last);
        let within = |length: u64| &reach[(length as usize).min(reach.len() - 1)];
        let lengths: Vec<u64> = (least..=last).filter(|length| within(*length)[0]).collect();
        (!lengths.is_empty()).then_some(Self {
            ways,
            reach,
            lengths,
        })
    }

    /// The lengths to choose from, in order.
    pub(super) fn lengths(&self) -> &[u64] {
        &self.lengths
    }

    /// A text of one of these lengths.
    pub(super) fn text(&self, random: &mut Random, length: u64) -> Vec<char> {
        let mut state = 0;
        let mut text = Vec::new();
        for remaining in (0..length as usize).rev() {
            let reach = &self.reach[remaining.min(self.reach.len() - 1)];
            let open = || self.ways[state].iter().filter(|way| reach[way.target]);
            let count: usize = open().map(|way| way.characters.len()).sum();
            let mut index = random.index(count);
            let way = open().find(|way| match index.checked_sub(way.characters.len()) {
                Some(rest) => {
                    index = rest;
                    false
                }
                None => true,
            });
            // The length can be reached, so there is a transition.
            let Some(way) = way else { break };
            text.push(way.characters[index]);
            state = way.target;
        }
        text
    }
}

/// The graph that can be reached from the start, which is state 0, and which of its states accept.
fn explore(patterns: &[&'static Pattern], alphabet: Alphabet) -> (Vec<Vec<Way>>, Vec<bool>) {
    let samples = alphabet.samples();
    let start: States = patterns.iter().map(|pattern| pattern.start).collect();
    let mut numbers = BTreeMap::from([(start.clone(), 0_usize)]);
    let mut order = vec![start];
    let mut ways = Vec::new();
    while let Some(states) = order.get(ways.len()).cloned() {
        let mut targets: BTreeMap<States, Vec<char>> = BTreeMap::new();
        let mut add = |target: States, character: char| {
            let characters = targets.entry(target).or_default();
            if !characters.contains(&character) {
                characters.push(character);
            }
        };
        let mut buffer = [0; 4];
        for character in &samples {
            let mut bytes = character.encode_utf8(&mut buffer).bytes();
            if let Some(target) =
                bytes.try_fold(states.clone(), |states, byte| step(patterns, &states, byte))
            {
                add(target, *character);
            }
        }
        if alphabet == Alphabet::Any {
            for (target, character) in rare_characters(patterns, &states) {
                add(target, character);
            }
        }
        let mut from_here = Vec::new();
        for (target, characters) in targets {
            let fresh = numbers.len();
            let number = *numbers.entry(target.clone()).or_insert_with(|| {
                order.push(target);
                fresh
            });
            from_here.push(Way {
                target: number,
                characters,
            });
        }
        ways.push(from_here);
    }
    let accepts = order.iter().map(|states| {
        let mut pairs = patterns.iter().zip(states);
        pairs.all(|(pattern, state)| *state >= pattern.accepting)
    });
    let accepts = accepts.collect();
    (ways, accepts)
}

/// The states after one more byte; `None` where nothing can match any more.
fn step(patterns: &[&'static Pattern], states: &States, byte: u8) -> Option<States> {
    let next = patterns.iter().zip(states);
    next.map(|(pattern, state)| {
        Some(pattern.next(*state, byte)).filter(|next| Some(*next) != pattern.failed)
    })
    .collect()
}

/// One character beyond ASCII for each state that such a character leads to, because a pattern may require letters of a
/// script that is in no list of samples. The search goes byte by byte, and keeps one path to each state.
fn rare_characters(patterns: &[&'static Pattern], states: &States) -> Vec<(States, char)> {
    /// States within a character, with how many bytes follow and the bounds of the next one.
    type Open = (States, (u8, u8, u8));

    /// How many bytes follow, and the bounds of the next one (RFC 3629, section 4).
    fn lead(byte: u8) -> (u8, u8, u8) {
        match byte {
            ..0xe0 => (1, 0x80, 0xbf),
            0xe0 => (2, 0xa0, 0xbf),
            0xed => (2, 0x80, 0x9f),
            0xe1..0xf0 => (2, 0x80, 0xbf),
            0xf0 => (3, 0x90, 0xbf),
            0xf4 => (3, 0x80, 0x8f),
            _ => (3, 0x80, 0xbf),
        }
    }
    let mut open: BTreeMap<Open, Vec<u8>> = BTreeMap::new();
    for byte in 0xc2..=0xf4 {
        if let Some(next) = step(patterns, states, byte) {
            open.entry((next, lead(byte))).or_insert_with(|| vec![byte]);
        }
    }
    let mut found = BTreeMap::new();
    while !open.is_empty() {
        for ((states, (rest, first, last)), bytes) in std::mem::take(&mut open) {
            for byte in first..=last {
                let Some(next) = step(patterns, &states, byte) else {
                    continue;
                };
                let mut bytes = bytes.clone();
                bytes.push(byte);
                if rest > 1 {
                    open.entry((next, (rest - 1, 0x80, 0xbf))).or_insert(bytes);
                } else if let Some(character) = std::str::from_utf8(&bytes)
                    .ok()
                    .and_then(|text| text.chars().next())
                {
                    found.entry(next).or_insert(character);
                }
            }
        }
    }
    found.into_iter().collect()
}

/// From which states a match is 0, 1, … `last` characters away; shorter where the sequence becomes constant.
fn reach(ways: &[Vec<Way>], accepts: Vec<bool>, last: u64) -> Vec<Vec<bool>> {
    let mut reach = vec![accepts];
    for length in 1..=last as usize {
        let before = &reach[length - 1];
        let states = ways.iter();
        let now: Vec<bool> = states
            .map(|ways| ways.iter().any(|way| before[way.target]))
            .collect();
        if now == *before {
            break;
        }
        reach.push(now);
    }
    reach
}

#[cfg(test)]
mod tests {
    use proptest::test_runner::TestRunner;

    use super::Walk;
    use crate::plumbing::arbitrary::Alphabet;
    use crate::plumbing::arbitrary::random::Random;
    use crate::plumbing::validator::{Pattern, byte_classes};

    /// `^Ж$`, a character that is in no list of samples: the bytes D0 96.
    static RARE: Pattern = Pattern {
        source: "^Ж$",
        classes: &byte_classes(&[(0x96, 0x96, 2), (0xd0, 0xd0, 1)]),
        width: 3,
        transitions: &[1, 2, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1],
        accepting: 3,
        matched: None,
        failed: Some(1),
        states: 4,
        start: 0,
    };

    /// `^([a-c]{3})*$`: only every third length is possible.
    static THREES: Pattern = Pattern {
        source: "^([a-c]{3})*$",
        classes: &byte_classes(&[(b'a', b'c', 1)]),
        width: 2,
        transitions: &[0, 0, 0, 2, 0, 3, 0, 1],
        accepting: 3,
        matched: None,
        failed: Some(0),
        states: 4,
        start: 3,
    };

    #[test]
    fn characters_that_no_sample_holds_are_found_in_the_table() {
        let mut random = Random::new(&mut TestRunner::deterministic()).expect("a seed");
        let walk = Walk::new(&[&RARE], Alphabet::Any, (0, 9)).expect("a text matches");
        assert_eq!(walk.lengths(), [1]);
        assert_eq!(walk.text(&mut random, 1), ['Ж']);
        assert!(Walk::new(&[&RARE], Alphabet::Any, (2, 9)).is_none());
        assert!(Walk::new(&[&RARE], Alphabet::Header, (0, 9)).is_none());
    }

    #[test]
    fn walks_end_in_a_match_after_exactly_so_many_characters() {
        let mut random = Random::new(&mut TestRunner::deterministic()).expect("a seed");
        let walk = Walk::new(&[&THREES], Alphabet::Any, (1, 10)).expect("a text matches");
        assert_eq!(walk.lengths(), [3, 6, 9]);
        for length in [3, 6, 9].repeat(20) {
            let text: String = walk.text(&mut random, length).iter().collect();
            assert_eq!(text.len() as u64, length);
            assert!(THREES.is_match(&text), "{text}");
        }
        // Both at once: nothing.
        assert!(Walk::new(&[&THREES, &RARE], Alphabet::Any, (0, 9)).is_none());
    }
}
