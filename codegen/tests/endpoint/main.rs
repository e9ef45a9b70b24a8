//! Endpoint rule sets, compiled: the code, the tests that come with it, and what is refused.

mod cases;
mod contradictions;
mod diagram;
mod partitions;
mod refusals;
mod rules;

use serde_json::{Value, json};

/// The parameters that most services have, and one that no client knows.
fn parameters() -> Value {
    json!({
        "Region": {"type": "string", "builtIn": "AWS::Region", "required": false},
        "UseFIPS": {
            "type": "boolean", "builtIn": "AWS::UseFIPS", "required": true, "default": false
        },
        "Endpoint": {"type": "string", "builtIn": "SDK::Endpoint"},
        "Bucket": {"type": "string", "required": false},
    })
}

fn rule_set(rules: Value) -> Value {
    json!({"version": "1.0", "parameters": parameters(), "rules": rules})
}

/// A rule set with one rule under the given conditions.
fn with_conditions(conditions: Value) -> Value {
    rule_set(json!([to("https://example.com", conditions)]))
}

fn to(url: &str, conditions: Value) -> Value {
    json!({"type": "endpoint", "conditions": conditions, "endpoint": {"url": url}})
}

fn is_set(name: &str) -> Value {
    json!({"fn": "isSet", "argv": [{"ref": name}]})
}

fn use_fips() -> Value {
    json!({"fn": "booleanEquals", "argv": [{"ref": "UseFIPS"}, true]})
}

fn region_is(value: &str) -> Value {
    json!({"fn": "stringEquals", "argv": [{"ref": "Region"}, value]})
}

fn assign_partition() -> Value {
    json!({"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "Partition"})
}

/// Code without its layout: no white space, and no commas at the end of lists.
fn squeezed(code: &str) -> String {
    let text: String = code.split_whitespace().collect();
    [",)", ",]", ",}"]
        .iter()
        .fold(text, |text, end| text.replace(end, &end[1..]))
}
