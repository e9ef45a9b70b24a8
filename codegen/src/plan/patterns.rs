//! The compiled patterns of requests, and contradictions in them.

use std::collections::{BTreeMap, BTreeSet};

use super::case::static_name;
use crate::ast::ShapeId;
use crate::ast::traits::Length;
use crate::model::{Service, Type, TypeKind};
use crate::pattern::automaton::STATE_LIMIT;
use crate::pattern::{self, Automaton, contradiction};

/// The most states of all automata of a model together. Making them takes time, and their tables take space.
const STATES: usize = 65_536;

/// The patterns of requests.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    /// The patterns by their text.
    compiled: BTreeMap<String, CompiledPattern>,
}

/// A pattern, and the table that checks it or the reason why it is not checked.
#[derive(Clone, Debug)]
pub struct CompiledPattern {
    /// The name of its table, after the first shape that has it.
    pub name: String,
    /// The table, or why it cannot be checked.
    pub automaton: std::result::Result<Automaton, String>,
    /// What it expects in words, if it has short ones.
    pub words: Option<String>,
}

impl Patterns {
    /// The patterns by their text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &CompiledPattern)> {
        let patterns = self.compiled.iter();
        patterns.map(|(text, pattern)| (text.as_str(), pattern))
    }

    /// The table of a pattern, where it has one.
    pub fn table(&self, text: &str) -> Option<&str> {
        let pattern = self.compiled.get(text)?;
        pattern.automaton.as_ref().ok()?;
        Some(&pattern.name)
    }

    /// What accepts the texts of a pattern, where it has a table.
    pub fn automaton(&self, text: &str) -> Option<&Automaton> {
        self.compiled.get(text)?.automaton.as_ref().ok()
    }

    /// Why a pattern is not checked.
    pub fn refusal(&self, text: &str) -> Option<&str> {
        let pattern = self.compiled.get(text)?;
        pattern.automaton.as_ref().err().map(String::as_str)
    }

    /// Whether there is a table at all.
    pub fn has_tables(&self) -> bool {
        let mut patterns = self.compiled.values();
        patterns.any(|pattern| pattern.automaton.is_ok())
    }
}

/// Compiles the patterns of what is part of requests. Patterns that cannot be checked and constraints that no value
/// satisfies result in warnings.
pub(super) fn compile(service: &Service) -> (Patterns, BTreeSet<String>) {
    let mut compiler = Compiler::default();
    for definition in &service.types {
        for member in definition.members() {
            compiler.visit(&member.ty, &member.id, definition.usage.in_requests);
        }
    }
    let patterns = Patterns {
        compiled: compiler.sent,
    };
    (patterns, compiler.warnings)
}

#[derive(Default)]
struct Compiler {
    sent: BTreeMap<String, CompiledPattern>,
    /// The warnings about a pattern with a length, cached because many members share both.
    problems: BTreeMap<(String, Option<Length>), Vec<String>>,
    names: BTreeSet<String>,
    /// The next number of each name.
    numbers: BTreeMap<String, usize>,
    /// The states of all automata together.
    states: usize,
    warnings: BTreeSet<String>,
}

impl Compiler {
    fn visit(&mut self, ty: &Type, member: &ShapeId, sent: bool) {
        let constraints = &ty.constraints;
        // Responses are never checked, so their patterns need no table.
        if let Some(text) = constraints.pattern.as_ref().filter(|_| sent) {
            let place = if ty.shape.namespace() == "smithy.api" {
                member
            } else {
                &ty.shape
            };
            self.add(text, place);
            self.judge(text, constraints.length, place);
        }
        if let Some(text) = constraints.recommended_pattern.as_ref().filter(|_| sent) {
            self.add(text, member);
        }
        match &ty.kind {
            TypeKind::List { element, .. } => self.visit(element, member, sent),
            TypeKind::Map { key, value, .. } => {
                self.visit(key, member, sent);
                self.visit(value, member, sent);
            }
            _ => {}
        }
    }

    /// Compiles a pattern, under a name that the first place gives it.
    fn add(&mut self, text: &str, place: &ShapeId) {
        if self.sent.contains_key(text) {
            return;
        }
        let base = static_name(place.member().unwrap_or(place.name()));
        let mut name = base.clone();
        let number = self.numbers.entry(base.clone()).or_insert(2);
        while !self.names.insert(name.clone()) {
            name = format!("{base}_{number}");
            *number += 1;
        }
        let automaton = match self.states {
            states if states > STATES => Err(format!(
                "the patterns of the model have more than {STATES} states together"
            )),
            _ => pattern::compile(text),
        };
        // A pattern that is too large takes the most time, and would have more states than the limit.
        self.states += automaton
            .as_ref()
            .map_or(STATE_LIMIT, pattern::Automaton::states);
        let words = automaton
            .as_ref()
            .ok()
            .and_then(|automaton| pattern::words::describe(text, automaton));
        let pattern = CompiledPattern {
            name,
            automaton,
            words,
        };
        self.sent.insert(text.to_owned(), pattern);
    }

    /// Reports the warnings about an added pattern.
    fn judge(&mut self, text: &str, length: Option<Length>, place: &ShapeId) {
        let Some(pattern) = self.sent.get(text) else {
            return;
        };
        let problems = self
            .problems
            .entry((text.to_owned(), length))
            .or_insert_with(|| match &pattern.automaton {
                Err(reason) => vec![format!("its pattern `{text}` is not checked: {reason}")],
                Ok(automaton) => contradiction::find(text, automaton, length),
            });
        for problem in problems {
            self.warnings.insert(format!("{place}: {problem}"));
        }
    }
}
