//! The effect of another target of a member on the requests that pass validation.

use std::collections::{BTreeMap, BTreeSet};

use super::level::Validation;
use super::side::Side;
use super::validation::INHERITED;
use crate::ast::{Member, trait_id};

/// The most pairs of shapes that are compared; beyond that the targets count as incomparable.
const PAIR_LIMIT: usize = 10_000;

/// Compares the values that two targets accept, with all shapes that they reach. `member` is the member that targets
/// them: its own traits override those of a target, which are then ignored.
pub(super) fn between(
    old: &Side,
    old_target: &str,
    new: &Side,
    new_target: &str,
    hidden: &[&str],
) -> Validation {
    let hidden = INHERITED.into_iter().filter(|id| hidden.contains(id));
    let mut comparison = Comparison {
        old,
        new,
        queue: vec![(
            old_target.to_owned(),
            new_target.to_owned(),
            hidden.collect(),
        )],
    };
    // Shapes may nest deeper than a thread's stack permits, so the pairs to compare are in a list.
    let mut seen = BTreeSet::new();
    let mut validation = Validation::None;
    while let Some((old, new, hidden)) = comparison.queue.pop() {
        // The differences of one shape are reported at the shape itself.
        if old == new || !seen.insert((old.clone(), new.clone())) {
            continue;
        }
        if seen.len() > PAIR_LIMIT {
            return Validation::Mixed;
        }
        validation = validation.and(comparison.targets(&old, &new, &hidden));
    }
    validation
}

struct Comparison<'a> {
    old: &'a Side,
    new: &'a Side,
    /// Pairs of shapes, and their traits that are ignored.
    queue: Vec<(String, String, Vec<&'static str>)>,
}

impl<'a> Comparison<'a> {
    fn targets(&mut self, old: &str, new: &str, hidden: &[&str]) -> Validation {
        let mut validation = Validation::None;
        for id in INHERITED.into_iter().filter(|id| !hidden.contains(id)) {
            let value = |side: &'a Side, shape: &str| side.traits(shape, None).get(id);
            let (before, after) = (value(self.old, old), value(self.new, new));
            validation = validation.and(self.new.judge.constraint(id, before, after));
        }
        let (old_type, new_type) = (self.old.type_of(old), self.new.type_of(new));
        if old_type != new_type || old_type == "enum" || old_type == "intEnum" {
            return validation;
        }
        let old_members: BTreeMap<_, _> = self.old.members(old).into_iter().collect();
        for (name, member) in self.new.members(new) {
            let before = old_members.get(&name).copied();
            validation = validation.and(self.member(before, member, old_type));
        }
        validation
    }

    fn member(&mut self, old: Option<&Member>, new: &Member, parent: &str) -> Validation {
        let Some(old) = old else {
            let required = parent == "structure" && new.traits.required();
            return Validation::of(required, false);
        };
        let mut validation = Validation::None;
        let mut hidden = Vec::new();
        for id in INHERITED
            .into_iter()
            .chain([trait_id::REQUIRED, trait_id::attache::MUST_EQUAL])
        {
            let (before, after) = (old.traits.get(id), new.traits.get(id));
            if before.is_some() || after.is_some() {
                hidden.push(id);
                validation = validation.and(self.new.judge.constraint(id, before, after));
            }
        }
        let target = |member: &Member| member.target.to_string();
        self.queue.push((target(old), target(new), hidden));
        validation
    }
}
