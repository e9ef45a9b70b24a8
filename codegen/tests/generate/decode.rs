//! What generated code says to the reader of a response.

use serde_json::{Value, json};

use crate::model::{generate_toys, toys};

/// The text of the operation whose output has these members, and traits.
fn operation(members: Value, traits: Value) -> String {
    let mut model = toys();
    model["shapes"]["example.toys#MakeToyOutput"] =
        json!({ "type": "structure", "members": members, "traits": traits });
    model["shapes"]["example.toys#Secret"] =
        json!({ "type": "timestamp", "traits": { "smithy.api#sensitive": {} } });
    let secrets = json!({ "type": "list", "member": { "target": "example.toys#Secret" } });
    model["shapes"]["example.toys#Secrets"] = secrets;
    let files = generate_toys(&model.to_string(), None).expect("the model is fine");
    let file = files
        .into_iter()
        .find(|file| file.path.ends_with("make_toy.rs"));
    file.expect("the operation has a file").text
}

#[test]
fn errors_show_no_timestamp_that_is_sensitive() {
    let plain = json!({ "target": "smithy.api#Timestamp" });
    let header =
        |target: &str| json!({ "target": target, "traits": { "smithy.api#httpHeader": "x-at" } });
    for (members, traits, shown, hidden) in [
        (
            json!({ "at": plain }),
            json!({}),
            ".timestamp(",
            ".sensitive_timestamp(",
        ),
        (
            json!({ "at": header("smithy.api#Timestamp") }),
            json!({}),
            "header::parse_timestamp(",
            "header::parse_sensitive_timestamp(",
        ),
    ] {
        let text = operation(members.clone(), traits);
        assert!(
            text.contains(shown) && !text.contains(hidden),
            "{members}: {text}"
        );
        let sensitive = json!({ "smithy.api#sensitive": {} });
        let text = operation(members.clone(), sensitive);
        assert!(
            text.contains(hidden) && !text.contains(shown),
            "{members}: {text}"
        );
    }
    for member in ["example.toys#Secret", "example.toys#Secrets"] {
        let text = operation(json!({ "at": { "target": member } }), json!({}));
        assert!(text.contains(".sensitive_timestamp("), "{member}: {text}");
        let text = operation(json!({ "at": header(member) }), json!({}));
        assert!(
            text.contains("header::parse_sensitive_timestamp("),
            "{member}: {text}"
        );
    }
}

#[test]
fn default_values_that_take_memory_are_counted() {
    let text = |default: &str| json!({ "target": "smithy.api#String", "traits": { "smithy.api#default": default } });
    let counted = operation(json!({ "a": text("abc"), "b": text("") }), json!({}));
    assert!(counted.contains("reader.defaults(35)?;"), "{counted}");
    let nothing = operation(json!({ "b": text("") }), json!({}));
    assert!(!nothing.contains("reader.defaults("), "{nothing}");
}
