//! The overlay of a model that is compared: statements that do not fit are left out and reported.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ast::overlay::{self, Misfit, Problem};

/// Statements by place and trait, and those that do not fit by place, each with what is wrong.
type Merged = (BTreeSet<(String, String)>, Vec<(String, String)>);

/// Merges an overlay into a model.
pub(super) fn merge(model: &mut Value, mut statements: Value) -> Merged {
    let mut told = Vec::new();
    let known: BTreeSet<String> = [&*model, &statements]
        .into_iter()
        .filter_map(|one| one["shapes"].as_object())
        .flatten()
        .filter(|(_, shape)| shape["type"] != "apply")
        .map(|(id, _)| id.clone())
        .collect();
    for (place, statement) in statements["shapes"].as_object_mut().into_iter().flatten() {
        if statement["type"] == "apply" {
            take_out_dangling(place, statement, &known, &mut told);
        }
    }
    let merged = overlay::merge(model, &statements);
    told.extend(merged.misfits.into_iter().filter_map(tell));
    told.sort();
    (merged.stated, told)
}

/// Takes out the traits that name a shape which neither the model nor the overlay has.
fn take_out_dangling(
    place: &str,
    statement: &mut Value,
    shapes: &BTreeSet<String>,
    told: &mut Vec<(String, String)>,
) {
    let Some(traits) = statement["traits"].as_object_mut() else {
        return;
    };
    traits.retain(|id, value| {
        let Some(shape) = missing(value, shapes, namespace(place)) else {
            return true;
        };
        told.push((
            place.to_owned(),
            format!("the overlay states `{id}` with the shape `{shape}`, which the model lacks"),
        ));
        false
    });
}

/// A shape of the model's namespace that a value names and that is not there.
fn missing(value: &Value, shapes: &BTreeSet<String>, own: &str) -> Option<String> {
    match value {
        Value::String(text) if namespace(text) == own && !shapes.contains(text) => {
            Some(text.clone())
        }
        Value::Array(items) => items.iter().find_map(|item| missing(item, shapes, own)),
        Value::Object(entries) => entries
            .values()
            .find_map(|entry| missing(entry, shapes, own)),
        _ => None,
    }
}

fn namespace(id: &str) -> &str {
    id.split_once('#').map_or("", |(namespace, _)| namespace)
}

/// The place of a misfit, and the problem in words; `None` if the misfit has no effect.
fn tell(misfit: Misfit) -> Option<(String, String)> {
    let problem = match misfit.problem {
        Problem::ShapeExists => {
            "the overlay adds this shape, which the model now contains: remove it from the overlay".to_owned()
        }
        Problem::NothingThere => {
            "the overlay has a statement about it, but the model no longer contains it: remove the statement".to_owned()
        }
        Problem::SaysNothing => return None,
        Problem::TraitExists {
            id,
            in_model,
            in_overlay,
        } => {
            let advice = if in_model == in_overlay {
                "with the same value: remove it from the overlay"
            } else {
                "with another value: compare the two"
            };
            format!("the overlay states `{id}`, and the model now states it {advice}")
        }
    };
    Some((misfit.place, problem))
}
