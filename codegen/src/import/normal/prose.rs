//! What prose is, and where it hides.
//!
//! Documentation is other people's text: it is written anew in the overlay, and in a model file it would bury the
//! facts of a diff. Besides the documentation traits it stands inside of the values of other traits.

use serde_json::{Map, Value};

/// Traits that hold nothing but prose, and smoke tests, which call the service.
const LEFT_OUT: [&str; 5] = [
    "aws.iam#actionPermissionDescription",
    "smithy.api#documentation",
    "smithy.api#examples",
    "smithy.api#externalDocumentation",
    "smithy.test#smokeTests",
];

/// Removes prose from the traits of one shape or member.
pub(super) fn strip(traits: &mut Map<String, Value>) {
    traits.retain(|id, _| !LEFT_OUT.contains(&id.as_str()));
    for (id, value) in traits.iter_mut() {
        match id.as_str() {
            "aws.iam#iamAction" => strip_object(value),
            "aws.iam#defineConditionKeys"
            | "smithy.rules#clientContextParams"
            | "smithy.waiters#waitable" => strip_each(value),
            "smithy.rules#endpointRuleSet" | "smithy.rules#endpointBdd" => strip_rules(value),
            "smithy.rules#endpointTests" => {
                if let Some(cases) = value.get_mut("testCases") {
                    strip_each(cases);
                }
            }
            "smithy.test#httpMalformedRequestTests"
            | "smithy.test#httpRequestTests"
            | "smithy.test#httpResponseTests" => strip_each(value),
            _ => {}
        }
    }
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
