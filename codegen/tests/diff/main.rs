//! The comparison of two models: every difference is reported, each rule has a test, and the API items are those of the
//! generated code.

mod axes;
mod changelog;
mod forms;
mod names;
mod operations;
mod overlay;
mod prose;
mod sentences;
mod surface;
mod unseen;

use attache_codegen::diff::{Change, Report, Version, compare};
use attache_codegen::import::read_smithy;
use serde_json::{Value, json};

/// A golden model in the normal form.
fn golden(name: &str) -> Value {
    let path = format!(
        "{}/../tests/golden/{name}/model.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).expect("the golden model is there");
    read_smithy(&text).expect("the golden model is sound")
}

fn compared(old: &Value, new: &Value) -> Report {
    try_compared(old, new).expect("both models have a service")
}

fn try_compared(old: &Value, new: &Value) -> attache_codegen::error::Result<Report> {
    compare(&version("old.json", old), &version("new.json", new))
}

/// A model without an overlay and without recorded names.
fn version<'a>(name: &'a str, model: &'a Value) -> Version<'a> {
    Version {
        name,
        model,
        overlay: None,
        operations: None,
        names: None,
    }
}

/// A restJson1 service with one operation, into which `shapes` are put.
fn service(shapes: Value) -> Value {
    with_protocol("aws.protocols#restJson1", shapes)
}

fn with_protocol(protocol: &str, shapes: Value) -> Value {
    let mut model = json!({
        "smithy": "2.0",
        "shapes": {
            "a#Service": {
                "type": "service",
                "version": "1",
                "operations": [{"target": "a#Act"}],
                "traits": {
                    protocol: {},
                    "aws.api#service": {"sdkId": "A", "endpointPrefix": "a"},
                    "aws.auth#sigv4": {"name": "a"}
                }
            },
            "a#Act": {
                "type": "operation",
                "input": {"target": "a#In"},
                "output": {"target": "a#Out"},
                "traits": {"smithy.api#http": {"method": "POST", "uri": "/act", "code": 200}}
            },
            "a#In": {"type": "structure", "members": {"name": {"target": "a#Name"}, "part": {"target": "a#Part"}}},
            "a#Out": {"type": "structure", "members": {"name": {"target": "a#Other"}, "part": {"target": "a#Part"}}},
            "a#Part": {"type": "structure", "members": {"colour": {"target": "a#Colour"}}},
            "a#Colour": {
                "type": "enum",
                "members": {
                    "RED": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "red"}}
                }
            },
            "a#Name": {"type": "string"},
            "a#Other": {"type": "string"},
            "a#Lone": {"type": "string"}
        }
    });
    let target = model["shapes"].as_object_mut().expect("an object");
    for (id, shape) in shapes.as_object().expect("an object") {
        if shape.is_null() {
            target.remove(id);
        } else {
            target.insert(id.clone(), shape.clone());
        }
    }
    read_smithy(&model.to_string()).expect("the model is sound")
}

/// The change at a place.
fn at<'a>(report: &'a Report, place: &str) -> &'a Change {
    report
        .changes
        .iter()
        .find(|change| change.shape == place)
        .unwrap_or_else(|| panic!("nothing at {place}: {:#?}", report.changes))
}

/// A place, shapes before and after, and the levels of the change there: of the Rust API, the messages and the checks.
type Row = (&'static str, Value, Value, &'static str);

fn check(rows: Vec<Row>) {
    for (place, old, new, levels) in rows {
        let report = compared(&service(old), &service(new));
        let change = at(&report, place);
        let (rust, wire) = (change.rust.name(), change.wire.name());
        let found = format!("{rust}, {wire}, {}", change.validation.name());
        assert_eq!(found, levels, "{place}: {report:#?}");
    }
}

fn string(traits: Value) -> Value {
    json!({"type": "string", "traits": traits})
}

fn structure(members: Value) -> Value {
    json!({"type": "structure", "members": members})
}
