//! Which features of a client crate are on by default.

use serde_json::{Value, json};

use crate::model::{generate_toys, toys_with};

/// The line `default = [...]` of the crate that a service with this trait becomes.
fn default_features(pointer: &str, value: Value) -> String {
    let files = generate_toys(&toys_with(pointer, value), None).expect("the model is fine");
    let manifest = files
        .iter()
        .find(|file| file.path.ends_with("Cargo.toml"))
        .expect("a crate has a manifest");
    let line = manifest
        .text
        .lines()
        .find(|line| line.starts_with("default = "));
    line.expect("the manifest has default features").to_owned()
}

#[test]
fn http2_is_on_where_the_model_lists_it_for_ordinary_calls() {
    let smithy = "Toys/traits/aws.protocols#restJson1";
    let c2j = "Toys/traits/attache#metadata";
    let cases = [
        (smithy, json!({}), false),
        (smithy, json!({ "http": ["http/1.1"] }), false),
        (smithy, json!({ "http": ["http/1.1", "h2"] }), true),
        (smithy, json!({ "eventStreamHttp": ["h2"] }), false),
        (
            c2j,
            json!({ "protocolSettings": { "h2": "optional" } }),
            true,
        ),
        (
            c2j,
            json!({ "protocolSettings": { "h2": "eventstream" } }),
            false,
        ),
    ];
    for (pointer, value, expected) in cases {
        let line = default_features(pointer, value.clone());
        assert_eq!(line.contains("\"http2\""), expected, "{value}: {line}");
    }
}
