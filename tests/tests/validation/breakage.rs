//! One constraint broken at a time, from each side, and counted; then several at once.
//!
//! The places come from the model: every constraint that a request can reach. A place that was never broken fails the
//! test, and so does one whose limit itself is refused.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::model::Model;
use crate::strategy::{self, Mode};
use crate::{SERVICES, agree};

/// A way to break one constraint.
#[derive(Clone, Debug)]
struct Breakage {
    /// The members, with `0` for the first element of a list and `*` for the first value of a map.
    path: Vec<String>,
    /// The kind of violation to expect.
    kind: &'static str,
    /// What is done to the value.
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    Remove(Vec<String>),
    Resize(u64),
    Replace(Vec<Value>),
    Twin,
    Swap(String, String, i64),
}

/// Everything that can be broken in the requests of an operation.
fn breakages(model: &Model, input: &str) -> Vec<Breakage> {
    let mut found = Vec::new();
    structure(model, input, &mut Vec::new(), &mut found);
    found
}

fn structure(model: &Model, id: &str, path: &mut Vec<String>, found: &mut Vec<Breakage>) {
    assert!(path.len() < 12, "the models hold no recursive requests yet");
    let mut push = |path: &[String], kind, change| {
        found.push(Breakage {
            path: path.to_vec(),
            kind,
            change,
        });
    };
    let traits = model.shape(id)["traits"].clone();
    for rule in traits["attache#atLeastOneOf"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let names = rule["members"].as_array().expect("members");
        let names = names
            .iter()
            .map(|name| name.as_str().expect("a name").to_owned());
        push(path, "AtLeastOneOf", Change::Remove(names.collect()));
    }
    for rule in traits["attache#ordered"].as_array().into_iter().flatten() {
        let name = |key: &str| rule[key].as_str().expect("a name").to_owned();
        push(
            path,
            "Ordered",
            Change::Swap(name("first"), name("second"), -1),
        );
        if let Some(span) = rule["span"].as_i64() {
            push(
                path,
                "Span",
                Change::Swap(name("first"), name("second"), span + 1),
            );
        }
    }
    for (name, member) in model.members(id) {
        for (id, kind) in [
            ("smithy.api#required", "Required"),
            ("smithy.api#recommended", "Recommended"),
        ] {
            if member["traits"].get(id).is_some() {
                found.push(Breakage {
                    path: path.clone(),
                    kind,
                    change: Change::Remove(vec![name.clone()]),
                });
            }
        }
        path.push(name.clone());
        value(model, member, path, found);
        path.pop();
    }
}

fn value(model: &Model, member: &Value, path: &mut Vec<String>, found: &mut Vec<Breakage>) {
    let target = member["target"].as_str().expect("a target");
    let shape = model.shape(target);
    let get = |id: &str| model.trait_of(member, id);
    let mut push = |kind, change| {
        found.push(Breakage {
            path: path.clone(),
            kind,
            change,
        });
    };
    if let Some(length) = get("smithy.api#length") {
        if let Some(min) = length["min"].as_u64().filter(|min| *min > 0) {
            push("Length", Change::Resize(min - 1));
        }
        if let Some(max) = length["max"].as_u64() {
            push("Length", Change::Resize(max + 1));
        }
    }
    if let Some(range) = get("smithy.api#range") {
        if let Some(min) = range["min"].as_i64() {
            push("Range", Change::Replace(vec![json!(min - 1)]));
        }
        if let Some(max) = range["max"].as_i64() {
            push("Range", Change::Replace(vec![json!(max + 1)]));
        }
    }
    let wrong = ["", "~", "👍", "\n", "é…", "###########################"].map(Value::from);
    if get("smithy.api#pattern").is_some() {
        push("Pattern", Change::Replace(wrong.to_vec()));
    }
    if get("attache#recommendedPattern").is_some() {
        push("RecommendedPattern", Change::Replace(wrong.to_vec()));
    }
    if get("smithy.api#uniqueItems").is_some() {
        push("UniqueItems", Change::Twin);
    }
    if get("attache#uniqueMember").is_some() {
        push("UniqueMember", Change::Twin);
    }
    if let Some(expected) = get("attache#mustEqual") {
        let other = json!(expected["value"] != true);
        push("MustEqual", Change::Replace(vec![other]));
    }
    if get("attache#dayAligned").is_some() {
        push(
            "DayAligned",
            Change::Replace(vec![json!("2024-02-29T00:00:01Z")]),
        );
        push(
            "DayAligned",
            Change::Replace(vec![json!("2024-02-29T23:59:59Z")]),
        );
    }
    if get("attache#allowedValues").is_some() {
        push("AllowedValues", Change::Replace(wrong.to_vec()));
    }
    if shape["type"] == "enum" {
        push("Enum", Change::Replace(wrong.to_vec()));
    }
    match shape["type"].as_str().expect("a type") {
        "structure" => structure(model, target, path, found),
        "list" => {
            path.push("0".to_owned());
            value(model, &shape["member"], path, found);
            path.pop();
        }
        "map" => {
            // Keys are at the path of their map; the mark says so to `place`.
            path.push("@".to_owned());
            value(model, &shape["key"], path, found);
            path.pop();
            path.push("*".to_owned());
            value(model, &shape["value"], path, found);
            path.pop();
        }
        _ => {}
    }
}

