//! Texts: of a length, of a pattern, of a list.

use std::sync::Arc;

use proptest::strategy::{BoxedStrategy, NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::random::Random;
use super::walk::Walk;
use super::{Alphabet, Scope};
use crate::plumbing::validator::{Length, Pattern};

/// How many characters above the minimum length most texts have.
const ROOM: u64 = 24;

/// The maximum length of generated texts without a pattern.
const LONGEST: u64 = 65_536;

/// A description of texts.
#[derive(Clone, Debug)]
#[must_use = "a description generates no text"]
pub struct Text {
    scope: Scope,
    least: u64,
    most: u64,
    patterns: Vec<&'static Pattern>,
    alphabet: Alphabet,
    is_label: bool,
    values: Vec<&'static str>,
}

impl Scope {
    /// Texts.
    pub fn text(self) -> Text {
        Text::new(self)
    }
}

impl Text {
    fn new(scope: Scope) -> Self {
        Self {
            scope,
            least: 0,
            most: u64::MAX,
            patterns: Vec::new(),
            alphabet: Alphabet::Any,
            is_label: false,
            values: Vec::new(),
        }
    }

    /// Texts of this length, in Unicode scalar values.
    pub fn length(mut self, Length(least, most): Length) -> Self {
        if self.scope.is_documented() {
            self.least = self.least.max(least.unwrap_or(0));
            self.most = self.most.min(most.unwrap_or(u64::MAX));
        }
        self
    }

    /// Texts that a pattern occurs in.
    pub fn pattern(mut self, pattern: &'static Pattern) -> Self {
        if self.scope.is_documented() {
            self.patterns.push(pattern);
        }
        self
    }

    /// Texts of a form that the documentation shows.
    pub fn recommended_pattern(mut self, pattern: &'static Pattern) -> Self {
        if self.scope.is_strict() {
            self.patterns.push(pattern);
        }
        self
    }

    /// Texts of these characters, because the place in the message permits nothing else. This applies at every level.
    pub fn alphabet(mut self, alphabet: Alphabet) -> Self {
        self.alphabet = alphabet;
        self
    }

    /// Texts that are not empty, because the place in the message permits nothing else. This applies at every level.
    pub fn not_empty(mut self) -> Self {
        self.least = self.least.max(1);
        self
    }

    /// Texts that can be a segment of a path: not empty, and neither `.` nor `..`. This applies at every level.
    pub fn label(mut self) -> Self {
        self.is_label = true;
        self.not_empty()
    }

    /// Mostly one of these values; nothing else at [`Level::Strict`](crate::validation::Level::Strict).
    pub fn values(mut self, values: &[&'static str]) -> Self {
        self.values = values.to_vec();
        self
    }

    /// The strategy. A text whose length and patterns contradict each other satisfies only its length; the generator of
    /// the client warns about it.
    pub fn boxed(self) -> BoxedStrategy<String> {
        let walk = match self.patterns.as_slice() {
            [] => None,
            patterns => Walk::new(patterns, self.alphabet, (self.least, self.most)),
        };
        let mut rules = self;
        if walk.is_none() {
            rules.patterns.clear();
        }
        let fitting: Vec<&'static str> = std::mem::take(&mut rules.values)
            .into_iter()
            .filter(|value| rules.fits(&value.chars().collect::<Vec<_>>()))
            .collect();
        let scope = rules.scope;
        let free = Strategy::boxed(Texts {
            rules: Arc::new(rules),
            walk: walk.map(Arc::new),
        });
        if fitting.is_empty() {
            return free;
        }
        let listed = proptest::sample::select(fitting).prop_map(str::to_owned);
        if scope.is_strict() {
            return listed.boxed();
        }
        let weight = if scope.is_documented() { 15 } else { 3 };
        proptest::prop_oneof![weight => listed, 1 => free].boxed()
    }

    /// Whether a text is one of these.
    fn fits(&self, text: &[char]) -> bool {
        (self.least..=self.most).contains(&(text.len() as u64))
            && !(self.is_label && is_dots(text))
            && text
                .iter()
                .all(|character| self.alphabet.contains(*character))
            && (self.patterns.is_empty() || {
                let text: String = text.iter().collect();
                self.patterns.iter().all(|pattern| pattern.is_match(&text))
            })
    }
}

/// Whether a text has a special meaning in a path: `.` or `..`.
fn is_dots(text: &[char]) -> bool {
    matches!(text, ['.'] | ['.', '.'])
}

/// The strategy of texts.
#[derive(Clone, Debug)]
struct Texts {
    rules: Arc<Text>,
    walk: Option<Arc<Walk>>,
}

impl Texts {
    fn text(&self, random: &mut Random) -> Vec<char> {
        let mut text = self.any_text(random);
        while self.rules.is_label && is_dots(&text) {
            text = self.any_text(random);
        }
        text
    }

    fn any_text(&self, random: &mut Random) -> Vec<char> {
        match &self.walk {
            Some(walk) => {
                let lengths = walk.lengths();
                let near = lengths.len().min(ROOM as usize);
                let length = match random.below(16) {
                    0 => lengths[lengths.len() - 1],
                    1 | 2 => lengths[0],
                    _ => lengths[random.index(near)],
                };
                walk.text(random, length)
            }
            None => self.free_text(random),
        }
    }

    fn free_text(&self, random: &mut Random) -> Vec<char> {
        let Text {
            least,
            most,
            alphabet,
            ..
        } = *self.rules;
        let length = match random.below(16) {
            0 if most <= LONGEST => most,
            1 | 2 => least,
            _ => least + random.below(most.min(least.saturating_add(ROOM)) - least + 1),
        };
        // Long texts repeat one character after their beginning, so that they are cheap to generate.
        let begin = length.min(4 * ROOM);
        let mut text: Vec<char> = (0..begin).map(|_| alphabet.pick(random)).collect();
        text.resize(length as usize, alphabet.pick(random));
        text
    }
}

impl Strategy for Texts {
    type Tree = Tree;
    type Value = String;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let current = self.text(&mut Random::new(runner)?);
        Ok(Tree {
            rules: Arc::clone(&self.rules),
            cursor: Cursor::Cut {
                count: current.len(),
                start: 0,
            },
            current,
            before: None,
        })
    }
}

/// A text that shrinks: pieces are cut out of it, and characters become simpler, as long as its rules are satisfied.
#[derive(Debug)]
struct Tree {
    rules: Arc<Text>,
    current: Vec<char>,
    before: Option<Vec<char>>,
    cursor: Cursor,
}

/// The next step of shrinking.
#[derive(Clone, Copy, Debug)]
enum Cursor {
    /// To cut out so many characters from here.
    Cut { count: usize, start: usize },
    /// To replace the character here by the simple one with this index.
    Replace { start: usize, choice: usize },
}

/// The simplest characters, the simplest one first.
const SIMPLE: [char; 3] = ['a', '0', 'A'];

impl Tree {
    /// The text at the cursor, and whether there is one; if there is none, the cursor advances.
    fn candidate(&mut self) -> Option<Vec<char>> {
        loop {
            match &mut self.cursor {
                Cursor::Cut { count: 0, .. } => {
                    self.cursor = Cursor::Replace {
                        start: 0,
                        choice: 0,
                    };
                }
                Cursor::Cut { count, start } if *start + *count > self.current.len() => {
                    *count /= 2;
                    *start = 0;
                }
                Cursor::Cut { count, start } => {
                    let (count, start) = (*count, *start);
                    if (self.current.len() - count) as u64 >= self.rules.least {
                        let mut text = self.current.clone();
                        text.drain(start..start + count);
                        return Some(text);
                    }
                    // No cut of this size is possible anywhere.
                    self.cursor = Cursor::Cut {
                        count: count / 2,
                        start: 0,
                    };
                }
                Cursor::Replace { start, choice } => {
                    let character = *self.current.get(*start)?;
                    if *choice == SIMPLE.len() || SIMPLE[*choice] == character {
                        *start += 1;
                        *choice = 0;
                        continue;
                    }
                    let mut text = self.current.clone();
                    text[*start] = SIMPLE[*choice];
                    return Some(text);
                }
            }
        }
    }

    /// Advances the cursor after a step.
    fn advance(&mut self) {
        match &mut self.cursor {
            Cursor::Cut { count, start } => *start += *count,
            Cursor::Replace { choice, .. } => *choice += 1,
        }
    }
}

impl ValueTree for Tree {
    type Value = String;

    fn current(&self) -> String {
        self.current.iter().collect()
    }

    fn simplify(&mut self) -> bool {
        while let Some(text) = self.candidate() {
            if self.rules.fits(&text) {
                self.before = Some(std::mem::replace(&mut self.current, text));
                return true;
            }
            self.advance();
        }
        false
    }

    fn complicate(&mut self) -> bool {
        let Some(before) = self.before.take() else {
            return false;
        };
        self.current = before;
        self.advance();
        true
    }
}
