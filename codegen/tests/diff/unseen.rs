//! The comparison reports every change of a model; a change without a rule counts as major.

use attache_codegen::ast::ledger::{Handling, LEDGER};
use attache_codegen::diff::RustLevel;
use serde_json::{Value, json};

use super::{compared, golden, service, try_compared};

/// The paths of all values in a model, as JSON pointers.
fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                paths(value, &format!("{path}/{}", escaped(key)), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                paths(value, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn mutated(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}X")),
        Value::Number(number) => json!(number.as_f64().unwrap_or(0.0) + 1.0),
        Value::Bool(value) => json!(!value),
        Value::Null => json!("X"),
        Value::Array(items) => {
            let mut items = items.clone();
            items.push(json!({"x": 1}));
            Value::Array(items)
        }
        Value::Object(entries) => {
            let mut entries = entries.clone();
            entries.insert("x".to_owned(), json!(1));
            Value::Object(entries)
        }
    }
}

#[test]
fn no_value_of_a_model_changes_unseen() {
    let mut seen = 0;
    // A prime number, so that every kind of place is included.
    for (name, step) in [("aws-json", 7), ("rest-json", 13)] {
        let old = golden(name);
        let mut found = Vec::new();
        paths(&old, "", &mut found);
        for path in found.into_iter().step_by(step) {
            let mut new = old.clone();
            let value = new.pointer_mut(&path).expect("the path is there");
            *value = mutated(value);
            // A model without a service is an error, so this change is reported too.
            if let Ok(report) = try_compared(&old, &new) {
                assert!(!report.changes.is_empty(), "{name}: {path}");
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn no_key_of_a_model_is_removed_unseen() {
    let old = golden("aws-json");
    let mut found = Vec::new();
    paths(&old, "", &mut found);
    for path in found.iter().skip(1).step_by(5) {
        let (parent, key) = path.rsplit_once('/').expect("below the root");
        let key = key.replace("~1", "/").replace("~0", "~");
        let mut new = old.clone();
        match new.pointer_mut(parent) {
            Some(Value::Object(entries)) => drop(entries.remove(&key)),
            Some(Value::Array(items)) => drop(items.remove(key.parse().expect("an index"))),
            _ => panic!("{parent} holds nothing"),
        }
        if let Ok(report) = try_compared(&old, &new) {
            assert!(!report.changes.is_empty(), "{path}");
        }
    }
}

#[test]
fn the_same_model_has_no_changes() {
    for name in ["aws-json", "rest-json", "names"] {
        let model = golden(name);
        let report = compared(&model, &model);
        assert_eq!(report.changes, []);
        assert_eq!(report.bump(), RustLevel::None);
    }
}

#[test]
fn a_change_without_a_rule_is_unclassified_and_major() {
    let old = service(json!({}));
    for (pointer, value) in [
        ("/shapes/a#Name/traits", json!({"com.example#novelty": {}})),
        (
            "/shapes/a#In/members/name/traits",
            json!({"com.example#novelty": {}}),
        ),
        ("/shapes/a#Act/novelty", json!(1)),
        ("/shapes/a#In/members/name/novelty", json!(1)),
        ("/novelty", json!(1)),
    ] {
        let mut new = old.clone();
        let (parent, key) = pointer.rsplit_once('/').expect("below the root");
        let parent = new
            .pointer_mut(parent)
            .and_then(Value::as_object_mut)
            .expect("an object");
        parent.insert(key.to_owned(), value);
        let report = compared(&old, &new);
        let change = report
            .changes
            .iter()
            .find(|change| change.kind == "unclassified");
        assert_eq!(
            change.map(|change| change.rust),
            Some(RustLevel::Major),
            "{pointer}: {report:#?}"
        );
        assert_eq!(report.verdict.rust, RustLevel::Major);
    }
}

#[test]
fn every_handled_trait_has_a_rule() {
    let without = service(json!({}));
    let mut unknown = Vec::new();
    for (id, _) in LEDGER.iter().filter(|(_, it)| *it == Handling::Handled) {
        let with = service(json!({"a#Name": {"type": "string", "traits": {*id: {}}}}));
        for (old, new) in [(&without, &with), (&with, &without)] {
            let report = compared(old, new);
            let mut kinds = report
                .changes
                .iter()
                .filter(|change| change.shape == "a#Name")
                .map(|change| change.kind.as_str())
                .peekable();
            if kinds.peek().is_none() || kinds.any(|kind| kind == "unclassified") {
                unknown.push(*id);
            }
        }
    }
    assert_eq!(unknown, [""; 0], "traits without a rule");
}
