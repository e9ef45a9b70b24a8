//! An identifier that stands for something else is a break of the Rust API, however it came about.

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

/// Compares folders of models, of which the names are known.
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
fn a_model_that_takes_the_place_of_another_keeps_its_names() {
    let report = compared(&level(&["110"]), &level(&["1.10", "110"]));
    assert_eq!(report.verdict.rust, RustLevel::Minor, "{report:#?}");
    assert_eq!(api(&report), ["`enums::Colour::V110_2` is new"]);
    let report = compared(&level(&["1.10", "110"]), &level(&["110"]));
    assert_eq!(api(&report), ["`enums::Colour::V110_1` is gone"]);
}

#[test]
fn a_folder_without_recorded_names_breaks_what_was_generated_before() {
    let none = Names::default();
    let (old, new) = (level(&["110"]), level(&["1.10", "110"]));
    let report = compared_folders((&old, &none), (&new, &none));
    assert_eq!(report.verdict.rust, RustLevel::Major, "{report:#?}");
    let lines = api(&report);
    assert!(
        lines.contains(&"`enums::Colour::V110` is gone"),
        "{lines:?}"
    );
    let recorded = colour(&[("110", "V110"), ("1.10", "V110_2")]);
    let report = compared_folders((&old, &none), (&new, &recorded));
    assert_eq!(report.verdict.rust, RustLevel::Minor, "{report:#?}");
}

#[test]
fn an_identifier_that_stands_for_another_value_is_a_break() {
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
            "`enums::Colour::V110_2` stood for `1.10` and stands for `110`",
            "`enums::Colour::V110` stood for `110` and stands for `1.10`",
        ]
    );

    // One value goes, and another one comes that is called alike.
    let report = compared(&level(&["110"]), &level(&["1.10"]));
    assert_eq!(report.verdict.rust, RustLevel::Major, "{report:#?}");
    assert_eq!(
        api(&report),
        ["`enums::Colour::V110` stood for `110` and stands for `1.10`"]
    );
}

#[test]
fn a_field_that_stands_for_another_member_is_a_break() {
    let string = |traits: Value| json!({ "target": "smithy.api#String", "traits": traits });
    let model = |name: &str, traits: Value| {
        service(json!({ "a#Part": { "type": "structure", "members": { name: string(traits) } } }))
    };
    let report = compared(&model("userId", json!({})), &model("UserID", json!({})));
    assert_eq!(report.verdict.rust, RustLevel::Major, "{report:#?}");
    let lines = api(&report);
    assert!(
        lines.contains(&"`types::Part.user_id` stood for `userId` and stands for `UserID`"),
        "{lines:?}"
    );

    // The messages are the same, and so is what the field is for.
    let named = json!({ "smithy.api#jsonName": "user" });
    let report = compared(&model("userId", named.clone()), &model("UserID", named));
    assert_ne!(report.verdict.rust, RustLevel::Major, "{report:#?}");
}

#[test]
fn integers_of_enums_are_what_their_variants_stand_for() {
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
        ["`enums::Colour::High` stood for `1` and stands for `2`"]
    );
}