/// Breaks a request; `None` where it lacks the place.
fn break_one(request: &Value, breakage: &Breakage) -> Vec<Value> {
    let replacements = match &breakage.change {
        Change::Replace(values) => values.len(),
        _ => 1,
    };
    (0..replacements)
        .filter_map(|choice| {
            let mut broken = request.clone();
            apply(&mut broken, &breakage.path, &breakage.change, choice)?;
            Some(broken)
        })
        .collect()
}

fn apply(value: &mut Value, path: &[String], change: &Change, choice: usize) -> Option<()> {
    match path {
        [] => change_value(value, change, choice),
        [index, rest @ ..] if index == "0" && value.is_array() => {
            apply(value.get_mut(0)?, rest, change, choice)
        }
        [mark] if mark == "@" => {
            let members = value.as_object_mut()?;
            let (key, element) = members.iter().next()?;
            let (mut key, element) = (Value::from(key.as_str()), element.clone());
            members.remove(key.as_str()?);
            change_value(&mut key, change, choice)?;
            members.insert(key.as_str()?.to_owned(), element);
            Some(())
        }
        [mark, rest @ ..] if mark == "*" => {
            let element = value.as_object_mut()?.values_mut().next()?;
            apply(element, rest, change, choice)
        }
        [name, rest @ ..] => apply(value.get_mut(name)?, rest, change, choice),
    }
}

fn change_value(value: &mut Value, change: &Change, choice: usize) -> Option<()> {
    match change {
        Change::Remove(names) => {
            for name in names {
                value.as_object_mut()?.remove(name);
            }
        }
        Change::Replace(values) => *value = values[choice].clone(),
        Change::Twin => {
            let elements = value.as_array_mut()?;
            elements.push(elements.first()?.clone());
        }
        Change::Swap(first, second, distance) => match value[first].as_i64() {
            Some(start) => value[second] = json!(start + distance),
            None => {
                value[first] = json!("2024-03-01T00:00:00Z");
                value[second] = json!("2024-02-29T00:00:00Z");
            }
        },
        Change::Resize(length) => resize(value, *length as usize)?,
    }
    Some(())
}

fn resize(value: &mut Value, length: usize) -> Option<()> {
    match value {
        Value::Array(elements) => {
            let filler = elements.first()?.clone();
            elements.resize(length, filler);
        }
        Value::Object(members) => {
            let element = members.values().next()?.clone();
            members.clear();
            for index in 0..length {
                members.insert(format!("key{index}"), element.clone());
            }
        }
        Value::String(text) if length > 1_000_000 => {
            // Only blobs are as long as that.
            *text = base64_simd::STANDARD.encode_to_string(vec![7; length]);
        }
        Value::String(text) => {
            let filler = text.chars().last().unwrap_or('a');
            *text = text
                .chars()
                .chain(std::iter::repeat(filler))
                .take(length)
                .collect();
        }
        _ => return None,
    }
    Some(())
}

