//! The code of waiters.

use attache_codegen::analyse;
use serde_json::{Value, json};

use crate::model::{generate_toys, input, manifest, toys};

#[test]
fn an_enum_whose_name_is_not_printed_is_not_imported() {
    let mut model = toys();
    let shapes = &mut model["shapes"];
    shapes["example.toys#State"] = json!({
        "type": "enum",
        "members": { "DONE": { "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": "done" } } }
    });
    let matcher = json!({ "output": { "path": "toy.state", "expected": "done", "comparator": "stringEquals" } });
    shapes["example.toys#MakeToy"]["traits"]["smithy.waiters#waitable"] = json!({
        "ToyMade": { "acceptors": [{ "state": "success", "matcher": matcher }] }
    });
    for (is_required, expected) in [(true, false), (false, true)] {
        let traits = if is_required {
            json!({ "smithy.api#required": {} })
        } else {
            json!({})
        };
        model["shapes"]["example.toys#MakeToyOutput"]["members"]["toy"] =
            json!({ "target": "example.toys#Toy", "traits": traits });
        model["shapes"]["example.toys#Toy"] = json!({
            "type": "structure",
            "members": { "state": { "target": "example.toys#State", "traits": traits } }
        });
        let files = generate_toys(&model.to_string(), None).expect("the model is fine");
        let file = files
            .iter()
            .find(|file| file.path == "src/operation/make_toy.rs");
        let text = &file.expect("the operation has a file").text;
        assert_eq!(
            text.contains("use crate::enums::State;"),
            expected,
            "{text}"
        );
        assert_eq!(text.contains("State::as_str"), expected, "{text}");
    }
}

/// The file of the operation, and the warnings, with the waiter `ToyGone` and statuses of its acceptors.
fn with_statuses(statuses: &Value) -> (String, Vec<String>) {
    let mut model = toys();
    let traits = &mut model["shapes"]["example.toys#MakeToy"]["traits"];
    traits["smithy.waiters#waitable"] = json!({ "ToyGone": { "acceptors": [
        { "state": "retry", "matcher": { "success": true } },
        { "state": "success", "matcher": { "errorType": "404" } }
    ] } });
    traits["attache#waiters"] = json!({ "ToyGone": { "maxAttempts": 9, "statuses": statuses } });
    let model = model.to_string();
    let files = generate_toys(&model, None).expect("the model is fine");
    let file = files
        .into_iter()
        .find(|file| file.path == "src/operation/make_toy.rs");
    let manifest = manifest("attache-toys");
    let service = analyse(&input(&model, &manifest)).expect("the model is fine");
    (
        file.expect("the operation has a file").text,
        service.warnings,
    )
}

#[test]
fn an_acceptor_of_a_status_asks_for_the_status_of_any_error() {
    let (text, warnings) = with_statuses(&json!({ "1": 404 }));
    assert!(text.contains("error.status() == Some(404)"), "{text}");
    assert!(
        text.contains("done: an error with HTTP status 404"),
        "{text}"
    );
    assert!(!text.contains("is_shape"), "{text}");
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn a_status_of_an_acceptor_that_names_no_error_leaves_the_waiter_out() {
    for index in ["0", "2"] {
        let (text, warnings) = with_statuses(&json!({ index: 404 }));
        assert!(!text.contains("ToyGone"), "{text}");
        assert_eq!(
            warnings,
            [format!(
                "example.toys#MakeToy: the waiter `ToyGone` is left out: `statuses` has 404 for acceptor {index}, \
                 which names no error"
            )]
        );
    }
}
