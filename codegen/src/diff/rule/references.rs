//! References of services, resources and operations, and the other keys of a model.

use serde_json::Value;

use super::{Effect, Sides, happened, kebab, place, short, values};
use crate::ast::{Shape, ShapeId, UNIT};
use crate::diff::level::{Documentation, RustLevel, Validation, Wire};
use crate::diff::side::Side;
use crate::diff::walk::Difference;
use crate::diff::{targets, wire};

/// A reference that was added to or removed from a list.
pub(super) fn listed(
    sides: Sides<'_>,
    difference: &Difference<'_>,
    key: &str,
    target: &str,
) -> Option<Effect> {
    let name = place(difference);
    let added = difference.old.is_none();
    let is = if added { "now" } else { "no longer" };
    let id = target;
    let target = short(id);
    let (kind, wire, rust, sentence) = match key {
        "errors" => (
            "operation-error",
            error_wire(sides, difference, id),
            sides.patch(difference.shape),
            format!("{name} {is} lists the error `{target}`."),
        ),
        // The operation itself is reported at its definition; only the reference moves here.
        "operations" | "collectionOperations" => (
            "operation-place",
            Wire::None,
            RustLevel::None,
            format!("The operation `{target}` {is} belongs to {name}."),
        ),
        "resources" => (
            "resource-place",
            Wire::None,
            RustLevel::None,
            format!("The resource `{target}` {is} belongs to {name}."),
        ),
        _ => return None,
    };
    let mut effect = plain(format!("{kind}-{}", happened(difference)), sentence);
    effect.wire = wire;
    effect.rust = rust;
    if key.ends_with("perations") {
        detached(sides, id, &mut effect);
    }
    Some(effect)
}

/// An operation counts as removed if its shape still exists but nothing refers to it.
fn detached(sides: Sides<'_>, id: &str, effect: &mut Effect) {
    if sides.old.shape(id).is_none() || sides.new.shape(id).is_none() {
        return;
    }
    let reached = |side: &Side| side.usage(id).in_requests;
    match (reached(sides.old), reached(sides.new)) {
        (true, false) => effect.wire = Wire::Breaking,
        (false, true) => effect.wire = Wire::Compatible,
        _ => {}
    }
}

/// Whether an operation lists the error only before or only after. Errors that the service lists belong to all
/// operations.
fn error_wire(sides: Sides<'_>, difference: &Difference<'_>, target: &str) -> Wire {
    let lists = |side: &Side, id: &str| {
        let errors = side.shape(id).map_or(&[][..], Shape::errors);
        errors
            .iter()
            .any(|error| error.target.name() == short(target))
    };
    let answers = |side: &Side, id: &str| lists(side, id) || lists(side, side.service.as_str());
    let is_whole = difference.shape == sides.new.service.as_str();
    let shapes = sides.new.shapes().keys().map(ShapeId::as_str);
    let differs = shapes
        .filter(|id| sides.new.type_of(id) == "operation" && sides.is_kept(id))
        .filter(|id| is_whole || *id == difference.shape)
        .any(|id| answers(sides.old, id) != answers(sides.new, id));
    if differs {
        Wire::Compatible
    } else {
        Wire::None
    }
}

/// Any other key.
pub(super) fn key(sides: Sides<'_>, difference: &Difference<'_>, key: &str) -> Option<Effect> {
    let name = place(difference);
    let what = values(difference.old, difference.new);
    let kind = format!("{}-{}", kebab(key), happened(difference));
    if difference.shape.is_empty() {
        return (key == "metadata").then(|| {
            plain(
                kind,
                format!("The metadata of the model {what}; clients do not use it."),
            )
        });
    }
    let is_empty = |value: Option<&Value>| {
        value.is_none_or(|value| value.as_object().is_some_and(serde_json::Map::is_empty))
    };
    if ["members", "traits"].contains(&key) && is_empty(difference.old) && is_empty(difference.new)
    {
        return Some(plain(
            kind,
            format!("{name}: an empty `{key}` {what}, which has no effect."),
        ));
    }
    let side = if difference.new.is_some() {
        sides.new
    } else {
        sides.old
    };
    let mut effect = match (side.type_of(difference.shape), key) {
        ("operation", "input" | "output") => message(sides, difference, key),
        ("service", "version") => version(sides, kind, &what),
        ("service", "rename") => plain(
            kind,
            format!("The list of renamed shapes of {name} {what}."),
        ),
        (
            "resource",
            "identifiers" | "properties" | "create" | "put" | "read" | "update" | "delete" | "list",
        ) => {
            return Some(plain(
                format!("resource-{kind}"),
                format!(
                    "The key `{key}` of the resource {name} {what}; clients depend on operations only."
                ),
            ));
        }
        _ => return None,
    };
    effect.rust = effect.rust.max(sides.patch(difference.shape));
    Some(effect)
}

/// An operation whose input or output is another shape.
fn message(sides: Sides<'_>, difference: &Difference<'_>, key: &str) -> Effect {
    let target = |value: Option<&Value>| {
        value
            .and_then(|value| value["target"].as_str())
            .unwrap_or(UNIT)
            .to_owned()
    };
    let (old, new) = (target(difference.old), target(difference.new));
    let mut effect = plain(
        format!("operation-{key}-changed"),
        format!(
            "The {key} of {} was `{}` and is now `{}`.",
            place(difference),
            short(&old),
            short(&new)
        ),
    );
    if sides.is_kept(difference.shape) {
        effect.wire = match (old.as_str(), new.as_str()) {
            (UNIT, _) => Wire::Compatible,
            (_, UNIT) => Wire::Breaking,
            _ => wire::between(sides.old, &old, sides.new, &new),
        };
        if key == "input" {
            effect.validation = targets::between(sides.old, &old, sides.new, &new, &[]);
        }
    }
    effect
}

pub(super) fn plain(kind: String, sentence: String) -> Effect {
    Effect {
        kind,
        rust: RustLevel::None,
        wire: Wire::None,
        validation: Validation::None,
        documentation: Documentation::None,
        sentence,
    }
}

/// Forms have the version of the service, which decides what the service understands.
fn version(sides: Sides<'_>, kind: String, what: &str) -> Effect {
    let mut effect = plain(kind, format!("The version of the service {what}."));
    if sides.new.is_xml() {
        effect.wire = Wire::Breaking;
    }
    effect
}