/// The path as a JSON Pointer of this request.
fn pointer(request: &Value, breakage: &Breakage) -> String {
    let mut pointer = String::new();
    let mut place = request;
    for segment in &breakage.path {
        match segment.as_str() {
            "@" => return pointer,
            "*" => {
                let Some((key, value)) = place.as_object().and_then(|map| map.iter().next()) else {
                    return pointer;
                };
                let shown: String = key.chars().take(64).collect();
                pointer += &format!("/{}", shown.replace('~', "~0").replace('/', "~1"));
                place = value;
            }
            name => {
                pointer += &format!("/{name}");
                place = match place {
                    Value::Array(elements) => elements.first().unwrap_or(&Value::Null),
                    other => &other[name],
                };
            }
        }
    }
    match (&breakage.change, breakage.kind) {
        (Change::Remove(names), "Required" | "Recommended") => pointer + "/" + &names[0],
        (Change::Swap(_, second, _), _) => pointer + "/" + second,
        _ => pointer,
    }
}

fn full_requests(model: &Model, input: &str, count: usize) -> Vec<Value> {
    let requests = strategy::requests(model, input, Mode::Full);
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    (0..count)
        .map(|_| requests.new_tree(&mut runner).expect("a request").current())
        .collect()
}

#[test]
fn every_constraint_is_broken_from_each_side() {
    let mut table: BTreeMap<String, usize> = BTreeMap::new();
    let mut inexpressible = 0;
    for service in SERVICES {
        let model = Model::read(service);
        for (operation, input) in model.operations() {
            let requests = full_requests(&model, &input, 3);
            for breakage in breakages(&model, &input) {
                let mut count = 0;
                for request in &requests {
                    for broken in break_one(request, &breakage) {
                        // A required member of a nested structure is a plain field.
                        if breakage.kind == "Required" && !breakage.path.is_empty() {
                            inexpressible += 1;
                            count += 1;
                            continue;
                        }
                        let verdict = agree(&model, &operation, &input, &broken)
                            .unwrap_or_else(|error| panic!("{operation}: {breakage:?}: {error}"));
                        let place = pointer(&broken, &breakage);
                        if verdict[3].contains(&(place, breakage.kind.to_owned())) {
                            count += 1;
                        }
                    }
                }
                let name = format!("{service} {operation} {breakage:?}");
                *table.entry(name).or_default() += count;
            }
        }
    }
    let never: Vec<&String> = table
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(name, _)| name)
        .collect();
    assert!(never.is_empty(), "never broken: {never:#?}");
    println!(
        "{} ways to break a constraint, {} requests refused, {inexpressible} that no type can hold",
        table.len(),
        table.values().sum::<usize>()
    );
}

#[test]
fn several_constraints_broken_at_once_are_all_found() {
    crate::for_each_operation("several", |model, operation, input, tally| {
        let all = breakages(model, input);
        if all.is_empty() {
            return Ok(());
        }
        let strategy = (
            strategy::requests(model, input, Mode::Full),
            proptest::sample::subsequence(all.clone(), 1..=all.len().min(6)),
            any::<proptest::sample::Index>(),
        );
        crate::runner().run(&strategy, |(mut request, chosen, index)| {
            for breakage in &chosen {
                let broken = break_one(&request, breakage);
                // Blobs at their limit are megabytes long; once is enough.
                let long = matches!(breakage.change, Change::Resize(length) if length > 1_000_000);
                if !broken.is_empty() && !long {
                    request = broken[index.index(broken.len())].clone();
                }
            }
            tally.count(&agree(model, operation, input, &request)?);
            Ok(())
        })
    });
}
