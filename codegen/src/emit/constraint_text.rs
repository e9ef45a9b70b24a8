//! Constraints in words.

use crate::ast::traits::Range;
use crate::escape::markdown::{code, sentence, text};
use crate::model::{Binding, Constraints, RuleKind};
use crate::plan::{Field, Noun, Plan, Type, TypeKind};

/// One text for each constraint on the values of a field; constraints on elements of lists and maps say so.
pub(super) fn constraint_sentences(plan: &Plan<'_>, field: &Field<'_>) -> Vec<String> {
    // A blob in JSON, in a header or in the query is sent as base64, and its limits are those of its bytes.
    let blob = match field.model.binding {
        Binding::Payload => "",
        _ => ", before base64",
    };
    let mut texts = Vec::new();
    collect(
        plan,
        "",
        &field.ty,
        &Counted::of(plan, field, blob),
        &mut texts,
    );
    texts
}

/// The same, with the limits of the members of what the field consists of.
pub(super) fn all_limits(plan: &Plan<'_>, field: &Field<'_>) -> Vec<String> {
    let mut limits = constraint_sentences(plan, field);
    let of_each = match field.ty.kind {
        TypeKind::List { .. } | TypeKind::Map { .. } => " of each",
        _ => "",
    };
    for id in field.ty.model.named() {
        for part in plan.type_definition(id).fields() {
            let texts = constraint_sentences(plan, part);
            if !texts.is_empty() {
                let texts = texts.join(", ");
                limits.push(format!("{}{of_each}: {texts}", code(&part.model.name)));
            }
        }
    }
    limits
}

/// What the values of a field count, and how its bytes are sent.
struct Counted<'t> {
    /// The elements of a collection, or the unit of a number.
    noun: Option<Noun>,
    blob: &'t str,
}

impl<'t> Counted<'t> {
    /// The noun of the words of the service, or else that in the name of the member.
    fn of(plan: &Plan<'_>, field: &Field<'_>, blob: &'t str) -> Self {
        let name = &field.model.name;
        let given = unit(plan, field).map(Noun::of);
        let noun = given.or_else(|| match field.ty.kind {
            TypeKind::List { .. } | TypeKind::Map { .. } => Noun::of_collection(name),
            _ => Noun::of_number(name),
        });
        Self { noun, blob }
    }

    fn noun(&self, general: &str) -> Noun {
        self.noun.clone().unwrap_or_else(|| Noun::of(general))
    }

    /// What is inside of a collection counts nothing that has a name.
    fn inside(&self) -> Self {
        Self {
            noun: None,
            blob: self.blob,
        }
    }
}

/// The noun that the words of the service have for a member.
fn unit<'m>(plan: &Plan<'m>, field: &Field<'_>) -> Option<&'m str> {
    let id = &field.model.id;
    let shape = plan.words()?.shapes.get(id.name())?;
    shape.units.get(id.member()?).map(String::as_str)
}

fn collect(
    plan: &Plan<'_>,
    subject: &str,
    ty: &Type<'_>,
    counted: &Counted<'_>,
    texts: &mut Vec<String>,
) {
    let of_model = of_model(plan, ty, counted).into_iter();
    let of_overlay = of_overlay(&ty.model.constraints).into_iter();
    texts.extend(
        of_model
            .chain(of_overlay)
            .map(|text| format!("{subject}{text}")),
    );
    match &ty.kind {
        TypeKind::List { element, .. } => {
            let each = format!("each {}: ", text(&counted.noun("element").singular));
            collect(plan, &each, element, &counted.inside(), texts);
        }
        TypeKind::Map { key, value, .. } => {
            collect(plan, "each key: ", key, &counted.inside(), texts);
            collect(plan, "each value: ", value, &counted.inside(), texts);
        }
        _ => {}
    }
}

/// What the model itself says.
fn of_model(plan: &Plan<'_>, ty: &Type<'_>, counted: &Counted<'_>) -> Vec<String> {
    let constraints = &ty.model.constraints;
    let length = constraints.length.as_ref().map(|length| {
        let count = |noun: Noun| count(length.min, length.max, &noun);
        match ty.kind {
            TypeKind::List { .. } => count(counted.noun("element")),
            TypeKind::Map { .. } => count(counted.noun("entry")),
            TypeKind::Blob { .. } | TypeKind::StreamingBlob { .. } => {
                let min = length.min.filter(|min| *min > 0 || length.max.is_none());
                bounds(min.map(size), length.max.map(size)) + counted.blob
            }
            _ => count(Noun::of("character")),
        }
    });
    let range = constraints.range.as_ref().map(|range| {
        let text = |bound: &Option<serde_json::Number>| bound.as_ref().map(ToString::to_string);
        let bounds = bounds(text(&range.min), text(&range.max));
        if let Some(bounds) = counted.noun.as_ref().and_then(|noun| bytes(noun, range)) {
            return bounds;
        }
        match &counted.noun {
            Some(noun) if bounds.ends_with(" 1") => {
                format!("{bounds} {}", self::text(&noun.singular))
            }
            Some(noun) => format!("{bounds} {}", self::text(&noun.plural)),
            None => bounds,
        }
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
        .then(|| format!("no {} twice", text(&counted.noun("element").singular)));
    [length, range, pattern, unique]
        .into_iter()
        .flatten()
        .collect()
}

/// The bounds of a number of bytes.
fn bytes(noun: &Noun, range: &Range) -> Option<String> {
    let number =
        |bound: &Option<serde_json::Number>| bound.as_ref().map(serde_json::Number::as_u64);
    let (min, max) = (number(&range.min), number(&range.max));
    if noun.singular != "byte" || min == Some(None) || max == Some(None) {
        return None;
    }
    Some(bounds(min.flatten().map(size), max.flatten().map(size)))
}

/// The bounds of a number of things.
fn count(min: Option<u64>, max: Option<u64>, noun: &Noun) -> String {
    let of = |number: u64| text(noun.counted(number));
    match (min, max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min} {}", of(max)),
        (Some(0) | None, Some(max)) => format!("at most {max} {}", of(max)),
        (Some(min), Some(max)) => format!("{min} to {max} {}", of(max)),
        (Some(min), None) => format!("at least {min} {}", of(min)),
        (None, None) => format!("any number of {}", text(&noun.plural)),
    }
}

/// A number of bytes, also as a multiple of a larger unit where it is one.
fn size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let mut units = units.into_iter();
    let unit = units.find(|(size, _)| bytes >= *size && bytes.is_multiple_of(*size));
    match (bytes, unit) {
        (1, _) => "1 byte".to_owned(),
        (bytes, None) => format!("{} bytes", grouped(bytes)),
        (bytes, Some((size, unit))) => {
            format!("{} {unit} ({} bytes)", bytes / size, grouped(bytes))
        }
    }
}

/// A number with commas between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
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

/// Two bounds.
fn bounds(min: Option<String>, max: Option<String>) -> String {
    match (min, max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min}"),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any number".to_owned(),
    }
}
