//! The code of waiters.

use serde_json::json;

use crate::model::{generate_toys, toys};

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
