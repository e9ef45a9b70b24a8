//! Compiles the patterns of what is sent, and notes what contradicts itself.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase;

use crate::ast::ShapeId;
use crate::error::Result;
use crate::ir::{CompiledPattern, Service, Type, TypeKind};
use crate::pattern::{self, Automaton, contradiction};

/// Patterns that cannot be checked and constraints that nothing satisfies become warnings; the model stands.
pub(super) fn check(service: &mut Service) -> Result<()> {
    let mut patterns = Patterns::default();
    for definition in &service.types {
        for field in definition.fields() {
            patterns.visit(&field.ty, &field.id, definition.usage.sent);
        }
    }
    service.patterns = patterns.sent;
    service.warnings.extend(patterns.warnings);
    service.warnings.sort();
    Ok(())
}

#[derive(Default)]
struct Patterns {
    sent: BTreeMap<String, CompiledPattern>,
    /// Everything compiled so far, sent or not.
    known: BTreeMap<String, std::result::Result<Automaton, String>>,
    names: BTreeSet<String>,
    warnings: BTreeSet<String>,
}

impl Patterns {
    fn visit(&mut self, ty: &Type, member: &ShapeId, sent: bool) {
        let constraints = &ty.constraints;
        // What is only received is never checked: its patterns need no table, and mean nothing to a client.
        if let Some(text) = constraints.pattern.as_ref().filter(|_| sent) {
            let automaton = self.compile(text);
            let place = if ty.shape.namespace() == "smithy.api" {
                member
            } else {
                &ty.shape
            };
            match &automaton {
                Err(reason) => {
                    self.warn(
                        place,
                        &format!("its pattern `{text}` is not checked: {reason}"),
                    );
                }
                Ok(automaton) => {
                    for problem in contradiction::find(text, automaton, constraints.length) {
                        self.warn(place, &problem);
                    }
                }
            }
            self.add(text, place, automaton);
        }
        if let Some(text) = constraints.recommended_pattern.as_ref().filter(|_| sent) {
            let automaton = self.compile(text);
            self.add(text, member, automaton);
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

    fn compile(&mut self, text: &str) -> std::result::Result<Automaton, String> {
        self.known
            .entry(text.to_owned())
            .or_insert_with(|| pattern::compile(text))
            .clone()
    }

    fn add(
        &mut self,
        text: &str,
        place: &ShapeId,
        automaton: std::result::Result<Automaton, String>,
    ) {
        if self.sent.contains_key(text) {
            return;
        }
        let base = place
            .member()
            .unwrap_or(place.name())
            .to_shouty_snake_case();
        let mut name = base.clone();
        let mut number = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        self.sent
            .insert(text.to_owned(), CompiledPattern { name, automaton });
    }

    fn warn(&mut self, place: &ShapeId, problem: &str) {
        self.warnings.insert(format!("{place}: {problem}"));
    }
}
