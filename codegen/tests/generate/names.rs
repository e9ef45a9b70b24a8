//! Names are total, valid, and different where the model's are.

use std::collections::BTreeSet;

use attache_codegen::plan::{End, field_name, plan, type_name};
use attache_codegen::{Input, analyse};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

use crate::model::{MODEL, generate_toys, input, manifest, toys};

fn is_identifier(text: &str) -> bool {
    syn::parse_str::<syn::Ident>(text).is_ok()
}

/// Names as they stand in models, and text of any kind as the values of enums may be.
fn wire_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z_][A-Za-z0-9_]{0,12}",
        "(self|Self|crate|super|type|r#fn|unknown|UNKNOWN|_|__|async|gen)[_0-9]?",
        any::<String>(),
    ]
}

/// The Rust names of the members of a structure, union or enum with these names.
fn generated_names(kind: &str, names: &BTreeSet<String>) -> Vec<String> {
    let target = if kind == "enum" {
        "smithy.api#Unit"
    } else {
        "smithy.api#String"
    };
    let members: Map<String, Value> = names
        .iter()
        .map(|name| (name.clone(), json!({ "target": target })))
        .collect();
    let mut model = toys();
    model["shapes"]["example.toys#Many"] = json!({ "type": kind, "members": members });
    model["shapes"]["example.toys#MakeToyInput"]["members"]["many"] =
        json!({ "target": "example.toys#Many" });
    let service = analyse(&Input {
        model_file: MODEL,
        model: &model.to_string(),
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest("attache-toys"),
        header: MODEL,
    });
    let service = service.expect("the model is fine");
    let plan = plan(&service, End::Client).expect("each has a name");
    let many = plan
        .types
        .iter()
        .find(|definition| definition.model.name == "Many")
        .expect("the shape is there");
    let mut found: Vec<String> = many
        .fields()
        .iter()
        .map(|field| field.name.clone())
        .collect();
    if let attache_codegen::plan::Definition::Enum(values) = &many.definition {
        found.extend(values.iter().map(|value| value.name.clone()));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn every_text_becomes_a_field_name_and_a_type_name(wire in wire_name()) {
        let field = field_name(&wire);
        prop_assert!(is_identifier(&field), "{field:?}");
        prop_assert!(!field.chars().any(|letter| letter.is_ascii_uppercase()), "{field:?}");
        let ty = type_name(&wire);
        prop_assert!(ty == "Self" || is_identifier(&ty), "{ty:?}");
        prop_assert!(ty.starts_with(|first: char| first.is_ascii_uppercase()), "{ty:?}");
    }

    #[test]
    fn members_have_different_valid_names(
        names in proptest::collection::btree_set("[A-Za-z_][A-Za-z0-9_]{0,5}", 1..6),
        kind in prop_oneof![Just("structure"), Just("union"), Just("enum")],
    ) {
        let found = generated_names(kind, &names);
        prop_assert!(found.iter().all(|name| is_identifier(name)), "{found:?}");
        prop_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), names.len(), "{:?}", found);
    }
}

/// Values that all become `UnknownValue`, because `Unknown` is taken.
#[test]
fn values_called_unknown_are_told_apart() {
    let names = [
        "UNKNOWN",
        "Unknown",
        "UNKNOWN_VALUE",
        "unknown",
        "self",
        "Self",
    ];
    let names: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let found = generated_names("enum", &names);
    assert_eq!(
        found.iter().collect::<BTreeSet<_>>().len(),
        names.len(),
        "{found:?}"
    );
    assert!(!found.contains(&"Unknown".to_owned()), "{found:?}");
}

/// The Rust names of the types and operations of `toys` with more shapes, and a list in the input that names them all.
fn names_beside(shapes: Value) -> Vec<String> {
    let mut model = toys();
    for (index, (id, shape)) in shapes.as_object().expect("shapes").iter().enumerate() {
        model["shapes"][format!("example.toys#{id}")] = shape.clone();
        let target = json!({ "target": format!("example.toys#{id}") });
        if shape["type"] == "operation" {
            let operations = &mut model["shapes"]["example.toys#Toys"]["operations"];
            operations.as_array_mut().expect("a list").push(target);
        } else {
            model["shapes"]["example.toys#MakeToyInput"]["members"][format!("shape{index}")] =
                target;
        }
    }
    let text = model.to_string();
    let manifest = manifest("attache-toys");
    let service = analyse(&input(&text, &manifest)).expect("each has a name");
    generate_toys(&text, None).expect("it can be written");
    let plan = plan(&service, End::Client).expect("each has a name");
    let types = plan.types.into_iter().map(|definition| definition.name);
    let operations = plan.operations.into_iter();
    let operations =
        operations.map(|operation| format!("{} {}", operation.name, operation.function));
    types.chain(operations).collect()
}

/// Requests, responses, builders, `Unit` and other names of shapes are made up, so they take what the model leaves.
#[test]
fn made_up_names_give_way_to_those_of_shapes() {
    let structure =
        || json!({ "type": "structure", "members": { "a": { "target": "smithy.api#String" } } });
    let unit = json!({ "type": "union", "members": { "none": { "target": "smithy.api#Unit" } } });
    let names = names_beside(json!({
        "MakeToyRequest": structure(), "MakeToyCallRequest": structure(), "MakeToyResponse": structure(),
        "Client": structure(), "ClientShape": structure(), "Error": structure(),
        "Choice": unit, "Unit": structure(), "Call": structure(),
    }));
    for name in [
        "MakeToyRequest",
        "MakeToyCallRequest",
        "MakeToyCallRequest2",
        "MakeToyResponse",
        "MakeToyCallResponse",
        "ClientShape",
        "ClientShape2",
        "ErrorShape",
        "CallShape",
        "Unit",
        "UnitShape",
        "MakeToy make_toy",
    ] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
    assert_eq!(
        names.iter().collect::<BTreeSet<_>>().len(),
        names.len(),
        "{names:?}"
    );
}

#[test]
fn builders_and_functions_of_operations_give_way() {
    let structure =
        || json!({ "type": "structure", "members": { "a": { "target": "smithy.api#String" } } });
    let operation = |uri: &str| json!({ "type": "operation", "traits": { "smithy.api#http": { "method": "POST", "uri": uri } } });
    let names = names_beside(json!({
        "MakeToy2": operation("/2"), "Send": operation("/send"), "SendOperation": operation("/other"),
        "SendCall": structure(), "MakeToy2Call": structure(), "Parcel": operation("/parcel"), "ParcelCall": structure(),
    }));
    for name in [
        "Send send_operation_2",
        "SendOperation send_operation",
        "Parcel parcel",
        "SendCall",
        "ParcelCall",
        "MakeToy2 make_toy2",
    ] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
}
