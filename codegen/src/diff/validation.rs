//! The effect of changed constraints on the requests that pass validation.
//!
//! Bounds are compared as bounds. Patterns are compared by their automata, which decide whether every text that one
//! accepts is accepted by the other. A pattern that the client does not check accepts all texts.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::level::Validation;
use crate::ast::trait_id;
use crate::pattern::automaton::STATE_LIMIT;
use crate::pattern::{self, Automaton};

/// The most pairs of states to look at before two patterns count as incomparable.
const PAIR_LIMIT: usize = 200_000;

/// Traits that narrow a value at the default level.
const CONSTRAINTS: [&str; 10] = [
    trait_id::LENGTH,
    trait_id::RANGE,
    trait_id::PATTERN,
    trait_id::UNIQUE_ITEMS,
    trait_id::REQUIRED,
    trait_id::attache::AT_LEAST_ONE_OF,
    trait_id::attache::DAY_ALIGNED,
    trait_id::attache::MUST_EQUAL,
    trait_id::attache::ORDERED,
    trait_id::attache::UNIQUE_MEMBER,
];

/// Whether a trait narrows a value at the default level.
pub(super) fn is_constraint(id: &str) -> bool {
    CONSTRAINTS.contains(&id)
}

/// A pattern before and one after.
type PatternPair = (Option<String>, Option<String>);

/// Compares the values of constraints. It caches the results for patterns, because many shapes of a service share a
/// pattern and compiling patterns is most of the work.
#[derive(Debug, Default)]
pub(super) struct Judge {
    patterns: RefCell<HashMap<PatternPair, Validation>>,
    /// The number of states of all automata so far.
    states: Cell<usize>,
}

/// The most states of automata in one comparison; patterns beyond that count as incomparable.
const STATES: usize = 262_144;

impl Judge {
    /// The effect of a change of a trait on the requests that pass; `None` if the trait is not a constraint.
    pub(super) fn constraint(
        &self,
        id: &str,
        old: Option<&Value>,
        new: Option<&Value>,
    ) -> Validation {
        if old == new || !is_constraint(id) {
            return Validation::None;
        }
        match id {
            trait_id::LENGTH | trait_id::RANGE => bounds(id, old, new),
            trait_id::PATTERN => self.patterns(old, new),
            _ => match (old, new) {
                (Some(_), Some(_)) if takes_arguments(id) => Validation::Mixed,
                _ => presence(old, new),
            },
        }
    }

    fn patterns(&self, old: Option<&Value>, new: Option<&Value>) -> Validation {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let pair = (text(old), text(new));
        if let Some(known) = self.patterns.borrow().get(&pair) {
            return *known;
        }
        let found = match self.states.get() {
            states if states > STATES => Validation::Mixed,
            _ => self.compare(pair.0.as_deref(), pair.1.as_deref()),
        };
        self.patterns.borrow_mut().insert(pair, found);
        found
    }

    fn compare(&self, old: Option<&str>, new: Option<&str>) -> Validation {
        if old.map(without_inner_anchors) == new.map(without_inner_anchors) {
            return Validation::None;
        }
        let compiled = |pattern: Option<&str>| {
            let automaton = pattern::compile(pattern?).ok();
            let states = automaton.as_ref().map_or(STATE_LIMIT, Automaton::states);
            self.states.set(self.states.get() + states);
            automaton
        };
        match (compiled(old), compiled(new)) {
            (None, None) => Validation::None,
            (None, Some(new)) => Validation::of(!accepts_all(&new), false),
            (Some(old), None) => Validation::of(false, !accepts_all(&old)),
            (Some(old), Some(new)) => match (includes(&new, &old), includes(&old, &new)) {
                (Some(wider), Some(narrower)) => Validation::of(!wider, !narrower),
                _ => Validation::Mixed,
            },
        }
    }
}

/// Whether a constraint names members or values, so that it can become another one.
fn takes_arguments(id: &str) -> bool {
    matches!(
        id,
        trait_id::attache::AT_LEAST_ONE_OF
            | trait_id::attache::MUST_EQUAL
            | trait_id::attache::ORDERED
            | trait_id::attache::UNIQUE_MEMBER
    )
}

/// The constraints that a member inherits from its target unless it has its own.
pub(super) const INHERITED: [&str; 6] = [
    trait_id::LENGTH,
    trait_id::RANGE,
    trait_id::PATTERN,
    trait_id::UNIQUE_ITEMS,
    trait_id::attache::DAY_ALIGNED,
    trait_id::attache::UNIQUE_MEMBER,
];

