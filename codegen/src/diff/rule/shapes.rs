//! Shapes and members that are added, removed, or changed to another type.

use serde_json::Value;

use super::{Effect, Sides, happened, place, short};
use crate::ast::{Member, Shape, ShapeKind, trait_id};
use crate::diff::level::{Documentation, RustLevel, Validation, Wire};
use crate::diff::walk::Difference;
use crate::diff::{targets, wire};

/// A shape that exists on one side only.
pub(super) fn whole(sides: Sides<'_>, difference: &Difference<'_>) -> Option<Effect> {
    let added = difference.old.is_none();
    let side = match added {
        true => sides.new,
        false => sides.old,
    };
    let noun = noun(side.shape(difference.shape)?)?;
    let name = place(difference);
    let reached = sides.is_reached(difference.shape);
    let (wire, sentence) = match (noun, added) {
        ("operation", true) if reached => {
            (Wire::Compatible, format!("The operation {name} was added."))
        }
        ("operation", false) if reached => {
            (Wire::Breaking, format!("The operation {name} was removed."))
        }
        (_, true) if reached => (Wire::None, format!("The {noun} {name} was added.")),
        (_, false) if reached => (Wire::None, format!("The {noun} {name} was removed.")),
        (_, true) => (
            Wire::None,
            format!("The {noun} {name} was added; no operation uses it."),
        ),
        (_, false) => (
            Wire::None,
            format!("The {noun} {name} was removed; no operation used it."),
        ),
    };
    let kind = match noun {
        "operation" | "resource" => noun,
        "error" => "error",
        _ => "shape",
    };
    Some(Effect {
        kind: format!("{kind}-{}", happened(difference)),
        rust: if noun == "resource" {
            RustLevel::None
        } else {
            sides.patch(difference.shape)
        },
        wire,
        validation: Validation::None,
        documentation: Documentation::None,
        sentence,
    })
}

/// The noun for a shape in sentences; `None` for a service and a statement of an overlay.
fn noun(shape: &Shape) -> Option<&'static str> {
    match &shape.kind {
        ShapeKind::Service(_) | ShapeKind::Apply(_) => None,
        ShapeKind::Structure(_) if shape.traits.has(trait_id::ERROR) => Some("error"),
        _ => Some(shape.type_name()),
    }
}

/// A shape of another type.
pub(super) fn retyped(sides: Sides<'_>, difference: &Difference<'_>) -> Effect {
    let text = |value: Option<&Value>| {
        value
            .and_then(Value::as_str)
            .unwrap_or("nothing")
            .to_owned()
    };
    let (old, new) = (text(difference.old), text(difference.new));
    let wire = match (
        wire::form(&old) == wire::form(&new),
        sides.is_kept(difference.shape),
    ) {
        (_, false) => Wire::None,
        (false, true) => Wire::Breaking,
        (true, true) if wire::form(&old) == "string" => Wire::None,
        (true, true) => Wire::Compatible,
    };
    let checks = match (old.as_str(), new.as_str()) {
        ("string", "enum") => " Values that the enum does not list can still be sent and read.",
        _ => "",
    };
    Effect {
        kind: "shape-type-changed".to_owned(),
        rust: sides.patch(difference.shape),
        wire,
        validation: Validation::None,
        documentation: Documentation::None,
        sentence: format!(
            "{} was a {old} and is now a {new}.{checks}",
            place(difference)
        ),
    }
}

/// A member that exists on one side only.
pub(super) fn member(sides: Sides<'_>, difference: &Difference<'_>) -> Option<Effect> {
    let (added, side) = match (difference.old, difference.new) {
        (None, Some(_)) => (true, sides.new),
        (Some(_), None) => (false, sides.old),
        _ => return None,
    };
    let member = side.member(difference.shape, difference.member?)?;
    let parent = side.type_of(difference.shape);
    if parent == "enum" || parent == "intEnum" {
        return Some(enum_value(sides, difference, member, added));
    }
    let usage = sides.usage(difference.shape);
    let reached = usage.in_requests || usage.in_responses;
    let is_body = member.traits.has(trait_id::HTTP_PAYLOAD) && side.is_rest();
    let wire = match (added, reached) {
        (_, false) => Wire::None,
        (true, true) if !is_body => Wire::Compatible,
        _ => Wire::Breaking,
    };
    // Clients fill in a token and a default themselves.
    let must_be_given = member.traits.required()
        && !member.traits.has(trait_id::IDEMPOTENCY_TOKEN)
        && parent == "structure"
        && usage.in_requests;
    let target = short(member.target.as_str());
    let required = if member.traits.required() {
        "required "
    } else {
        ""
    };
    let sentence = match added {
        true => format!(
            "The {required}member {} ({target}) was added.",
            place(difference)
        ),
        false => format!(
            "The {required}member {} ({target}) was removed.",
            place(difference)
        ),
    };
    Some(Effect {
        kind: format!("member-{}", happened(difference)),
        rust: sides.patch(difference.shape),
        wire,
        validation: Validation::of(added && must_be_given, !added && must_be_given),
        documentation: Documentation::None,
        sentence,
    })
}

fn enum_value(
    sides: Sides<'_>,
    difference: &Difference<'_>,
    member: &Member,
    added: bool,
) -> Effect {
    let name = difference.member.unwrap_or_default();
    let value = member.traits.get(trait_id::ENUM_VALUE);
    let value = value.map_or_else(
        || name.to_owned(),
        |value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        },
    );
    let usage = sides.usage(difference.shape);
    let wire = match (added, usage.in_requests, usage.in_responses) {
        (_, false, false) => Wire::None,
        (false, true, _) => Wire::Breaking,
        _ => Wire::Compatible,
    };
    Effect {
        kind: format!("enum-value-{}", happened(difference)),
        rust: sides.patch(difference.shape),
        wire,
        validation: Validation::None,
        documentation: Documentation::None,
        sentence: format!(
            "The value `{value}` of `{}` was {}.",
            short(difference.shape),
            if added { "added" } else { "removed" }
        ),
    }
}

/// A member with another target.
pub(super) fn retargeted(sides: Sides<'_>, difference: &Difference<'_>) -> Effect {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let (old, new) = (text(difference.old), text(difference.new));
    let usage = sides.usage(difference.shape);
    let wire = if usage.in_requests || usage.in_responses {
        wire::between(sides.old, &old, sides.new, &new)
    } else {
        Wire::None
    };
    let own = sides.new.traits(difference.shape, difference.member);
    let own: Vec<&str> = own.iter().map(|(id, _)| id).collect();
    let validation = if usage.in_requests {
        targets::between(sides.old, &old, sides.new, &new, &own)
    } else {
        Validation::None
    };
    let (old_type, new_type) = (sides.old.type_of(&old), sides.new.type_of(&new));
    let types = if old_type == new_type {
        format!("both a {new_type}")
    } else {
        format!("a {old_type} before, a {new_type} now")
    };
    Effect {
        kind: "member-target-changed".to_owned(),
        rust: sides.patch(difference.shape),
        wire,
        validation,
        documentation: Documentation::None,
        sentence: format!(
            "{} was a `{}` and is now a `{}` ({types}).",
            place(difference),
            short(&old),
            short(&new)
        ),
    }
}
