//! Names that are different in a model and would be one in Rust, on the wire, or on a disk.

use serde_json::json;

use crate::model::{generate_toys, toys};

/// A renamed error keeps its name on the wire (Smithy specification, "Service", `rename`).
#[test]
fn errors_of_one_name_on_the_wire_are_refused_whatever_they_are_renamed_to() {
    let mut model = toys();
    let error =
        json!({ "type": "structure", "members": {}, "traits": { "smithy.api#error": "client" } });
    let ids = ["example.other#Broken", "example.toys#Broken"];
    for id in ids {
        model["shapes"][id] = error.clone();
    }
    model["shapes"]["example.toys#Toys"]["rename"] =
        json!({ "example.other#Broken": "OtherBroken" });
    model["shapes"]["example.toys#MakeToy"]["errors"] =
        json!([{ "target": ids[0] }, { "target": ids[1] }]);
    let message = generate_toys(&model.to_string(), None)
        .expect_err("two are one")
        .to_string();
    assert!(
        message.contains(
            "the errors `example.other#Broken` and `example.toys#Broken` are both `Broken` on the wire"
        ),
        "{message}"
    );
}

#[test]
fn no_file_is_called_like_a_device_of_windows() {
    for name in ["Aux", "Con", "Nul", "PRN", "Com1", "LPT9"] {
        let mut model = toys();
        let operation = model["shapes"]["example.toys#MakeToy"].clone();
        model["shapes"][format!("example.toys#{name}")] = operation;
        model["shapes"]["example.toys#Toys"]["operations"] =
            json!([{ "target": format!("example.toys#{name}") }]);
        let files = generate_toys(&model.to_string(), None).expect("the model is fine");
        let function = name.to_lowercase();
        let path = format!("src/operation/{function}_.rs");
        assert!(files.iter().any(|file| file.path == path), "{path}");
        let client = files
            .iter()
            .find(|file| file.path == "src/client.rs")
            .expect("a client");
        assert!(
            client.text.contains(&format!("pub fn {function}(&self)")),
            "{name}"
        );
        for file in &files {
            let stem = file
                .path
                .rsplit('/')
                .next()
                .and_then(|name| name.split('.').next());
            assert_ne!(stem, Some(function.as_str()), "{}", file.path);
        }
    }
}
