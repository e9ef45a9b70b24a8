//! The normal form: what it leaves out, what it writes in one way, and that it is its own normal form.

use attache_codegen::import::{Sources, from_c2j, from_smithy};
use serde_json::{Value, json};

use crate::reference;

fn normalised(shapes: Value) -> Value {
    let mut all = json!({"a#S": {"type": "service", "version": "1"}});
    for (id, shape) in shapes.as_object().expect("shapes are an object") {
        all[id] = shape.clone();
    }
    let text =
        json!({"smithy": "2.0", "metadata": {"suppressions": []}, "shapes": all}).to_string();
    let imported = from_smithy(&text).expect("the model is sound");
    serde_json::from_str(&imported.model_json).expect("the importer writes JSON")
}

#[test]
fn what_can_be_written_in_two_ways_is_written_in_one() {
    let unit = json!({"target": "smithy.api#Unit"});
    for (shape, expected) in [
        (
            json!({"type": "string", "traits": {"smithy.api#documentation": "x", "smithy.api#sensitive": {}}}),
            json!({"type": "string", "traits": {"smithy.api#sensitive": {}}}),
        ),
        (
            json!({"type": "string", "traits": {}}),
            json!({"type": "string"}),
        ),
        (
            json!({"type": "set", "member": {"target": "smithy.api#String", "traits": {}}}),
            json!({"type": "list", "member": {"target": "smithy.api#String"}, "traits": {"smithy.api#uniqueItems": {}}}),
        ),
        (
            json!({"type": "structure"}),
            json!({"type": "structure", "members": {}}),
        ),
        (
            json!({"type": "operation", "input": unit, "output": unit, "errors": []}),
            json!({"type": "operation"}),
        ),
        (
            json!({"type": "operation", "traits": {"smithy.api#http": {"method": "GET", "uri": "/"}}}),
            json!({"type": "operation", "traits": {"smithy.api#http": {"code": 200, "method": "GET", "uri": "/"}}}),
        ),
        (
            json!({"type": "operation", "traits": {
                "smithy.test#smokeTests": [], "smithy.waiters#waitable": {"W": {"documentation": "x", "acceptors": []}}}}),
            json!({"type": "operation", "traits": {"smithy.waiters#waitable": {"W": {"acceptors": []}}}}),
        ),
        (
            json!({"type": "string", "traits": {"smithy.api#enum": [{"value": "a b"}, {"value": "c", "deprecated": true}]}}),
            json!({"type": "enum", "members": {
                "A_B": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "a b"}},
                "C": {"target": "smithy.api#Unit", "traits": {"smithy.api#deprecated": {}, "smithy.api#enumValue": "c"}}}}),
        ),
        (
            json!({"type": "string", "traits": {"smithy.api#enum": [{"value": "a b", "name": "First"}]}}),
            json!({"type": "enum", "members": {
                "First": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "a b"}}}}),
        ),
    ] {
        let model = normalised(json!({"a#X": shape.clone()}));
        assert_eq!(model["shapes"]["a#X"], expected, "{shape}");
        assert_eq!(model.get("metadata"), None);
    }
}

#[test]
fn the_text_is_sorted_indented_and_ends_with_a_newline() {
    let text = r#"{"smithy":"2","shapes":{"b#S":{"version":"1","type":"service","traits":{"smithy.api#title":"T"}}}}"#;
    let expected = "{\n  \"shapes\": {\n    \"b#S\": {\n      \"traits\": {\n        \"smithy.api#title\": \"T\"\n      },\n      \
                    \"type\": \"service\",\n      \"version\": \"1\"\n    }\n  },\n  \"smithy\": \"2.0\"\n}\n";
    assert_eq!(
        from_smithy(text)
            .map(|imported| imported.model_json)
            .as_deref(),
        Ok(expected)
    );
}

#[test]
fn order_and_repetition_of_references_mean_nothing() {
    let operation = |errors: &[&str]| {
        let errors: Vec<_> = errors.iter().map(|id| json!({"target": id})).collect();
        json!({
            "a#Act": {"type": "operation", "errors": errors},
            "a#X": {"type": "structure", "traits": {"smithy.api#error": "client"}},
            "a#Y": {"type": "structure", "traits": {"smithy.api#error": "client"}}
        })
    };
    assert_eq!(
        normalised(operation(&["a#Y", "a#X", "a#Y"])),
        normalised(operation(&["a#X", "a#Y"]))
    );
}

#[test]
fn the_normal_form_of_a_normal_form_is_itself() {
    for service in ["support", "security-ir"] {
        let text = reference::committed(&format!("{service}/model.json"));
        let again = from_smithy(&text).expect("the model is sound");
        assert_eq!(again.model_json, text, "{service}");
    }
}

#[test]
fn the_committed_models_have_all_operations() {
    for (service, operations) in [("support", 20), ("security-ir", 25)] {
        let text = reference::committed(&format!("{service}/model.json"));
        assert_eq!(
            from_smithy(&text).map(|imported| imported.operations),
            Ok(operations),
            "{service}"
        );
    }
}

#[test]
fn what_is_no_smithy_2_model_is_refused() {
    for (text, message) in [
        (
            "{",
            "not valid JSON: EOF while parsing an object at line 1 column 1",
        ),
        ("[]", "a Smithy JSON AST is an object"),
        (r#"{"shapes": {}}"#, "this is not a Smithy JSON AST"),
        (
            r#"{"smithy": "1.0", "shapes": {}}"#,
            "this is a Smithy 1.0 JSON AST",
        ),
        (r#"{"smithy": "2.0", "shapes": {}}"#, "no service"),
        (
            r##"{"smithy": "2.0", "shapes": {"a#L": {"type": "list", "member": {"target": "a#Gone"}}}}"##,
            "`a#Gone`",
        ),
        (
            r##"{"smithy": "2.0", "shapes": {"a#X": {"type": "string", "traits": {"b#t": {}}}}}"##,
            "unknown trait `b#t`",
        ),
        (
            r##"{"smithy": "2.0", "shapes": {"a#X": {"type": "blub"}}}"##,
            "a#X",
        ),
    ] {
        let error = from_smithy(text).expect_err(message).to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn every_reference_model_is_imported() {
    let Some(pairs) = reference_data::path("model-pairs") else {
        return;
    };
    let mut imported = 0;
    for pair in std::fs::read_dir(pairs).expect("the folder is there") {
        let pair = pair.expect("the folder can be listed").path();
        for name in ["old.json", "new.json"].map(|name| pair.join(name)) {
            if !name.is_file() {
                continue;
            }
            let text = reference::read(&name);
            let is_c2j = pair
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("c2j_"));
            let model = if is_c2j {
                from_c2j(&Sources {
                    service_2: &text,
                    ..Sources::default()
                })
            } else {
                from_smithy(&text)
            };
            let model = model.unwrap_or_else(|error| panic!("{}: {error}", name.display()));
            let again = from_smithy(&model.model_json);
            assert_eq!(again.as_ref(), Ok(&model), "{}", name.display());
            imported += 1;
        }
    }
    assert_eq!(imported, 24, "the folder holds twelve pairs");
}
