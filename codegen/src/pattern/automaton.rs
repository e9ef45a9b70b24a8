//! The minimal deterministic automaton over bytes that decides whether a pattern occurs in a text.
//!
//! `regex-automata` determinises; its table is larger than a client needs, because it also finds *where* a match is.
//! The reachable states are therefore extracted once, a state that has matched accepts any continuation, and equal
//! states are merged.

use std::collections::BTreeMap;

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::alphabet::ByteClasses;
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::Hir;

use super::partition;

/// The most states that a table may have: with 16 classes that is 64 KiB.
pub const STATE_LIMIT: usize = 2_048;

/// The most memory that making the table may take.
const SIZE_LIMIT: usize = 1 << 20;

/// A deterministic automaton. Its states are numbers; those from `accepting` on accept a text that ends in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automaton {
    /// The class of each byte.
    pub classes: [u8; 256],
    /// How many classes there are.
    pub width: usize,
    /// The next state for each state and class.
    pub transitions: Vec<u16>,
    /// The first state that accepts.
    pub accepting: usize,
    /// The state that accepts whatever follows.
    pub matched: Option<usize>,
    /// The state that accepts nothing, whatever follows.
    pub failed: Option<usize>,
    /// The first state of all.
    pub start: usize,
}

impl Automaton {
    /// How many states there are.
    pub fn states(&self) -> usize {
        self.transitions.len() / self.width
    }

    /// The state after one more byte.
    pub fn next(&self, state: usize, byte: u8) -> usize {
        let cell = state * self.width + usize::from(self.classes[usize::from(byte)]);
        usize::from(self.transitions[cell])
    }

    /// Whether a text that ends in this state matches.
    pub fn accepts(&self, state: usize) -> bool {
        state >= self.accepting
    }

    /// Whether the pattern occurs in the text.
    pub fn is_match(&self, text: &str) -> bool {
        let end = text
            .bytes()
            .fold(self.start, |state, byte| self.next(state, byte));
        self.accepts(end)
    }
}

/// Makes the automaton of a pattern.
///
/// # Errors
/// It would be too large.
pub fn build(hir: &Hir) -> Result<Automaton, String> {
    let too_large = || format!("its table would have more than {STATE_LIMIT} states");
    let nfa = thompson::NFA::compiler()
        .configure(
            thompson::Config::new()
                .utf8(true)
                .nfa_size_limit(Some(SIZE_LIMIT)),
        )
        .build_from_hir(hir)
        .map_err(|_| too_large())?;
    let dfa = dense::Builder::new()
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Unanchored)
                .accelerate(false)
                .dfa_size_limit(Some(SIZE_LIMIT))
                .determinize_size_limit(Some(SIZE_LIMIT)),
        )
        .build_from_nfa(&nfa)
        .map_err(|_| too_large())?;
    let merged = Raw::read(&dfa)?.merge();
    if merged.rows.len() > STATE_LIMIT {
        return Err(too_large());
    }
    Ok(merged.number(dfa.byte_classes()))
}

/// States with a row of next states each, one for each class of bytes; state 0 has matched.
struct Raw {
    rows: Vec<Vec<u32>>,
    accepts: Vec<bool>,
    start: u32,
}

impl Raw {
    fn read(dfa: &dense::DFA<Vec<u32>>) -> Result<Self, String> {
        let start = dfa
            .start_state_forward(&Input::new("").anchored(Anchored::No))
            .map_err(|error| format!("it has no automaton: {error}"))?;
        // The last class is the end of the text, which is in `accepts` instead.
        let bytes: Vec<u8> = dfa
            .byte_classes()
            .representatives(0..=u8::MAX)
            .filter_map(|unit| unit.as_u8())
            .collect();
        let mut raw = Self {
            rows: vec![vec![0; bytes.len()]],
            accepts: vec![true],
            start: 0,
        };
        let mut known: BTreeMap<StateID, u32> = BTreeMap::new();
        let mut queue = Vec::new();
        raw.start = raw.intern(dfa, start, &mut known, &mut queue);
        while let Some((id, index)) = queue.pop() {
            let row = bytes
                .iter()
                .map(|byte| raw.intern(dfa, dfa.next_state(id, *byte), &mut known, &mut queue))
                .collect();
            raw.rows[index as usize] = row;
        }
        Ok(raw)
    }

