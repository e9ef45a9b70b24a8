//! Services of the query protocols: slices of them, and errors without members.

use std::fs;
use std::path::Path;

use attache_codegen::emit::File;
use attache_codegen::{Input, generate};
use serde_json::Value;

use crate::model::manifest;

/// The model of a golden crate.
fn model(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden");
    let path = path.join(name).join("model.json");
    let text = fs::read_to_string(path).expect("the model can be read");
    serde_json::from_str(&text).expect("the model is JSON")
}

fn generated(model: &Value, operations: Option<&[String]>) -> Vec<File> {
    generate(&Input {
        model_file: "model.json",
        model: &model.to_string(),
        overlay: None,
        words: None,
        prose: None,
        operations,
        manifest: &manifest("attache-toys"),
        header: "Generated.",
    })
    .expect("the model is fine")
}

fn text<'a>(files: &'a [File], path: &str) -> &'a str {
    let file = files.iter().find(|file| file.path == path);
    &file.unwrap_or_else(|| panic!("no {path}")).text
}

#[test]
fn a_slice_keeps_pages_and_waiters_and_only_what_its_operations_need() {
    for name in ["query", "ec2"] {
        let model = model(name);
        let slice = generated(&model, Some(&["ListToys".to_owned()]));
        let page = text(&slice, "src/operation/list_toys.rs");
        for kept in ["fn items(", "fn pages(", "fn until_toys_ready("] {
            assert!(page.contains(kept), "{name}: {kept}");
        }
        let whole = generated(&model, None);
        let manifest = text(&slice, "Cargo.toml");
        for feature in ["\"form\"", "\"xml\""] {
            assert!(manifest.contains(feature), "{name}: {manifest}");
            assert!(text(&whole, "Cargo.toml").contains(feature), "{name}");
        }
        assert!(text(&slice, "src/types.rs").contains("struct Part "));
        for gone in ["MakeToy", "ToyExists", "enum Colour", "PartsByName"] {
            let file = slice
                .iter()
                .find(|file| file.path != "README.md" && file.text.contains(gone));
            assert!(
                file.is_none(),
                "{name}: {gone} is in {:?}",
                file.map(|file| &file.path)
            );
            assert!(
                gone == "PartsByName" || whole.iter().any(|file| file.text.contains(gone)),
                "{name}: {gone}"
            );
        }
    }
}

/// A message is no member of XML: a mock writes it from the metadata of the error.
#[test]
fn a_mock_writes_nothing_of_errors_without_members() {
    let mut model = model("query");
    let shapes = model["shapes"].as_object_mut().expect("there are shapes");
    for shape in shapes.values_mut() {
        if shape["traits"].get("smithy.api#error").is_some() {
            shape["members"] = serde_json::json!({});
        }
    }
    let files = generated(&model, None);
    let mocks = text(&files, "src/test_util.rs");
    let function = mocks.split("fn write_error(").nth(1).expect("it is there");
    let function = function.split("\n}").next().expect("it has an end");
    assert!(function.contains("::error(modelled)"), "{function}");
    assert!(
        !function.contains("let mut writer") && !function.contains("match error"),
        "{function}"
    );
}

/// What the documentation states and the model does not: a URL of the request to the region that it copies from, and bytes
/// where the model has their base64.
#[test]
fn an_overlay_makes_copies_and_bytes() {
    let mut model = model("query");
    let overlay = serde_json::json!({ "smithy": "2.0", "shapes": {
        "example.forms#MakeToyInput$name": { "type": "apply", "traits": {
            "attache#presignedCopy": { "url": "gone", "destination": "To", "namesRegions": false }
        } },
    } });
    let made = |model: &Value, overlay: &Value| {
        generate(&Input {
            model_file: "model.json",
            model: &model.to_string(),
            overlay: Some(("overlay.json", &overlay.to_string())),
            words: None,
            prose: None,
            operations: None,
            manifest: &manifest("attache-toys"),
            header: "Generated.",
        })
    };
    let refused = made(&model, &overlay).expect_err("there is no such member");
    let refused = refused.to_string();
    assert!(refused.contains("names the member `gone`"), "{refused}");
    model["shapes"]["example.forms#MakeToyInput"]["members"]["copyUrl"] = serde_json::json!({ "target": "smithy.api#String", "traits": { "smithy.api#xmlName": "Url" } });
    let overlay = serde_json::json!({ "smithy": "2.0", "shapes": {
        "example.forms#MakeToyInput$name": { "type": "apply", "traits": {
            "attache#presignedCopy": { "url": "copyUrl", "destination": "To", "namesRegions": false }
        } },
        "example.forms#MakeToyInput$copyUrl": { "type": "apply", "traits": {
            "attache#memberTarget": "smithy.api#Blob"
        } },
    } });
    let files = made(&model, &overlay).expect("the overlay is fine");
    let page = text(&files, "src/operation/make_toy.rs");
    let call: String = page.split_whitespace().collect();
    assert!(call.contains("request.presigned_copy("), "{page}");
    assert!(
        call.contains("source:\"name\",url:\"Url\",destination:\"To\",names_regions:false"),
        "{page}"
    );
    assert!(call.contains("pubcopy_url:Option<Bytes>"), "{page}");
}
