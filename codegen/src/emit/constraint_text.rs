//! Constraints in words.

use crate::escape::markdown::{code, sentence};
use crate::model::Constraints;
use crate::plan::{Plan, Type, TypeKind};

/// One line for each constraint, as a Markdown list; constraints on elements of lists and maps say so.
pub(super) fn constraint_sentences(plan: &Plan<'_>, ty: &Type<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    collect(plan, "", ty, &mut lines);
    lines
}

fn collect(plan: &Plan<'_>, subject: &str, ty: &Type<'_>, lines: &mut Vec<String>) {
    let of_model = of_model(plan, ty).into_iter();
    let of_overlay = of_overlay(&ty.model.constraints).into_iter();
    lines.extend(
        of_model
            .chain(of_overlay)
            .map(|text| format!("* {subject}{text}")),
    );
    match &ty.kind {
        TypeKind::List { element, .. } => collect(plan, "each element: ", element, lines),
        TypeKind::Map { key, value, .. } => {
            collect(plan, "each key: ", key, lines);
            collect(plan, "each value: ", value, lines);
        }
        _ => {}
    }
}

/// What the model itself says.
fn of_model(plan: &Plan<'_>, ty: &Type<'_>) -> Vec<String> {
    let constraints = &ty.model.constraints;
    let length = constraints.length.as_ref().map(|length| {
        let unit = match ty.kind {
            TypeKind::List { .. } => "elements",
            TypeKind::Map { .. } => "entries",
            TypeKind::Blob { .. } | TypeKind::StreamingBlob { .. } => "bytes",
            _ => "characters",
        };
        let text = |bound: Option<u64>| bound.map(|bound| bound.to_string());
        bounds(text(length.min), text(length.max), unit)
    });
    let range = constraints.range.as_ref().map(|range| {
        let text = |bound: &Option<serde_json::Number>| bound.as_ref().map(ToString::to_string);
        let text = bounds(text(&range.min), text(&range.max), "");
        text.trim_end().to_owned()
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

fn bounds(min: Option<String>, max: Option<String>, unit: &str) -> String {
    match (min, max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min} {unit}"),
        (Some(min), Some(max)) => format!("{min} to {max} {unit}"),
        (Some(min), None) => format!("at least {min} {unit}"),
        (None, Some(max)) => format!("at most {max} {unit}"),
        (None, None) => format!("any number of {unit}"),
    }
}
