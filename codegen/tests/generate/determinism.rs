//! The same input gives the same bytes.

use attache_codegen::{Input, generate};
use serde_json::{Map, Value};

use crate::model::{MODEL, manifest};

fn rest_json() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/golden/rest-json/model.json"
    );
    std::fs::read_to_string(path).expect("the model can be read")
}

fn generated(model: &str) -> Vec<(String, String)> {
    let files = generate(&Input {
        model_file: MODEL,
        model,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest("golden-rest-json"),
        header: MODEL,
    })
    .expect("the model is fine");
    files
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect()
}

#[test]
fn ten_runs_give_the_same_bytes() {
    let model = rest_json();
    let first = generated(&model);
    for run in 2..=10 {
        assert!(generated(&model) == first, "run {run} differs");
    }
}

/// A JSON text with the keys of every object in reverse order, which a `serde_json::Map` would sort again.
fn reversed(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            text.push('{');
            for (index, (key, value)) in Map::iter(map).collect::<Vec<_>>().iter().rev().enumerate()
            {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                reversed(value, text);
            }
            text.push('}');
        }
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                reversed(value, text);
            }
            text.push(']');
        }
        simple => text.push_str(&simple.to_string()),
    }
}

#[test]
fn the_order_of_keys_changes_nothing() {
    let model = rest_json();
    let value: Value = serde_json::from_str(&model).expect("the model is JSON");
    let mut text = String::new();
    reversed(&value, &mut text);
    assert_ne!(text, value.to_string(), "the order did change");
    assert!(generated(&text) == generated(&model));
}

#[test]
fn the_order_in_which_operations_are_listed_changes_nothing() {
    let model = rest_json();
    let mut value: Value = serde_json::from_str(&model).expect("the model is JSON");
    let operations = value["shapes"]["example.parts#Parts_20260101"]["operations"]
        .as_array_mut()
        .expect("the service lists operations");
    assert!(operations.len() > 5);
    operations.reverse();
    assert!(generated(&value.to_string()) == generated(&model));
}
