//! The normal form of a model: a Smithy 2.0 JSON AST with sorted keys, two spaces, and no prose.
//!
//! One form for every source makes the diff of a model file readable, and lets models be compared byte by byte. It
//! omits everything that no client and no test reads: documentation, examples, smoke tests, and metadata for tools.
//! Equivalent forms are written in one way.

mod prose;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::enum_names;
use super::prose::{Prose, add, place};
use crate::ast::mixins;
use crate::ast::{UNIT, trait_id};
use crate::error::{Context, Error, Result};
use crate::version::is_same;

/// Metadata of the model for tools that check models.
const TOOL_METADATA: [&str; 3] = ["severityOverrides", "suppressions", "validators"];

/// Keys of services, resources and operations that hold unordered lists of references.
const REFERENCE_LISTS: [&str; 4] = ["collectionOperations", "errors", "operations", "resources"];

/// Brings a Smithy 2.0 JSON AST into the normal form, which has neither mixins nor `apply` statements.
///
/// # Errors
/// Another JSON value than a Smithy 2.0 AST, mixins or statements that [`mixins::resolve`] refuses, or an old `@enum`
/// trait that lists a value twice.
pub fn normalise(value: Value) -> Result<Value> {
    Ok(separate(value)?.0)
}

/// Brings a Smithy 2.0 JSON AST into the normal form, and returns its documentation beside it.
///
/// # Errors
/// As [`normalise`].
pub fn separate(mut value: Value) -> Result<(Value, Prose)> {
    let mut texts = Prose::new();
    mixins::resolve(&mut value)?;
    let Value::Object(mut root) = value else {
        return Err(Error::new(
            "a Smithy JSON AST is an object with the keys `smithy` and `shapes`",
        ));
    };
    match root.get("smithy").and_then(Value::as_str) {
        Some(version) if is_same(version, "2.0") => {}
        Some(version) => {
            return Err(Error::new(format!(
                "this is a Smithy {version} JSON AST: its numbers have other defaults than those of Smithy 2.0; convert \
                 it with the Smithy command line first"
            )));
        }
        None => {
            return Err(Error::new(
                "the key `smithy` is missing: this is not a Smithy JSON AST",
            ));
        }
    }
    root.insert("smithy".to_owned(), json!("2.0"));
    if let Some(Value::Object(metadata)) = root.get_mut("metadata") {
        metadata.retain(|key, _| !TOOL_METADATA.contains(&key.as_str()));
        if metadata.is_empty() {
            root.remove("metadata");
        }
    }
    if let Some(Value::Object(shapes)) = root.get_mut("shapes") {
        for (id, shape) in shapes.iter_mut() {
            if let Value::Object(shape) = shape {
                normalise_shape(shape, place(id), &mut texts).at(id)?;
            }
        }
    }
    Ok((sorted(Value::Object(root)), texts))
}

