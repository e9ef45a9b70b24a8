//! What restXml reads and writes only in some models: structures without members, and enums that are only attributes.

use attache_codegen::emit::File;
use serde_json::{Value, json};

use crate::model::{generate_toys, toys};

/// `toys` with restXml, where request and response have a seal of this kind.
fn sealed(members: Value) -> Vec<File> {
    let mut model = toys();
    let shapes = &mut model["shapes"];
    shapes["example.toys#Kind"] = json!({
        "type": "enum",
        "members": { "WAX": { "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": "wax" } } }
    });
    shapes["example.toys#Seal"] = json!({ "type": "structure", "members": members });
    for message in ["MakeToyInput", "MakeToyOutput"] {
        shapes[format!("example.toys#{message}")]["members"]["seal"] =
            json!({ "target": "example.toys#Seal" });
    }
    shapes["example.toys#Toys"]["traits"] = json!({
        "aws.api#service": { "sdkId": "Toys" },
        "aws.auth#sigv4": { "name": "toys" },
        "aws.protocols#restXml": {}
    });
    generate_toys(&model.to_string(), None).expect("the model is fine")
}

fn text<'a>(files: &'a [File], path: &str) -> &'a str {
    let file = files.iter().find(|file| file.path == path);
    &file.unwrap_or_else(|| panic!("no {path}")).text
}

/// rustc warns of a parameter that is not used.
#[test]
fn a_structure_without_members_does_not_use_the_writer() {
    let files = sealed(json!({}));
    let types = text(&files, "src/types.rs");
    let expected = "fn write_xml(&self, _writer: &mut xml::Writer) {}";
    assert!(types.contains(expected), "{types}");
}

/// rustc warns of a function that is not used: an attribute is created from its text.
#[test]
fn an_enum_that_is_only_an_attribute_has_no_function_that_reads_an_element() {
    for (traits, has_reader) in [
        (json!({}), true),
        (json!({ "smithy.api#xmlAttribute": {} }), false),
    ] {
        let files = sealed(json!({ "kind": { "target": "example.toys#Kind", "traits": traits } }));
        let enums = text(&files, "src/enums.rs");
        assert_eq!(enums.contains("fn read_xml("), has_reader, "{enums}");
    }
}
