//! `waiters-2.json`.
//!
//! A C2J waiter is separate and names its operation; a Smithy waiter is a trait of the operation. C2J limits the
//! attempts, Smithy the time between them. The trait has no place for the number of attempts, which is put into
//! `attache#waiters` (`{"<waiter>": {"maxAttempts": n}}`).

use serde_json::{Map, Value, json};

use super::Converter;
use super::fields::Fields;
use crate::ast::trait_id;
use crate::error::{Context, Error, Result};

/// The default maximum delay of a waiter (Smithy specification, "waitable trait").
const DEFAULT_MAX_DELAY: u64 = 120;

pub(super) fn apply(converter: &mut Converter, value: Value) -> Result<()> {
    let mut root = Fields::new(value)?;
    // The version of the format is part of the file's name.
    root.ignore("version");
    for (name, value) in root.entries("waiters")? {
        waiter(converter, &name, value).at(&name)?;
    }
    root.finish()
}

fn waiter(converter: &mut Converter, name: &str, value: Value) -> Result<()> {
    let mut fields = Fields::new(value)?;
    // Prose, as `documentation` elsewhere.
    fields.ignore("description");
    let operation: String = fields.require("operation")?;
    let delay: u64 = fields.require("delay")?;
    let max_attempts: u64 = fields.require("maxAttempts")?;
    let acceptors: Vec<Value> = fields.require("acceptors")?;
    fields.finish()?;
    let shape = converter.operation_mut(&operation)?.clone();
    let mut converted = Vec::new();
    for (index, value) in acceptors.into_iter().enumerate() {
        let place = format!("acceptors[{index}]");
        converted.extend(acceptor(converter, &shape, value).at(place)?);
    }
    let mut waiter = json!({"acceptors": converted, "minDelay": delay});
    if delay > DEFAULT_MAX_DELAY {
        // The least delay must not exceed the greatest.
        waiter["maxDelay"] = delay.into();
    }
    let shape = converter.operation_mut(&operation)?;
    shape["traits"][trait_id::WAITABLE][name] = waiter;
    shape["traits"][trait_id::attache::WAITERS][name] = json!({"maxAttempts": max_attempts});
    Ok(())
}

/// One acceptor becomes one of Smithy's; a status that stands for several errors becomes one for each.
fn acceptor(converter: &Converter, operation: &Value, value: Value) -> Result<Vec<Value>> {
    let mut fields = Fields::new(value)?;
    let state: String = fields.require("state")?;
    if !["success", "failure", "retry"].contains(&state.as_str()) {
        return Err(Error::new(format!("key `state`: `{state}` is not known")));
    }
    let matcher: String = fields.require("matcher")?;
    let expected: Value = fields.require("expected")?;
    let matchers = match matcher.as_str() {
        "path" => vec![output(&mut fields, &expected, "stringEquals")?],
        "pathAll" => vec![output(&mut fields, &expected, "allStringEquals")?],
        "pathAny" => vec![output(&mut fields, &expected, "anyStringEquals")?],
        "error" => vec![error(&expected)?],
        "status" => status(converter, operation, &expected)?,
        other => return Err(Error::new(format!("key `matcher`: `{other}` is not known"))),
    };
    fields.finish()?;
    Ok(matchers
        .into_iter()
        .map(|matcher| json!({"state": state, "matcher": matcher}))
        .collect())
}

fn output(fields: &mut Fields, expected: &Value, comparator: &str) -> Result<Value> {
    let path: String = fields.require("argument")?;
    let (expected, comparator) = match (expected, comparator) {
        (Value::String(text), comparator) => (text.clone(), comparator),
        (Value::Bool(value), "stringEquals") => (value.to_string(), "booleanEquals"),
        (other, _) => {
            return Err(Error::new(format!(
                "key `expected`: Smithy's waiters cannot compare with {other}"
            )));
        }
    };
    Ok(json!({"output": {"path": path, "expected": expected, "comparator": comparator}}))
}

/// An error by its name, any error (`true`), or none (`false`).
fn error(expected: &Value) -> Result<Value> {
    match expected {
        Value::String(name) => Ok(json!({"errorType": name})),
        Value::Bool(any) => Ok(json!({"success": !any})),
        other => Err(Error::new(format!(
            "key `expected`: {other} is neither an error nor a Boolean"
        ))),
    }
}

/// Smithy's waiters have no status codes. As in published Smithy models, they name the errors with the status.
fn status(converter: &Converter, operation: &Value, expected: &Value) -> Result<Vec<Value>> {
    let traits = |shape: &Value| {
        shape["traits"]
            .as_object()
            .cloned()
            .unwrap_or_else(Map::new)
    };
    let success = traits(operation)
        .get(trait_id::HTTP)
        .map_or(json!(200), |http| http["code"].clone());
    if *expected == success {
        return Ok(vec![json!({"success": true})]);
    }
    let errors: Vec<Value> = operation["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|error| error["target"].as_str())
        .filter(|id| {
            converter
                .shapes
                .get(*id)
                .is_some_and(|shape| traits(shape).get(trait_id::HTTP_ERROR) == Some(expected))
        })
        .map(|id| json!({"errorType": id.rsplit('#').next().unwrap_or(id)}))
        .collect();
    // A response to HEAD has no body with a code; in restXml the status is the code then.
    let is_head = traits(operation)
        .get(trait_id::HTTP)
        .is_some_and(|http| http["method"] == "HEAD");
    if is_head && converter.metadata.is_rest() {
        return Ok(vec![json!({"errorType": expected.to_string()})]);
    }
    if errors.is_empty() {
        return Err(Error::new(format!(
            "the status {expected} belongs to no error of the operation, and Smithy's waiters have no status codes"
        )));
    }
    Ok(errors)
}
