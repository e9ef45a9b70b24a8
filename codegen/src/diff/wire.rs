//! What a change of a target means for the messages.
//!
//! A target is what a value looks like in JSON: two shapes of other names may be the same there, which is why a member
//! that is pointed at another shape is compared by what it reaches.

use std::collections::BTreeSet;

use serde_json::Value;

use super::level::Wire;
use super::side::Side;

/// Compares what two targets look like in a message.
pub(super) fn between(old: &Side, old_target: &str, new: &Side, new_target: &str) -> Wire {
    let mut seen = BTreeSet::new();
    Comparison { old, new }.targets(old_target, new_target, &mut seen)
}

/// What a type looks like in JSON, where it can be told without its members.
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
}

impl Comparison<'_> {
    fn targets(&self, old: &str, new: &str, seen: &mut BTreeSet<(String, String)>) -> Wire {
        // The differences of one shape are told at the shape itself.
        if old == new || !seen.insert((old.to_owned(), new.to_owned())) {
            return Wire::None;
        }
        let (old_type, new_type) = (self.old.type_of(old), self.new.type_of(new));
        if form(&old_type) != form(&new_type) {
            return Wire::Breaking;
        }
        let differs = |id: &str| {
            let of = |side: &Side, shape: &str| side.traits(shape, None).get(id).cloned();
            of(self.old, old) != of(self.new, new)
        };
        if ["smithy.api#timestampFormat", "smithy.api#streaming"]
            .iter()
            .any(|id| differs(id))
        {
            return Wire::Breaking;
        }
        let widths = if old_type != new_type && form(&old_type) != "string" {
            Wire::Compatible
        } else {
            Wire::None
        };
        widths.max(self.members(old, new, seen))
    }

    fn members(&self, old: &str, new: &str, seen: &mut BTreeSet<(String, String)>) -> Wire {
        if form(&self.old.type_of(old)) == "string" || self.old.type_of(old) == "intEnum" {
            return Wire::None;
        }
        let (old_members, new_members) = (self.old.members(old), self.new.members(new));
        let mut wire = Wire::None;
        for (name, member) in &old_members {
            let Some((_, other)) = new_members.iter().find(|(other, _)| other == name) else {
                return Wire::Breaking;
            };
            if place(self.old, member) != place(self.new, other) {
                return Wire::Breaking;
            }
            let target = |member: &Value| member["target"].as_str().unwrap_or_default().to_owned();
            wire = wire.max(self.targets(&target(member), &target(other), seen));
        }
        if new_members.len() > old_members.len() {
            wire = wire.max(Wire::Compatible);
        }
        wire
    }
}

/// Traits that say where in the message a member is, and under which name.
pub(super) const PLACES: [&str; 9] = [
    "smithy.api#hostLabel",
    "smithy.api#httpHeader",
    "smithy.api#httpLabel",
    "smithy.api#httpPayload",
    "smithy.api#httpPrefixHeaders",
    "smithy.api#httpQuery",
    "smithy.api#httpQueryParams",
    "smithy.api#httpResponseCode",
    "smithy.api#jsonName",
];

fn place<'a>(side: &Side, member: &'a Value) -> Vec<Option<&'a Value>> {
    let mut places = vec![member["traits"].get("smithy.api#timestampFormat")];
    if side.is_rest() {
        places.extend(PLACES.iter().map(|id| member["traits"].get(id)));
    }
    places
}
