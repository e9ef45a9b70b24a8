//! Small models to begin with, and generating from them.

use attache_codegen::emit::{File, Manifest};
use attache_codegen::error::Error;
use attache_codegen::{Input, generate};
use serde_json::{Value, json};

/// The name of the model's file in messages.
pub(crate) const MODEL: &str = "models/toys/model.json";
/// The name of the overlay's file in messages.
pub(crate) const OVERLAY: &str = "models/toys/overlay.json";

/// A restJson1 service with one operation, `MakeToy`, whose input is the structure `MakeToyInput`.
pub(crate) fn toys() -> Value {
    json!({
        "smithy": "2.0",
        "shapes": {
            "example.toys#Toys": {
                "type": "service",
                "version": "2026-01-01",
                "operations": [{ "target": "example.toys#MakeToy" }],
                "traits": {
                    "aws.api#service": { "sdkId": "Toys" },
                    "aws.auth#sigv4": { "name": "toys" },
                    "aws.protocols#restJson1": {}
                }
            },
            "example.toys#MakeToy": {
                "type": "operation",
                "input": { "target": "example.toys#MakeToyInput" },
                "output": { "target": "example.toys#MakeToyOutput" },
                "traits": { "smithy.api#http": { "method": "POST", "uri": "/toys", "code": 200 } }
            },
            "example.toys#MakeToyInput": {
                "type": "structure",
                "members": { "name": { "target": "smithy.api#String" } }
            },
            "example.toys#MakeToyOutput": {
                "type": "structure",
                "members": { "id": { "target": "smithy.api#String" } }
            }
        }
    })
}

/// `toys` with one value set; the path is that of a JSON pointer below `shapes`, without the namespace.
pub(crate) fn toys_with(pointer: &str, value: Value) -> String {
    let mut model = toys();
    let mut place = model.get_mut("shapes").expect("the model has shapes");
    for (index, key) in pointer.split('/').enumerate() {
        let key = if index == 0 {
            format!("example.toys#{key}")
        } else {
            key.replace("~1", "/")
        };
        place = place
            .as_object_mut()
            .expect("every step but the last is an object")
            .entry(key)
            .or_insert_with(|| json!({}));
    }
    *place = value;
    model.to_string()
}

pub(crate) fn manifest(crate_name: &str) -> Manifest {
    Manifest {
        crate_name: crate_name.to_owned(),
        runtime: "workspace = true".to_owned(),
        in_workspace: true,
        package: "publish = false
"
        .to_owned(),
        has_extension: false,
        has_arbitrary: true,
        has_test_util: true,
        additions: Default::default(),
    }
}

/// What `attache-toys` is generated from.
pub(crate) fn input<'a>(model: &'a str, manifest: &'a Manifest) -> Input<'a> {
    Input {
        model_file: MODEL,
        model,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest,
        header: MODEL,
    }
}

/// Generates `attache-toys`.
pub(crate) fn generate_toys(model: &str, overlay: Option<&str>) -> Result<Vec<File>, Error> {
    generate_selected(model, overlay, None)
}

pub(crate) fn generate_selected(
    model: &str,
    overlay: Option<&str>,
    operations: Option<&[String]>,
) -> Result<Vec<File>, Error> {
    generate(&Input {
        model_file: MODEL,
        model,
        overlay: overlay.map(|text| (OVERLAY, text)),
        words: None,
        prose: None,
        operations,
        manifest: &manifest("attache-toys"),
        header: MODEL,
    })
}
