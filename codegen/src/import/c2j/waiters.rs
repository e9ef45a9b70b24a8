//! `waiters-2.json`.
//!
//! A C2J waiter is separate and names its operation; a Smithy waiter is a trait of the operation. C2J limits the
//! attempts, Smithy the time between them. The trait has no place for the number of attempts, nor for an acceptor that
//! compares the status of the response. Both are put into `attache#waiters`
//! (`{"<waiter>": {"maxAttempts": n, "statuses": {"<index of the acceptor>": status}}}`).

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
    let success = success_status(converter.operation_mut(&operation)?);
    let mut converted = Vec::new();
    let mut statuses = Map::new();
    for (index, value) in acceptors.into_iter().enumerate() {
        let place = format!("acceptors[{index}]");
        let (acceptor, status) = acceptor(&success, value).at(place)?;
        converted.push(acceptor);
        statuses.extend(status.map(|status| (index.to_string(), status)));
    }
    let mut waiter = json!({"acceptors": converted, "minDelay": delay});
    if delay > DEFAULT_MAX_DELAY {
        // The least delay must not exceed the greatest.
        waiter["maxDelay"] = delay.into();
    }
    let shape = converter.operation_mut(&operation)?;
    shape["traits"][trait_id::WAITABLE][name] = waiter;
    let mut more = json!({"maxAttempts": max_attempts});
    if !statuses.is_empty() {
        more["statuses"] = statuses.into();
    }
    shape["traits"][trait_id::attache::WAITERS][name] = more;
    Ok(())
}

/// The status of a response that is no error.
fn success_status(operation: &Value) -> Value {
    match &operation["traits"][trait_id::HTTP]["code"] {
        Value::Null => 200.into(),
        code => code.clone(),
    }
}

/// One acceptor becomes one of Smithy's, with the status of an error if it compares that.
fn acceptor(success: &Value, value: Value) -> Result<(Value, Option<Value>)> {
    let mut fields = Fields::new(value)?;
    let state: String = fields.require("state")?;
    if !["success", "failure", "retry"].contains(&state.as_str()) {
        return Err(Error::new(format!("key `state`: `{state}` is not known")));
    }
    let matcher: String = fields.require("matcher")?;
    let expected: Value = fields.require("expected")?;
    let mut status = None;
    let matcher = match matcher.as_str() {
        "path" => output(&mut fields, &expected, "stringEquals")?,
        "pathAll" => output(&mut fields, &expected, "allStringEquals")?,
        "pathAny" => output(&mut fields, &expected, "anyStringEquals")?,
        "error" => error(&expected)?,
        "status" if !expected.is_u64() => {
            return Err(Error::new(format!(
                "key `expected`: {expected} is no status"
            )));
        }
        "status" if expected == *success => json!({"success": true}),
        // A response with it is no error, and is not told from others.
        "status"
            if expected
                .as_u64()
                .is_some_and(|code| (200..300).contains(&code)) =>
        {
            return Err(Error::new(format!(
                "key `expected`: the operation has the status {success}, not {expected}"
            )));
        }
        "status" => {
            // What Smithy's trait needs at this place; no error has this name.
            let name = json!({"errorType": expected.to_string()});
            status = Some(expected);
            name
        }
        other => return Err(Error::new(format!("key `matcher`: `{other}` is not known"))),
    };
    fields.finish()?;
    Ok((json!({"state": state, "matcher": matcher}), status))
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