    /// The number of a state; one that has matched is state 0, whatever follows.
    fn intern(
        &mut self,
        dfa: &dense::DFA<Vec<u32>>,
        id: StateID,
        known: &mut BTreeMap<StateID, u32>,
        queue: &mut Vec<(StateID, u32)>,
    ) -> u32 {
        if dfa.is_match_state(id) {
            return 0;
        }
        *known.entry(id).or_insert_with(|| {
            let index = self.rows.len() as u32;
            self.rows.push(Vec::new());
            self.accepts
                .push(dfa.is_match_state(dfa.next_eoi_state(id)));
            queue.push((id, index));
            index
        })
    }

    /// Merges states that no text distinguishes.
    fn merge(&self) -> Self {
        let (blocks, count) = partition::coarsest(&self.rows, &self.accepts);
        let mut rows = vec![Vec::new(); count];
        let mut accepts = vec![false; count];
        for (state, row) in self.rows.iter().enumerate() {
            let block = blocks[state] as usize;
            if rows[block].is_empty() {
                rows[block] = row.iter().map(|target| blocks[*target as usize]).collect();
                accepts[block] = self.accepts[state];
            }
        }
        let start = blocks[self.start as usize];
        Self {
            rows,
            accepts,
            start,
        }
        .reachable()
    }

    /// Leaves out what cannot be reached from the start.
    fn reachable(&self) -> Self {
        let mut order = vec![self.start];
        let mut numbers = BTreeMap::from([(self.start, 0_u32)]);
        let mut next = 0;
        while let Some(state) = order.get(next).copied() {
            for target in &self.rows[state as usize] {
                let fresh = numbers.len() as u32;
                numbers.entry(*target).or_insert_with(|| {
                    order.push(*target);
                    fresh
                });
            }
            next += 1;
        }
        Self {
            rows: order
                .iter()
                .map(|state| {
                    self.rows[*state as usize]
                        .iter()
                        .map(|target| numbers[target])
                        .collect()
                })
                .collect(),
            accepts: order
                .iter()
                .map(|state| self.accepts[*state as usize])
                .collect(),
            start: 0,
        }
    }

    /// Puts accepting states last, and columns together that have become equal.
    fn number(&self, bytes: &ByteClasses) -> Automaton {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|state| self.accepts[*state]);
        let mut numbers = vec![0; order.len()];
        for (number, state) in order.iter().enumerate() {
            numbers[*state] = number;
        }
        let width = self.rows.first().map_or(0, Vec::len);
        let (classes, samples) = classes(&self.rows, width);
        let mut table = [0; 256];
        for (byte, class) in (0..=u8::MAX).zip(&mut table) {
            *class = classes[usize::from(bytes.get(byte))];
        }
        let transitions = order
            .iter()
            .flat_map(|state| samples.iter().map(|column| self.rows[*state][*column]))
            .map(|target| numbers[target as usize] as u16)
            .collect();
        let swallows = |accepts: bool| {
            (0..self.rows.len())
                .find(|state| {
                    self.accepts[*state] == accepts
                        && self.rows[*state]
                            .iter()
                            .all(|target| *target as usize == *state)
                })
                .map(|state| numbers[state])
        };
        Automaton {
            classes: table,
            width: samples.len(),
            transitions,
            accepting: self.accepts.iter().filter(|accepts| !**accepts).count(),
            matched: swallows(true),
            failed: swallows(false),
            start: numbers[self.start as usize],
        }
    }
}

/// The class of each column, and one column of each class. There are at most 256 columns.
fn classes(rows: &[Vec<u32>], width: usize) -> (Vec<u8>, Vec<usize>) {
    let mut known: BTreeMap<Vec<u32>, u8> = BTreeMap::new();
    let mut samples = Vec::new();
    let classes = (0..width)
        .map(|column| {
            let fresh = known.len() as u8;
            let targets = rows.iter().map(|row| row[column]).collect();
            *known.entry(targets).or_insert_with(|| {
                samples.push(column);
                fresh
            })
        })
        .collect();
    (classes, samples)
}
