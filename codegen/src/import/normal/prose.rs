//! Removes prose from models.
//!
//! The documentation is text of other authors. The overlay states the facts in it. In a model file, it would make the
//! diff of the facts hard to read. Prose is in the documentation traits and also inside the values of other traits.

use crate::ast::trait_id;
use serde_json::{Map, Value};

/// Traits that hold nothing but prose, and smoke tests, which call the service.
const LEFT_OUT: [&str; 5] = [
    trait_id::ACTION_PERMISSION_DESCRIPTION,
    trait_id::DOCUMENTATION,
    trait_id::EXAMPLES,
    trait_id::EXTERNAL_DOCUMENTATION,
    trait_id::SMOKE_TESTS,
];

/// Removes prose from the traits of one shape or member; returns its documentation.
pub(super) fn strip(traits: &mut Map<String, Value>) -> Option<Value> {
    let documentation = traits.get_mut(trait_id::DOCUMENTATION).map(Value::take);
    traits.retain(|id, _| !LEFT_OUT.contains(&id.as_str()));
    for (id, value) in traits.iter_mut() {
        match id.as_str() {
            trait_id::IAM_ACTION => strip_object(value),
            trait_id::DEFINE_CONDITION_KEYS
            | trait_id::CLIENT_CONTEXT_PARAMS
            | trait_id::WAITABLE => strip_each(value),
            trait_id::ENDPOINT_RULE_SET | trait_id::ENDPOINT_BDD => strip_rules(value),
            trait_id::ENDPOINT_TESTS => {
                if let Some(cases) = value.get_mut("testCases") {
                    strip_each(cases);
                }
            }
            trait_id::HTTP_MALFORMED_REQUEST_TESTS
            | trait_id::HTTP_REQUEST_TESTS
            | trait_id::HTTP_RESPONSE_TESTS => strip_each(value),
            _ => {}
        }
    }
    documentation
}

fn strip_object(value: &mut Value) {
    if let Value::Object(object) = value {
        object.remove("documentation");
    }
}

fn strip_each(value: &mut Value) {
    match value {
        Value::Object(entries) => entries.values_mut().for_each(strip_object),
        Value::Array(items) => items.iter_mut().for_each(strip_object),
        _ => {}
    }
}

/// A rule set, or a rule of it: rules hold rules (Smithy specification, "Rules engine").
fn strip_rules(value: &mut Value) {
    strip_object(value);
    if let Some(parameters) = value.get_mut("parameters") {
        strip_each(parameters);
    }
    if let Some(Value::Array(rules)) = value.get_mut("rules") {
        rules.iter_mut().for_each(strip_rules);
    }
}
