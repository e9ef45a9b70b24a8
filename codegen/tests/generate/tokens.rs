//! An idempotency token that a client fills in keeps the constraints of its member, or is not filled in.

use attache_codegen::{Input, analyse};
use serde_json::{Value, json};

use crate::model::{MODEL, generate_toys, manifest, toys};

/// A model whose token is a string with these traits.
fn model(traits: &Value) -> String {
    let mut model = toys();
    model["shapes"]["example.toys#Token"] = json!({ "type": "string", "traits": traits });
    model["shapes"]["example.toys#MakeToyInput"]["members"]["token"] = json!({
        "target": "example.toys#Token",
        "traits": { "smithy.api#idempotencyToken": {} }
    });
    model.to_string()
}

/// What fills in the token, and the warnings about it.
fn token(traits: &Value) -> (Option<&'static str>, Vec<String>) {
    let model = model(traits);
    let files = generate_toys(&model, None).expect("the model is fine");
    let path = "src/operation/make_toy.rs";
    let file = files.iter().find(|file| file.path == path).expect(path);
    let form = [
        "get_or_insert_with(token)",
        "get_or_insert_with(|| token().replace('-', \"\"))",
    ]
    .into_iter()
    .find(|form| file.text.contains(form));
    let service = analyse(&Input {
        model_file: MODEL,
        model: &model,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest("attache-toys"),
        header: MODEL,
    });
    let warnings = service.expect("the model is fine").warnings;
    (form, warnings)
}

#[test]
fn a_token_that_the_member_takes_is_filled_in() {
    for traits in [
        json!({}),
        json!({ "smithy.api#length": { "min": 1, "max": 64 } }),
        json!({ "smithy.api#length": { "min": 36, "max": 36 } }),
        json!({ "smithy.api#pattern": "^[0-9a-f]{8}-[0-9a-f-]+$" }),
        json!({ "smithy.api#pattern": "^(?=not checked)" }),
    ] {
        assert_eq!(
            token(&traits).0,
            Some("get_or_insert_with(token)"),
            "{traits}"
        );
    }
    for traits in [
        json!({ "smithy.api#length": { "max": 32 } }),
        json!({ "smithy.api#length": { "max": 35 } }),
        json!({ "smithy.api#pattern": "^[0-9a-zA-Z]+$" }),
    ] {
        let (form, warnings) = token(&traits);
        assert!(
            form.is_some_and(|form| form.contains("replace")),
            "{traits}"
        );
        assert_eq!(warnings, Vec::<String>::new(), "{traits}");
    }
}

#[test]
fn a_token_that_the_member_refuses_is_left_to_the_caller_with_a_warning() {
    for (traits, reason) in [
        (
            json!({ "smithy.api#length": { "max": 31 } }),
            "its length has a lower maximum",
        ),
        (
            json!({ "smithy.api#length": { "min": 64 } }),
            "its length has a higher minimum",
        ),
        (
            json!({ "smithy.api#pattern": "^[0-9A-F-]+$" }),
            "its pattern `^[0-9A-F-]+$` refuses some",
        ),
        (
            json!({ "smithy.api#pattern": "^[a-z][0-9a-z-]*$" }),
            "its pattern `^[a-z][0-9a-z-]*$` refuses some",
        ),
    ] {
        let (form, warnings) = token(&traits);
        assert_eq!(form, None, "{traits}");
        let expected = format!(
            "example.toys#MakeToyInput$token: clients do not fill in this idempotency token, because it accepts no UUID: \
             {reason}"
        );
        assert!(warnings.contains(&expected), "{traits}: {warnings:?}");
    }
}
