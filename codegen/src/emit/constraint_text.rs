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
    let Constraints {
        length,
        range,
        pattern,
        unique_items,
        unique_member,
        must_equal,
        day_aligned,
        allowed_values,
        recommended_pattern,
        sources: _,
    } = &ty.model.constraints;
    let mut push = |text: String| lines.push(format!("* {subject}{text}"));
    if let Some(length) = length {
        let unit = match ty.kind {
            TypeKind::List { .. } => "elements",
            TypeKind::Map { .. } => "entries",
            TypeKind::Blob { .. } | TypeKind::StreamingBlob { .. } => "bytes",
            _ => "characters",
        };
        push(bounds(
            length.min.map(|min| min.to_string()),
            length.max.map(|max| max.to_string()),
            unit,
        ));
    }
    if let Some(range) = range {
        let text = |bound: &Option<serde_json::Number>| bound.as_ref().map(ToString::to_string);
        push(
            bounds(text(&range.min), text(&range.max), "")
                .trim_end()
                .to_owned(),
        );
    }
    if let Some(pattern) = pattern {
        let unchecked = match plan.patterns.refusal(pattern) {
            Some(reason) => format!(", which is not checked: {}", sentence(reason)),
            _ => String::new(),
        };
        push(format!("pattern {}{unchecked}", code(pattern)));
    }
    if *unique_items {
        push("no element twice".to_owned());
    }
    if let Some(member) = unique_member {
        push(format!("no {} twice", code(member)));
    }
    if let Some(value) = must_equal {
        push(format!(
            "must be {} if it is there",
            code(&value.to_string())
        ));
    }
    if *day_aligned {
        push("midnight in UTC".to_owned());
    }
    if !allowed_values.is_empty() {
        let values: Vec<String> = allowed_values.iter().map(|value| code(value)).collect();
        push(format!(
            "the documentation lists {} (checked at the strict level)",
            values.join(", ")
        ));
    }
    if let Some(pattern) = recommended_pattern {
        push(format!(
            "the documentation shows the form {} (checked at the strict level)",
            code(pattern)
        ));
    }
    match &ty.kind {
        TypeKind::List { element, .. } => collect(plan, "each element: ", element, lines),
        TypeKind::Map { key, value, .. } => {
            collect(plan, "each key: ", key, lines);
            collect(plan, "each value: ", value, lines);
        }
        _ => {}
    }
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
