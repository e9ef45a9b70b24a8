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

/// HTTP bindings mean something at the top of a message only (Smithy specification, "HTTP bindings").
#[test]
fn errors_in_a_list_are_read_from_the_body_and_at_the_top_from_headers() {
    let mut model = toys();
    model["shapes"]["example.toys#Slow"] = json!({
        "type": "structure",
        "members": { "retryAfter": {
            "target": "smithy.api#Integer",
            "traits": { "smithy.api#httpHeader": "Retry-After" }
        } },
        "traits": { "smithy.api#error": "client" }
    });
    let list = json!({ "type": "list", "member": { "target": "example.toys#Slow" } });
    model["shapes"]["example.toys#Problems"] = list;
    model["shapes"]["example.toys#MakeToyOutput"]["members"]["problems"] =
        json!({ "target": "example.toys#Problems" });
    model["shapes"]["example.toys#MakeToy"]["errors"] = json!([{ "target": "example.toys#Slow" }]);
    let files = generate_toys(&model.to_string(), None).expect("the model is fine");
    let text = |path: &str| {
        &files
            .iter()
            .find(|file| file.path == path)
            .expect(path)
            .text
    };
    let of_body = "\"retryAfter\" =>";
    let of_header = "response.header(\"retry-after\")";
    assert!(text("src/types.rs").contains(of_body));
    assert!(!text("src/types.rs").contains(of_header));
    assert!(text("src/error.rs").contains(of_header));
    assert!(!text("src/error.rs").contains(of_body));
}

#[test]
fn errors_do_not_display_what_is_sensitive() {
    for (traits, member, is_hidden) in [
        (json!({}), json!({ "target": "smithy.api#String" }), false),
        (
            json!({ "smithy.api#sensitive": {} }),
            json!({ "target": "smithy.api#String" }),
            true,
        ),
        (json!({}), json!({ "target": "example.toys#Secret" }), true),
    ] {
        let mut model = toys();
        model["shapes"]["example.toys#Secret"] =
            json!({ "type": "string", "traits": { "smithy.api#sensitive": {} } });
        model["shapes"]["example.toys#Broken"] =
            json!({ "type": "structure", "members": { "Message": member }, "traits": traits });
        model["shapes"]["example.toys#Broken"]["traits"]["smithy.api#error"] = json!("client");
        model["shapes"]["example.toys#MakeToy"]["errors"] =
            json!([{ "target": "example.toys#Broken" }]);
        let files = generate_toys(&model.to_string(), None).expect("the model is fine");
        let text = |path: &str| {
            &files
                .iter()
                .find(|file| file.path == path)
                .expect(path)
                .text
        };
        assert_eq!(
            text("src/error.rs").contains("message::safe_line"),
            !is_hidden
        );
        let hidden = "sensitive_messages: &[\"Broken\"]";
        assert_eq!(text("src/client.rs").contains(hidden), is_hidden);
    }
}