fn presence(old: Option<&Value>, new: Option<&Value>) -> Validation {
    Validation::of(
        old.is_none() && new.is_some(),
        old.is_some() && new.is_none(),
    )
}

fn bounds(id: &str, old: Option<&Value>, new: Option<&Value>) -> Validation {
    let bound = |value: Option<&Value>, key: &str| value.and_then(|value| value[key].as_f64());
    // A length is never negative, so a minimum of 0 is not a constraint.
    let least = |value| bound(value, "min").filter(|min| id != trait_id::LENGTH || *min > 0.0);
    let low = |value| least(value).unwrap_or(f64::NEG_INFINITY);
    let high = |value| bound(value, "max").unwrap_or(f64::INFINITY);
    Validation::of(
        low(new) > low(old) || high(new) < high(old),
        low(new) < low(old) || high(new) > high(old),
    )
}

/// The text between `^(?:` and `)$`, without redundant anchors at its ends. Most changes of patterns in C2J add or
/// remove such anchors.
fn without_inner_anchors(pattern: &str) -> &str {
    let wrapped = pattern.strip_prefix("^(?:");
    let Some(inner) = wrapped.and_then(|rest| rest.strip_suffix(")$")) else {
        return pattern;
    };
    let inner = inner.strip_prefix('^').unwrap_or(inner);
    match inner.strip_suffix('$') {
        // After an odd number of backslashes, it is a character.
        Some(rest) if (rest.len() - rest.trim_end_matches('\\').len()) % 2 == 0 => rest,
        _ => inner,
    }
}

fn accepts_all(automaton: &Automaton) -> bool {
    automaton.matched == Some(automaton.start)
        || pattern::compile("").is_ok_and(|all| includes(automaton, &all) == Some(true))
}

/// Whether every text that the first accepts is accepted by the second; `None` if the comparison would take too long.
fn includes(wide: &Automaton, narrow: &Automaton) -> Option<bool> {
    let bytes = representatives(wide, narrow);
    let start = (wide.start, narrow.start, UTF8_START);
    let mut seen = HashSet::from([start]);
    let mut queue = VecDeque::from([start]);
    while let Some((one, two, utf8)) = queue.pop_front() {
        if utf8 == UTF8_START && narrow.accepts(two) && !wide.accepts(one) {
            return Some(false);
        }
        if narrow.failed == Some(two) || wide.matched == Some(one) {
            continue;
        }
        for &byte in &bytes {
            let Some(utf8) = utf8_step(utf8, byte) else {
                continue;
            };
            let next = (wide.next(one, byte), narrow.next(two, byte), utf8);
            if seen.insert(next) {
                queue.push_back(next);
            }
        }
        if seen.len() > PAIR_LIMIT {
            return None;
        }
    }
    Some(true)
}

/// A byte of each class that neither automaton nor UTF-8 distinguishes.
fn representatives(one: &Automaton, two: &Automaton) -> Vec<u8> {
    let mut seen = BTreeSet::new();
    (0..=u8::MAX)
        .filter(|byte| {
            let index = usize::from(*byte);
            let utf8: Vec<Option<u8>> = (0..UTF8_STATES)
                .map(|state| utf8_step(state, *byte))
                .collect();
            seen.insert((one.classes[index], two.classes[index], utf8))
        })
        .collect()
}

const UTF8_START: u8 = 0;
const UTF8_STATES: u8 = 8;

/// Texts are UTF-8, so only those bytes count that UTF-8 permits. The states: between characters, one, two or three
/// bytes to come, and the four first bytes that restrict the second one.
fn utf8_step(state: u8, byte: u8) -> Option<u8> {
    match (state, byte) {
        (UTF8_START, 0x00..=0x7f) | (1, 0x80..=0xbf) => Some(UTF8_START),
        (UTF8_START, 0xc2..=0xdf) | (2, 0x80..=0xbf) | (4, 0xa0..=0xbf) | (5, 0x80..=0x9f) => {
            Some(1)
        }
        (UTF8_START, 0xe1..=0xec | 0xee..=0xef)
        | (3, 0x80..=0xbf)
        | (6, 0x90..=0xbf)
        | (7, 0x80..=0x8f) => Some(2),
        (UTF8_START, 0xf1..=0xf3) => Some(3),
        (UTF8_START, 0xe0) => Some(4),
        (UTF8_START, 0xed) => Some(5),
        (UTF8_START, 0xf0) => Some(6),
        (UTF8_START, 0xf4) => Some(7),
        _ => None,
    }
}
