//! An identifier with another meaning is a break of the Rust API, whatever its cause.

use attache_codegen::diff::{Report, RustLevel, Version, Wire, compare};
use attache_codegen::plan::Names;
use serde_json::{Map, Value, json};

use super::{at, compared, service, version};

/// An enum of these values in a service.
fn level(values: &[&str]) -> Value {
    let members: Map<String, Value> = values
        .iter()
        .map(|value| {
            let traits = json!({ "smithy.api#enumValue": value });
            let name = format!("_{}", value.replace('.', "_"));
            (
                name,
                json!({ "target": "smithy.api#Unit", "traits": traits }),
            )
        })
        .collect();
    service(json!({ "a#Colour": { "type": "enum", "members": members } }))
}

/// Compares folders of models with recorded names.
fn compared_folders(old: (&Value, &Names), new: (&Value, &Names)) -> Report {
    let folder = |name, (model, names)| Version {
        names: Some(names),
        ..version(name, model)
    };
    compare(&folder("old", old), &folder("new", new)).expect("both models have a service")
}

fn colour(names: &[(&str, &str)]) -> Names {
    let names: Map<String, Value> = names
        .iter()
        .map(|(value, name)| ((*value).to_owned(), (*name).into()))
        .collect();
    let file = json!({ "members": { "a#Colour": names } });
    Names::parse(&file.to_string()).expect("the names are right")
}

fn api(report: &Report) -> Vec<&str> {
    let lines = report.changes.iter().flat_map(|change| &change.api);
    lines.map(String::as_str).collect()
}

#[test]
fn a_model_that_replaces_another_keeps_its_names() {
    let report = compared(&level(&["110"]), &level(&["1.10", "110"]));
    assert_eq!(report.verdict.rust, RustLevel::Minor, "{report:#?}");
    assert_eq!(api(&report), ["`enums::Colour::V110_2` was added"]);
    let report = compared(&level(&["1.10", "110"]), &level(&["110"]));
    assert_eq!(api(&report), ["`enums::Colour::V110_1` was removed"]);
}

#[test]
fn a_folder_without_recorded_names_breaks_the_api() {
    let none = Names::default();
    let (old, new) = (level(&["110"]), level(&["1.10", "110"]));
    let report = compared_folders((&old, &none), (&new, &none));
    assert_eq!(report.verdict.rust, RustLevel::Major, "{report:#?}");
    let lines = api(&report);
    assert!(
        lines.contains(&"`enums::Colour::V110` was removed"),
        "{lines:?}"
    );
    let recorded = colour(&[("110", "V110"), ("1.10", "V110_2")]);
    let report = compared_folders((&old, &none), (&new, &recorded));
    assert_eq!(report.verdict.rust, RustLevel::Minor, "{report:#?}");
}

#[test]
fn an_identifier_that_means_another_value_is_a_break() {
    let model = level(&["1.10", "110"]);
    let old = colour(&[("110", "V110"), ("1.10", "V110_2")]);
    let new = colour(&[("110", "V110_2"), ("1.10", "V110")]);
    let report = compared_folders((&model, &old), (&model, &new));
    assert_eq!(
        (report.verdict.rust, report.verdict.wire, report.bump()),
        (RustLevel::Major, Wire::None, RustLevel::Major)
    );
    assert_eq!(
        api(&report),
        [
            "`enums::Colour::V110_2` meant `1.10` and now means `110`",
            "`enums::Colour::V110` meant `110` and now means `1.10`",
        ]
    );

    // One value is removed, and another one with the same name is added.
    let report = compared(&level(&["110"]), &level(&["1.10"]));
    assert_eq!(report.verdict.rust, RustLevel::Major, "{report:#?}");
    assert_eq!(
        api(&report),
        ["`enums::Colour::V110` meant `110` and now means `1.10`"]
    );
}

#[test]
fn a_field_that_means_another_member_is_a_break() {
    let string = |traits: Value| json!({ "target": "smithy.api#String", "traits": traits });
    let model = |name: &str, traits: Value| {
        service(json!({ "a#Part": { "type": "structure", "members": { name: string(traits) } } }))
    };
    let report = compared(&model("userId", json!({})), &model("UserID", json!({})));
    assert_eq!(report.verdict.rust, RustLevel::Major, "{report:#?}");
    let lines = api(&report);
    assert!(
        lines.contains(&"`types::Part.user_id` meant `userId` and now means `UserID`"),
        "{lines:?}"
    );

    // The messages are the same, and so is the meaning of the field.
    let named = json!({ "smithy.api#jsonName": "user" });
    let report = compared(&model("userId", named.clone()), &model("UserID", named));
    assert_ne!(report.verdict.rust, RustLevel::Major, "{report:#?}");
}

#[test]
fn a_variant_of_an_integer_enum_means_its_integer() {
    let model = |value: i32| {
        let traits = json!({ "smithy.api#enumValue": value });
        let members = json!({ "HIGH": { "target": "smithy.api#Unit", "traits": traits } });
        service(json!({ "a#Colour": { "type": "intEnum", "members": members } }))
    };
    let report = compared(&model(1), &model(2));
    let change = at(&report, "a#Colour$HIGH");
    assert_eq!(
        (change.rust, change.wire),
        (RustLevel::Major, Wire::Breaking)
    );
    assert_eq!(
        change.api,
        ["`enums::Colour::High` meant `1` and now means `2`"]
    );
}
