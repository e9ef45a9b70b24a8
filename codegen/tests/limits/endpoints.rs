//! Models whose endpoint rules repeat themselves.

use serde_json::{Value, json};

use crate::models::{id, wide_structure};

fn with_rules(rules: Value) -> Value {
    let mut model = wide_structure(1);
    model["shapes"][id("Toys")]["traits"]["smithy.rules#endpointRuleSet"] = json!({
        "version": "1.0",
        "parameters": {
            "Region": { "builtIn": "AWS::Region", "required": false, "documentation": "", "type": "string" },
            "UseFIPS": { "builtIn": "AWS::UseFIPS", "required": true, "default": false, "documentation": "", "type": "boolean" }
        },
        "rules": rules
    });
    model
}

fn endpoint(number: usize) -> Value {
    json!({ "conditions": [], "endpoint": { "url": format!("https://toys{number}.example.com") }, "type": "endpoint" })
}

/// A call in a call in a call.
pub(crate) fn nested_calls(depth: usize) -> Value {
    let mut call = json!({ "fn": "booleanEquals", "argv": [{ "ref": "UseFIPS" }, true] });
    for _ in 0..depth {
        call = json!({ "fn": "not", "argv": [call] });
    }
    let mut rule = endpoint(0);
    rule["conditions"] = json!([call]);
    with_rules(json!([rule, endpoint(1)]))
}

/// A tree in a tree in a tree.
pub(crate) fn nested_rules(depth: usize) -> Value {
    let mut rules = json!([endpoint(0)]);
    for number in 0..depth {
        let condition = json!({ "fn": "stringEquals", "argv": [{ "ref": "Region" }, format!("region{number}")] });
        let set = json!({ "fn": "isSet", "argv": [{ "ref": "Region" }] });
        rules = json!([{ "conditions": [set, condition], "rules": rules, "type": "tree" }, endpoint(number)]);
    }
    with_rules(rules)
}

pub(crate) fn wide_rules(count: usize) -> Value {
    let set = json!({ "fn": "isSet", "argv": [{ "ref": "Region" }] });
    let mut rules: Vec<Value> = (0..count)
        .map(|number| {
            let condition = json!({ "fn": "stringEquals", "argv": [{ "ref": "Region" }, format!("region{number}")] });
            let mut rule = endpoint(number);
            rule["conditions"] = json!([set, condition]);
            rule
        })
        .collect();
    rules.push(endpoint(count));
    with_rules(Value::Array(rules))
}

pub(crate) fn wide_parameters(count: usize) -> Value {
    let mut model = wide_rules(1);
    for number in 0..count {
        let parameter = json!({ "required": false, "documentation": "", "type": "string" });
        model["shapes"][id("Toys")]["traits"]["smithy.rules#endpointRuleSet"]["parameters"]
            [format!("P{number}")] = parameter;
    }
    model
}

/// A decision diagram whose conditions compare the region; the nodes say where each leads, true and false.
fn with_diagram(nodes: &[[i32; 3]]) -> Value {
    let conditions: Vec<Value> = (0..nodes.len())
        .map(|number| json!({ "fn": "stringEquals", "argv": ["{Region}", format!("region{number}")] }))
        .collect();
    let all: Vec<[i32; 3]> = std::iter::once([-1, 1, -1])
        .chain(nodes.iter().copied())
        .collect();
    let bytes: Vec<u8> = all
        .iter()
        .flatten()
        .flat_map(|number| number.to_be_bytes())
        .collect();
    let mut model = wide_structure(1);
    model["shapes"][id("Toys")]["traits"]["smithy.rules#endpointBdd"] = json!({
        "version": "1.1",
        "parameters": { "Region": { "builtIn": "AWS::Region", "required": true, "default": "x", "documentation": "", "type": "string" } },
        "conditions": conditions,
        "results": [{ "type": "endpoint", "conditions": [], "endpoint": { "url": "https://toys.example.com" } },
                    { "type": "error", "conditions": [], "error": "none" }],
        "root": 2,
        "nodeCount": all.len(),
        "nodes": base64_simd::STANDARD.encode_to_string(bytes)
    });
    model
}

const RESULT: i32 = 100_000_001;

/// Every other condition leads on when it holds, and elsewhere otherwise, so that rules stand in rules.
pub(crate) fn deep_diagram(depth: i32) -> Value {
    let node = |number: i32| {
        let next = if number + 1 < depth {
            number + 3
        } else {
            RESULT
        };
        [number, next, RESULT + number % 2]
    };
    with_diagram(&(0..depth).map(node).collect::<Vec<_>>())
}

/// Both ways of every condition lead to the next one.
pub(crate) fn wide_diagram(depth: i32) -> Value {
    let node = |number: i32| match number + 1 < depth {
        true => [number, number + 3, -(number + 3)],
        false => [number, RESULT, RESULT + 1],
    };
    with_diagram(&(0..depth).map(node).collect::<Vec<_>>())
}