/// Writes a value as the normal form does: two spaces, a newline at the end.
///
/// # Errors
/// None that a JSON value can cause; the signature follows the writer's.
pub fn write(value: &Value) -> Result<String> {
    let mut text =
        serde_json::to_string_pretty(value).map_err(|error| Error::new(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// Sorts the keys of every object. Any crate of the build can enable the feature `preserve_order` of `serde_json`, so
/// the order of keys is set here.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<(String, Value)> = object.into_iter().collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            entries
                .into_iter()
                .map(|(key, value)| (key, sorted(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

fn normalise_shape(shape: &mut Map<String, Value>, name: &str, texts: &mut Prose) -> Result<()> {
    let text = normalise_traits(shape);
    add(texts, name.to_owned(), text.as_ref());
    match shape
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "set" => {
            shape.insert("type".to_owned(), json!("list"));
            traits_mut(shape).insert(trait_id::UNIQUE_ITEMS.to_owned(), json!({}));
        }
        "string" => enum_shape(shape)?,
        "structure" | "union" => {
            shape.entry("members").or_insert_with(|| json!({}));
        }
        "operation" => {
            for key in ["input", "output"] {
                let unit = json!({"target": UNIT});
                if shape.get(key) == Some(&unit) {
                    shape.remove(key);
                }
            }
        }
        _ => {}
    }
    for key in REFERENCE_LISTS {
        if let Some(Value::Array(references)) = shape.get_mut(key) {
            references.sort_by_key(|reference| reference["target"].as_str().map(str::to_owned));
            // Duplicates are removed, because they have no meaning and would show as differences.
            references.dedup();
        }
    }
    for key in REFERENCE_LISTS
        .into_iter()
        .chain(["identifiers", "properties", "rename"])
    {
        if shape.get(key).is_some_and(is_empty) {
            shape.remove(key);
        }
    }
    normalise_members(shape, name, texts);
    Ok(())
}

fn normalise_members(shape: &mut Map<String, Value>, name: &str, texts: &mut Prose) {
    for key in ["member", "key", "value"] {
        if let Some(Value::Object(member)) = shape.get_mut(key) {
            normalise_traits(member);
        }
    }
    if let Some(Value::Object(members)) = shape.get_mut("members") {
        for (member_name, member) in members.iter_mut() {
            if let Value::Object(member) = member {
                let text = normalise_traits(member);
                add(texts, format!("{name}${member_name}"), text.as_ref());
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn traits_mut(shape: &mut Map<String, Value>) -> &mut Map<String, Value> {
    let traits = shape.entry("traits").or_insert_with(|| json!({}));
    if !traits.is_object() {
        *traits = json!({});
    }
    match traits {
        Value::Object(traits) => traits,
        _ => unreachable!("the value was just made an object"),
    }
}

/// Removes prose and writes out the defaults of a trait's value; returns the documentation.
fn normalise_traits(shape: &mut Map<String, Value>) -> Option<Value> {
    let Some(Value::Object(traits)) = shape.get_mut("traits") else {
        return None;
    };
    let documentation = prose::strip(traits);
    if let Some(Value::Object(http)) = traits.get_mut(trait_id::HTTP) {
        http.entry("code").or_insert_with(|| json!(200));
    }
    for id in [trait_id::ENDPOINT_RULE_SET, trait_id::ENDPOINT_BDD] {
        if let Some(Value::Object(parameters)) = traits
            .get_mut(id)
            .and_then(|rules| rules.get_mut("parameters"))
        {
            parameters.values_mut().for_each(lower_case_type);
        }
    }
    if let Some(Value::Object(retryable)) = traits.get_mut(trait_id::RETRYABLE) {
        retryable.retain(|_, value| *value != Value::Bool(false));
    }
    if traits.is_empty() {
        shape.remove("traits");
    }
    documentation
}

/// Parameter types are written `string` in the specification of the rules, and `String` in published Smithy models.
fn lower_case_type(parameter: &mut Value) {
    if let Some(Value::String(kind)) = parameter.get_mut("type")
        && let Some(first) = kind.get_mut(..1)
    {
        first.make_ascii_lowercase();
    }
}

/// Turns a string with the old `@enum` trait into an enum shape (Smithy specification, "Converting string shapes with
/// the enum trait to enum shapes"); values without a name get one.
fn enum_shape(shape: &mut Map<String, Value>) -> Result<()> {
    let Some(Value::Object(traits)) = shape.get_mut("traits") else {
        return Ok(());
    };
    let Some(Value::Array(definitions)) = traits.remove(trait_id::ENUM) else {
        return Ok(());
    };
    let value_of = |definition: &Value| definition["value"].as_str().unwrap_or_default().to_owned();
    let named = definitions
        .iter()
        .all(|definition| definition["name"].is_string());
    let values: Vec<String> = definitions.iter().map(value_of).collect();
    let mut members = enum_names::members(values.iter().map(String::as_str))?;
    if named {
        members = definitions
            .iter()
            .map(|definition| {
                let name = definition["name"].as_str().unwrap_or_default().to_owned();
                (
                    name,
                    json!({"target": UNIT, "traits": {trait_id::ENUM_VALUE: value_of(definition)}}),
                )
            })
            .collect();
    }
    let by_value: BTreeMap<&str, &Value> = definitions
        .iter()
        .rev()
        .filter_map(|definition| Some((definition["value"].as_str()?, definition)))
        .collect();
    for member in members.values_mut() {
        let value = member["traits"][trait_id::ENUM_VALUE].as_str();
        let definition = value.and_then(|value| by_value.get(value));
        if definition.is_some_and(|definition| definition["deprecated"] == Value::Bool(true)) {
            member["traits"][trait_id::DEPRECATED] = json!({});
        }
        if let Some(text) = definition.and_then(|definition| definition.get("documentation")) {
            member["traits"][trait_id::DOCUMENTATION] = text.clone();
        }
        // The specification replaces this tag by a trait: messages do not show the value.
        let tags = definition.and_then(|definition| definition["tags"].as_array());
        if tags.is_some_and(|tags| tags.contains(&json!("internal"))) {
            member["traits"][trait_id::INTERNAL] = json!({});
        }
    }
    if traits.is_empty() {
        shape.remove("traits");
    }
    shape.insert("type".to_owned(), json!("enum"));
    shape.insert("members".to_owned(), Value::Object(members));
    Ok(())
}
