//! An unknown trait stops the generation, wherever it stands.

use serde_json::{Value, json};

use crate::model::{MODEL, OVERLAY, generate_toys, toys, toys_with};

const UNKNOWN: &str = "smithy.api#madeUpTomorrow";

fn refusal(model: &str, overlay: Option<&str>) -> String {
    generate_toys(model, overlay)
        .expect_err("an unknown trait is refused")
        .to_string()
}

fn expected(file: &str, place: &str) -> String {
    format!(
        "{file}: {place}: unknown trait `{UNKNOWN}`: the ledger in codegen/src/ast/ledger.rs must say whether it is \
         handled or why it is ignored"
    )
}

#[test]
fn on_every_kind_of_shape() {
    let mut model = toys();
    let shapes = model["shapes"]
        .as_object()
        .expect("there are shapes")
        .clone();
    assert_eq!(shapes.len(), 4);
    for id in shapes.keys() {
        let before = model["shapes"][id].clone();
        model["shapes"][id]["traits"][UNKNOWN] = json!({});
        assert_eq!(refusal(&model.to_string(), None), expected(MODEL, id));
        model["shapes"][id] = before;
    }
}

#[test]
fn on_shapes_that_nothing_targets() {
    let lonely = json!({ "type": "string", "traits": { UNKNOWN: {} } });
    assert_eq!(
        refusal(&toys_with("Lonely", lonely), None),
        expected(MODEL, "example.toys#Lonely")
    );
}

#[test]
fn on_members_elements_keys_and_values() {
    let marked: Value = json!({ "target": "smithy.api#String", "traits": { UNKNOWN: {} } });
    let plain = json!({ "target": "smithy.api#String" });
    for (shape, member) in [
        (
            json!({ "type": "structure", "members": { "some": marked } }),
            "some",
        ),
        (
            json!({ "type": "union", "members": { "some": marked } }),
            "some",
        ),
        (
            json!({ "type": "enum", "members": { "SOME": marked } }),
            "SOME",
        ),
        (json!({ "type": "list", "member": marked }), "member"),
        (
            json!({ "type": "map", "key": marked, "value": plain }),
            "key",
        ),
        (
            json!({ "type": "map", "key": plain, "value": marked }),
            "value",
        ),
    ] {
        assert_eq!(
            refusal(&toys_with("Other", shape), None),
            expected(MODEL, &format!("example.toys#Other${member}"))
        );
    }
}

#[test]
fn in_the_overlay() {
    for place in [
        "example.toys#MakeToyInput",
        "example.toys#MakeToyInput$name",
    ] {
        let overlay = json!({
            "smithy": "2.0",
            "shapes": { place: { "type": "apply", "traits": { UNKNOWN: {} } } }
        });
        assert_eq!(
            refusal(&toys().to_string(), Some(&overlay.to_string())),
            expected(OVERLAY, place)
        );
    }
}
