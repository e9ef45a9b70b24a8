//! Constraints in words.

use crate::escape::markdown::{code, sentence};
use crate::model::{Binding, Constraints, RuleKind};
use crate::plan::{Field, Plan, Type, TypeKind};

/// One text for each constraint on the values of a field; constraints on elements of lists and maps say so.
pub(super) fn constraint_sentences(plan: &Plan<'_>, field: &Field<'_>) -> Vec<String> {
    // A blob in JSON, in a header or in the query is sent as base64, and its limits are those of its bytes.
    let blob = match field.model.binding {
        Binding::Payload => "",
        _ => ", before base64",
    };
    let mut texts = Vec::new();
    collect(plan, "", &field.ty, blob, &mut texts);
    texts
}

fn collect(plan: &Plan<'_>, subject: &str, ty: &Type<'_>, blob: &str, texts: &mut Vec<String>) {
    let of_model = of_model(plan, ty, blob).into_iter();
    let of_overlay = of_overlay(&ty.model.constraints).into_iter();
    texts.extend(
        of_model
            .chain(of_overlay)
            .map(|text| format!("{subject}{text}")),
    );
    match &ty.kind {
        TypeKind::List { element, .. } => collect(plan, "each element: ", element, blob, texts),
        TypeKind::Map { key, value, .. } => {
            collect(plan, "each key: ", key, blob, texts);
            collect(plan, "each value: ", value, blob, texts);
        }
        _ => {}
    }
}

/// What the model itself says.
fn of_model(plan: &Plan<'_>, ty: &Type<'_>, blob: &str) -> Vec<String> {
    let constraints = &ty.model.constraints;
    let length = constraints.length.as_ref().map(|length| {
        let count = |unit| bounds(counted(length.min, unit), counted(length.max, unit));
        match ty.kind {
            TypeKind::List { .. } => count("element"),
            TypeKind::Map { .. } => count("entry"),
            TypeKind::Blob { .. } | TypeKind::StreamingBlob { .. } => {
                bounds(length.min.map(size), length.max.map(size)) + blob
            }
            _ => count("character"),
        }
    });
    let range = constraints.range.as_ref().map(|range| {
        let text = |bound: &Option<serde_json::Number>| bound.as_ref().map(ToString::to_string);
        bounds(text(&range.min), text(&range.max))
    });
    let pattern = constraints.pattern.as_ref().map(|pattern| {
        let unchecked = match plan.patterns.refusal(pattern) {
            Some(reason) => format!(", which is not checked: {}", sentence(reason)),
            _ => String::new(),
        };
        format!("pattern {}{unchecked}", code(pattern))
    });
    let unique = constraints
        .unique_items
        .then(|| "no element twice".to_owned());
    [length, range, pattern, unique]
        .into_iter()
        .flatten()
        .collect()
}

/// A bound on the length of something, with its unit in the right number.
fn counted(bound: Option<u64>, unit: &str) -> Option<String> {
    bound.map(|bound| match (bound, unit) {
        (1, unit) => format!("1 {unit}"),
        (bound, "entry") => format!("{bound} entries"),
        (bound, unit) => format!("{bound} {unit}s"),
    })
}

/// A number of bytes, also as a multiple of a larger unit where it is one.
fn size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let mut units = units.into_iter();
    let unit = units.find(|(size, _)| bytes >= *size && bytes.is_multiple_of(*size));
    match (bytes, unit) {
        (1, _) => "1 byte".to_owned(),
        (bytes, None) => format!("{bytes} bytes"),
        (bytes, Some((size, unit))) => format!("{} {unit} ({bytes} bytes)", bytes / size),
    }
}

/// What only the documentation says.
fn of_overlay(constraints: &Constraints) -> Vec<String> {
    let unique = constraints.unique_member.as_ref();
    let unique = unique.map(|member| format!("no {} twice", code(member)));
    let must_equal = constraints.must_equal.as_ref();
    let must_equal =
        must_equal.map(|value| format!("must be {} if it is present", code(&value.to_string())));
    let aligned = constraints
        .day_aligned
        .then(|| "midnight in UTC".to_owned());
    let values: Vec<String> = constraints
        .allowed_values
        .iter()
        .map(|value| code(value))
        .collect();
    let listed = (!values.is_empty()).then(|| {
        format!(
            "the documentation lists {} (checked at the strict level)",
            values.join(", ")
        )
    });
    let form = constraints.recommended_pattern.as_ref().map(|pattern| {
        format!(
            "the documentation shows the form {} (checked at the strict level)",
            code(pattern)
        )
    });
    [unique, must_equal, aligned, listed, form]
        .into_iter()
        .flatten()
        .collect()
}

/// A rule about several members in words.
pub(super) fn rule_sentence(rule: &RuleKind) -> String {
    match rule {
        RuleKind::AtLeastOneOf { members, strict } => {
            let names: Vec<String> = members.iter().map(|name| code(name)).collect();
            let level = if *strict {
                " (checked at the strict level)"
            } else {
                ""
            };
            format!("at least one of {}{level}", names.join(", "))
        }
        RuleKind::Ordered {
            first,
            second,
            may_be_equal,
            span,
        } => {
            let order = if *may_be_equal { "not less" } else { "greater" };
            let span = span.map_or_else(String::new, |span| format!(", by at most {span}"));
            format!("{} is {order} than {}{span}", code(second), code(first))
        }
    }
}

/// Two bounds; a unit that both have stands once.
fn bounds(min: Option<String>, max: Option<String>) -> String {
    match (min, max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min}"),
        (Some(min), Some(max)) => {
            let number = min.split_once(' ').map_or(&*min, |(number, _)| number);
            let unit = |text: &str| {
                text.split_once(' ')
                    .map(|(_, unit)| unit.trim_end_matches('s').to_owned())
            };
            match unit(&min) == unit(&max) {
                true => format!("{number} to {max}"),
                false => format!("{min} to {max}"),
            }
        }
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any number".to_owned(),
    }
}
