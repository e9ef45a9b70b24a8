//! Where two models of one service disagree.
//!
//! Three ways of saying the same are not differences: errors may stand on the service or on each operation,
//! operations under resources or on the service, and a constraint on a member or on a shape that was made for that
//! member alone. A pattern agrees with what C2J is known to make of it.

use std::collections::{BTreeMap, BTreeSet};

use attache_codegen::ast::{Member, Model, Operation, Shape, ShapeId, ShapeKind};
use serde_json::Value;

/// All differences on the shapes that both models have, as `place: what`, in the order of the places.
pub(crate) fn differences(smithy: &Model, botocore: &Model) -> Vec<String> {
    let mut found = Vec::new();
    for (id, left) in &smithy.shapes {
        if let Some(right) = botocore.shapes.get(id) {
            compare_shape(id, (smithy, left), (botocore, right), &mut found);
        }
    }
    found
}

type In<'a, T> = (&'a Model, &'a T);

fn compare_shape(id: &ShapeId, left: In<Shape>, right: In<Shape>, found: &mut Vec<String>) {
    let place = id.name();
    compare_traits(place, &traits(left.1), &traits(right.1), found);
    if left.1.type_name() != right.1.type_name() {
        found.push(format!(
            "{place}: {} in Smithy, {} in botocore",
            left.1.type_name(),
            right.1.type_name()
        ));
        return;
    }
    match (&left.1.kind, &right.1.kind) {
        (ShapeKind::Operation(a), ShapeKind::Operation(b)) => {
            compare_operation(place, (left.0, a), (right.0, b), found);
        }
        (ShapeKind::Service(a), ShapeKind::Service(b)) => {
            if a.version != b.version {
                found.push(format!("{place}: version {} and {}", a.version, b.version));
            }
            compare_names(
                place,
                "operation",
                operations(left.0),
                operations(right.0),
                found,
            );
        }
        (ShapeKind::Enum(_), ShapeKind::Enum(_)) => {
            let (a, b) = (values(left.1), values(right.1));
            compare_names(place, "value", a.keys().cloned(), b.keys().cloned(), found);
            for (value, name) in &a {
                if b.get(value).is_some_and(|other| other != name) {
                    found.push(format!("{place}: the value {value:?} has another name"));
                }
            }
        }
        _ => compare_members(place, left, right, found),
    }
}

fn compare_operation(
    place: &str,
    left: In<Operation>,
    right: In<Operation>,
    found: &mut Vec<String>,
) {
    for (what, a, b) in [
        ("input", &left.1.input, &right.1.input),
        ("output", &left.1.output, &right.1.output),
    ] {
        if a != b {
            found.push(format!("{place}: another {what}"));
        }
    }
    compare_names(place, "error", errors(left), errors(right), found);
}

/// The errors of an operation, those of its service included.
fn errors((model, operation): In<Operation>) -> BTreeSet<String> {
    let (.., service) = model.service().expect("the model has one service");
    let all = service.errors.iter().chain(&operation.errors);
    all.map(|error| error.target.name().to_owned()).collect()
}

/// The operations of a model, wherever they hang.
fn operations(model: &Model) -> BTreeSet<String> {
    let is_operation = |shape: &Shape| matches!(shape.kind, ShapeKind::Operation(_));
    let all = model.shapes.iter().filter(|(_, shape)| is_operation(shape));
    all.map(|(id, _)| id.name().to_owned()).collect()
}

/// The values of an enum, and their names.
fn values(shape: &Shape) -> BTreeMap<String, String> {
    let value = |name: &str, member: &Member| {
        let value = member.traits.get("smithy.api#enumValue");
        value.and_then(Value::as_str).unwrap_or(name).to_owned()
    };
    let members = shape.members();
    members
        .into_iter()
        .map(|(name, member)| (value(name, member), name.to_owned()))
        .collect()
}

fn compare_members(place: &str, left: In<Shape>, right: In<Shape>, found: &mut Vec<String>) {
    let left_members: BTreeMap<_, _> = left.1.members().into_iter().collect();
    let right_members: BTreeMap<_, _> = right.1.members().into_iter().collect();
    compare_names(
        place,
        "member",
        left_members.keys(),
        right_members.keys(),
        found,
    );
    for (name, a) in left_members {
        if let Some(b) = right_members.get(name) {
            compare_member(&format!("{place}${name}"), (left.0, a), (right.0, b), found);
        }
    }
}

