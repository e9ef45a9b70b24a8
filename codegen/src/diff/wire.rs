//! The effect of another target on the messages.
//!
//! A target determines the form of a value in JSON. Two shapes with different names may have the same form, so a member
//! with another target is compared by the shapes that it reaches.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::level::Wire;
use super::side::Side;
use crate::ast::{Member, trait_id};

/// The most pairs of shapes that are compared; beyond that the targets count as different.
const PAIR_LIMIT: usize = 10_000;

/// Compares the forms of two targets in a message.
pub(super) fn between(old: &Side, old_target: &str, new: &Side, new_target: &str) -> Wire {
    let mut comparison = Comparison {
        old,
        new,
        queue: vec![(old_target.to_owned(), new_target.to_owned())],
    };
    // Shapes may nest deeper than a thread's stack permits, so the pairs to compare are in a list.
    let mut seen = BTreeSet::new();
    let mut wire = Wire::None;
    while let Some((old, new)) = comparison.queue.pop() {
        // The differences of one shape are reported at the shape itself.
        if old == new || !seen.insert((old.clone(), new.clone())) {
            continue;
        }
        if wire == Wire::Breaking || seen.len() > PAIR_LIMIT {
            return Wire::Breaking;
        }
        wire = wire.max(comparison.targets(&old, &new));
    }
    wire
}

/// The form of a type in JSON, if it does not depend on members.
pub(super) fn form(type_name: &str) -> &str {
    match type_name {
        "string" | "enum" => "string",
        "byte" | "short" | "integer" | "long" | "intEnum" => "integer",
        "float" | "double" => "number",
        "unit" => "structure",
        other => other,
    }
}

struct Comparison<'a> {
    old: &'a Side,
    new: &'a Side,
    /// Pairs of shapes that are to be compared.
    queue: Vec<(String, String)>,
}

impl Comparison<'_> {
    fn targets(&mut self, old: &str, new: &str) -> Wire {
        let (old_type, new_type) = (self.old.type_of(old), self.new.type_of(new));
        if form(old_type) != form(new_type) {
            return Wire::Breaking;
        }
        let differs = |id: &str| {
            let of = |side: &Side, shape: &str| side.traits(shape, None).get(id).cloned();
            of(self.old, old) != of(self.new, new)
        };
        if [trait_id::TIMESTAMP_FORMAT, trait_id::STREAMING]
            .iter()
            .any(|id| differs(id))
        {
            return Wire::Breaking;
        }
        let widths = if old_type != new_type && form(old_type) != "string" {
            Wire::Compatible
        } else {
            Wire::None
        };
        widths.max(self.members(old, new))
    }

    fn members(&mut self, old: &str, new: &str) -> Wire {
        if form(self.old.type_of(old)) == "string" || self.old.type_of(old) == "intEnum" {
            return Wire::None;
        }
        let old_members = self.old.members(old);
        let new_members: BTreeMap<_, _> = self.new.members(new).into_iter().collect();
        let mut wire = Wire::None;
        for (name, member) in &old_members {
            let Some(other) = new_members.get(name) else {
                return Wire::Breaking;
            };
            if place(self.old, member) != place(self.new, other) {
                return Wire::Breaking;
            }
            let target = |member: &Member| member.target.to_string();
            self.queue.push((target(member), target(other)));
        }
        if new_members.len() > old_members.len() {
            wire = wire.max(Wire::Compatible);
        }
        wire
    }
}

/// Traits that say where in the message a member is, and under which name.
pub(super) const PLACES: [&str; 9] = [
    trait_id::HOST_LABEL,
    trait_id::HTTP_HEADER,
    trait_id::HTTP_LABEL,
    trait_id::HTTP_PAYLOAD,
    trait_id::HTTP_PREFIX_HEADERS,
    trait_id::HTTP_QUERY,
    trait_id::HTTP_QUERY_PARAMS,
    trait_id::HTTP_RESPONSE_CODE,
    trait_id::JSON_NAME,
];

/// Traits that say how XML and forms hold a member.
pub(super) const XML_PLACES: [&str; 5] = [
    trait_id::EC2_QUERY_NAME,
    trait_id::XML_ATTRIBUTE,
    trait_id::XML_FLATTENED,
    trait_id::XML_NAME,
    trait_id::XML_NAMESPACE,
];

fn place<'a>(side: &Side, member: &'a Member) -> Vec<Option<&'a Value>> {
    let mut places = vec![member.traits.get(trait_id::TIMESTAMP_FORMAT)];
    if side.is_rest() {
        places.extend(PLACES.iter().map(|id| member.traits.get(id)));
    }
    if side.is_xml() {
        places.extend(XML_PLACES.iter().map(|id| member.traits.get(id)));
    }
    places
}
