//! One constraint broken at a time, from each side, and met exactly; then several broken at once.
//!
//! The places come from the model: every constraint that a request can reach, with each of its sides (below and above,
//! where it has both). A table counts how often each was broken and how often a value just within the limit passed. A
//! row that was never broken fails the test, and so does one whose limit itself was never met.

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
    /// Which of the limits of the constraint: `below`, `above`, or nothing where there is one only.
    side: &'static str,
    /// What is done to the value.
    change: Change,
    /// What makes the value meet the limit exactly.
    meet: Change,
}

#[derive(Clone, Debug)]
enum Change {
    Keep,
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
    let mut push = |path: &[String], kind, change, meet| {
        found.push(Breakage {
            path: path.to_vec(),
            kind,
            side: "",
            change,
            meet,
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
        let names: Vec<String> = names.collect();
        // All but the last one.
        let meet = Change::Remove(names[..names.len() - 1].to_vec());
        push(path, "AtLeastOneOf", Change::Remove(names), meet);
    }
    for rule in traits["attache#ordered"].as_array().into_iter().flatten() {
        let name = |key: &str| rule[key].as_str().expect("a name").to_owned();
        let least = i64::from(rule["mayBeEqual"] != true);
        let swap = |distance| Change::Swap(name("first"), name("second"), distance);
        push(path, "Ordered", swap(least - 1), swap(least));
        if let Some(span) = rule["span"].as_i64() {
            push(path, "Span", swap(span + 1), swap(span));
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
                    side: "",
                    change: Change::Remove(vec![name.clone()]),
                    meet: Change::Keep,
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
    let mut push = |kind, side, change, meet| {
        found.push(Breakage {
            path: path.clone(),
            kind,
            side,
            change,
            meet,
        });
    };
    if let Some(length) = get("smithy.api#length") {
        if let Some(min) = length["min"].as_u64().filter(|min| *min > 0) {
            push(
                "Length",
                "below",
                Change::Resize(min - 1),
                Change::Resize(min),
            );
        }
        if let Some(max) = length["max"].as_u64() {
            push(
                "Length",
                "above",
                Change::Resize(max + 1),
                Change::Resize(max),
            );
        }
    }
    if let Some(range) = get("smithy.api#range") {
        if let Some(min) = range["min"].as_i64() {
            push(
                "Range",
                "below",
                Change::Replace(vec![json!(min - 1)]),
                Change::Replace(vec![json!(min)]),
            );
        }
        if let Some(max) = range["max"].as_i64() {
            push(
                "Range",
                "above",
                Change::Replace(vec![json!(max + 1)]),
                Change::Replace(vec![json!(max)]),
            );
        }
    }
    let wrong = ["", "~", "👍", "\n", "é…", "###########################"].map(Value::from);
    if get("smithy.api#pattern").is_some() {
        push("Pattern", "", Change::Replace(wrong.to_vec()), Change::Keep);
    }
    if get("attache#recommendedPattern").is_some() {
        push(
            "RecommendedPattern",
            "",
            Change::Replace(wrong.to_vec()),
            Change::Keep,
        );
    }
    if get("smithy.api#uniqueItems").is_some() {
        push("UniqueItems", "", Change::Twin, Change::Keep);
    }
    if get("attache#uniqueMember").is_some() {
        push("UniqueMember", "", Change::Twin, Change::Keep);
    }
    if let Some(expected) = get("attache#mustEqual") {
        let other = json!(expected["value"] != true);
        push("MustEqual", "", Change::Replace(vec![other]), Change::Keep);
    }
    if get("attache#dayAligned").is_some() {
        let replace = |text: &str| Change::Replace(vec![json!(text)]);
        let meet = || replace("2024-02-29T00:00:00Z");
        push(
            "DayAligned",
            "above",
            replace("2024-02-29T00:00:01Z"),
            meet(),
        );
        push(
            "DayAligned",
            "below",
            replace("2024-02-28T23:59:59Z"),
            meet(),
        );
    }
    if get("attache#allowedValues").is_some() {
        push(
            "AllowedValues",
            "",
            Change::Replace(wrong.to_vec()),
            Change::Keep,
        );
    }
    if shape["type"] == "enum" {
        push("Enum", "", Change::Replace(wrong.to_vec()), Change::Keep);
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
    changed(request, breakage, &breakage.change)
}

/// Changes the value at the place of a breakage, in each way that there is.
fn changed(request: &Value, breakage: &Breakage, change: &Change) -> Vec<Value> {
    let replacements = match change {
        Change::Replace(values) => values.len(),
        _ => 1,
    };
    (0..replacements)
        .filter_map(|choice| {
            let mut broken = request.clone();
            apply(&mut broken, &breakage.path, change, choice)?;
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
        Change::Keep => {}
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
            // Days instead of units.
            None => {
                let day = 15 + distance;
                value[first] = json!("2024-02-15T00:00:00Z");
                value[second] = json!(format!("2024-02-{day:02}T00:00:00Z"));
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

/// A row of the table: what came of one limit.
#[derive(Debug, Default)]
struct Row {
    broken: usize,
    met: usize,
    /// Breaking it takes a value that no type can hold: a required member of a nested structure is a plain field.
    inexpressible: usize,
}

impl Row {
    fn count(
        &mut self,
        model: &Model,
        (operation, input): &(String, String),
        breakage: &Breakage,
        request: &Value,
    ) {
        let judge = |request: &Value| {
            let verdicts = agree(model, operation, input, request)
                .unwrap_or_else(|error| panic!("{operation}: {breakage:?}: {error}"));
            let violation = (pointer(request, breakage), breakage.kind.to_owned());
            verdicts[3].contains(&violation)
        };
        for met in changed(request, breakage, &breakage.meet) {
            assert!(
                !judge(&met),
                "{operation}: a value at the limit is refused: {breakage:?}"
            );
            self.met += 1;
        }
        if breakage.kind == "Required" && !breakage.path.is_empty() {
            self.inexpressible += 1;
            return;
        }
        for broken in break_one(request, breakage) {
            self.broken += usize::from(judge(&broken));
        }
    }
}

#[test]
fn every_constraint_is_broken_from_each_side_and_met_exactly() {
    let mut table: BTreeMap<String, Row> = BTreeMap::new();
    for service in SERVICES {
        let model = Model::read(service);
        for operation in model.operations() {
            let requests = full_requests(&model, &operation.1, 3);
            for breakage in breakages(&model, &operation.1) {
                let Breakage {
                    path, kind, side, ..
                } = &breakage;
                let members = match (&breakage.change, *kind) {
                    (Change::Remove(names), _) => names.join(" "),
                    (Change::Swap(first, second, _), _) => format!("{first} {second}"),
                    _ => String::new(),
                };
                let name = format!(
                    "{service} {} /{} {members} {kind} {side}",
                    operation.0,
                    path.join("/")
                );
                let row = table.entry(name).or_default();
                for request in &requests {
                    row.count(&model, &operation, &breakage, request);
                }
            }
        }
    }
    let lacking: Vec<(&String, &Row)> = table
        .iter()
        .filter(|(_, row)| row.met == 0 || row.broken + row.inexpressible == 0)
        .collect();
    assert!(
        lacking.is_empty(),
        "never broken, or never met: {lacking:#?}"
    );
    let sum = |count: fn(&Row) -> usize| table.values().map(count).sum::<usize>();
    println!(
        "{} limits: broken {} times, met {} times, {} times broken in a way that no type can hold",
        table.len(),
        sum(|row| row.broken),
        sum(|row| row.met),
        sum(|row| row.inexpressible),
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