fn compare_member(place: &str, left: In<Member>, right: In<Member>, found: &mut Vec<String>) {
    if left.1.target == right.1.target {
        let own = |member: &Member| member.traits.iter().map(owned).collect();
        compare_traits(place, &own(left.1), &own(right.1), found);
        return;
    }
    let (a, b) = (resolved(left), resolved(right));
    if a.kind != b.kind {
        found.push(format!("{place}: targets {} and {}", a.kind, b.kind));
        return;
    }
    compare_traits(place, &a.traits, &b.traits, found);
}

/// What a member is when its target is looked through.
struct Resolved {
    kind: String,
    traits: BTreeMap<String, Value>,
}

/// A member that targets a simple shape or a list is known by the type and the traits of both together; any other
/// target is known by its name.
fn resolved((model, member): In<Member>) -> Resolved {
    let mut traits: BTreeMap<String, Value> = member.traits.iter().map(owned).collect();
    let name = member.target.name();
    let kind = match model
        .shapes
        .get(&member.target)
        .map(|shape| (&shape.kind, shape))
    {
        // A shape of Smithy's prelude, which no model holds.
        None => name.to_lowercase(),
        Some((ShapeKind::Simple(simple), shape)) => {
            merge(&mut traits, shape);
            simple.name().to_owned()
        }
        Some((ShapeKind::List(list), shape)) => {
            merge(&mut traits, shape);
            format!("list of {}", list.member.target.name())
        }
        Some(_) => name.to_owned(),
    };
    Resolved { kind, traits }
}

/// Adds the traits of the target; those of the member go before them.
fn merge(traits: &mut BTreeMap<String, Value>, target: &Shape) {
    for (id, value) in target.traits.iter() {
        traits.entry(id.to_owned()).or_insert_with(|| value.clone());
    }
}

fn traits(shape: &Shape) -> BTreeMap<String, Value> {
    shape.traits.iter().map(owned).collect()
}

fn owned((id, value): (&str, &Value)) -> (String, Value) {
    (id.to_owned(), value.clone())
}

fn compare_traits(
    place: &str,
    left: &BTreeMap<String, Value>,
    right: &BTreeMap<String, Value>,
    found: &mut Vec<String>,
) {
    compare_names(place, "trait", left.keys(), right.keys(), found);
    for (id, a) in left {
        let Some(b) = right.get(id).filter(|b| *b != a) else {
            continue;
        };
        match (id.as_str(), a.as_str(), b.as_str()) {
            ("smithy.api#pattern", Some(a), Some(b)) => compare_patterns(place, a, b, found),
            _ => found.push(format!(
                "{place}: trait {id} differs: {} and {}",
                short(a),
                short(b)
            )),
        }
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    text.chars().take(80).collect()
}

/// C2J takes the anchors of a Smithy pattern off, and writes `.*` where there was none; the importer then anchors the
/// whole. That is the same, unless an alternative stood outside of any group.
fn compare_patterns(place: &str, smithy: &str, botocore: &str, found: &mut Vec<String>) {
    let (prefix, rest) = smithy
        .strip_prefix('^')
        .map_or((".*", smithy), |rest| ("", rest));
    let (rest, suffix) = rest
        .strip_suffix('$')
        .map_or((rest, ".*"), |rest| (rest, ""));
    if botocore != format!("^(?:{prefix}{rest}{suffix})$") {
        found.push(format!("{place}: another pattern"));
    } else if has_open_alternative(rest) {
        found.push(format!(
            "{place}: an alternative escapes the anchors in Smithy"
        ));
    }
}

fn has_open_alternative(pattern: &str) -> bool {
    let (mut depth, mut class, mut escaped) = (0_i32, false, false);
    for c in pattern.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' => class = false,
            _ if class => {}
            '[' => class = true,
            '(' => depth += 1,
            ')' => depth -= 1,
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

fn compare_names<T: AsRef<str>>(
    place: &str,
    what: &str,
    left: impl IntoIterator<Item = T>,
    right: impl IntoIterator<Item = T>,
    found: &mut Vec<String>,
) {
    let set = |names: Vec<T>| -> BTreeSet<String> {
        names.iter().map(|name| name.as_ref().to_owned()).collect()
    };
    let left = set(left.into_iter().collect());
    let right = set(right.into_iter().collect());
    for name in left.difference(&right) {
        found.push(format!("{place}: {what} {name} only in Smithy"));
    }
    for name in right.difference(&left) {
        found.push(format!("{place}: {what} {name} only in botocore"));
    }
}
