//! `models/SERVICE/names.json`: what writes it, what reads it, and what it says when it is wrong.

use std::fs;

use serde_json::{Value, json};

use super::workspace::{Place, published};

const FILE: &str = "models/parcels/names.json";

/// The published model with an enum of these values in what `SendParcel` takes.
pub(crate) fn with_values(values: &[&str]) -> String {
    let text = fs::read_to_string(published()).expect("the model is there");
    let mut model: Value = serde_json::from_str(&text).expect("it is JSON");
    let shapes = model["shapes"].as_object_mut().expect("it has shapes");
    let operation = shapes.keys().find(|id| id.ends_with("#SendParcel"));
    let operation = operation.expect("it has the operation").clone();
    let namespace = operation.trim_end_matches("#SendParcel").to_owned();
    let members = values.iter().map(|value| {
        let traits = json!({ "smithy.api#enumValue": value });
        let member = json!({ "target": "smithy.api#Unit", "traits": traits });
        (format!("V{}", value.replace('.', "_")), member)
    });
    let members: serde_json::Map<String, Value> = members.collect();
    let id = format!("{namespace}#Revision");
    shapes.insert(id.clone(), json!({ "type": "enum", "members": members }));
    let input = shapes[&operation]["input"]["target"].clone();
    let input = input.as_str().expect("it has an input");
    shapes[input]["members"]["revision"] = json!({ "target": id });
    model.to_string()
}

/// A workspace with a crate of the model.
fn added(values: &[&str]) -> Place {
    let place = Place::workspace();
    place.write("published.json", &with_values(values));
    place.succeeds("", "add parcels --from published.json");
    place
}

fn variants(place: &Place) -> Vec<(String, String)> {
    let text = place.read("crates/parcels/src/enums.rs");
    let lines = text.lines().filter_map(|line| {
        let (value, name) = line.trim().split_once(" => Self::")?;
        let name = name.trim_end_matches(',');
        Some((value.trim_matches('"').to_owned(), name.to_owned()))
    });
    let mut lines: Vec<_> = lines.filter(|(value, _)| value.starts_with('1')).collect();
    lines.sort();
    lines
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(value, name)| ((*value).to_owned(), (*name).to_owned()))
        .collect()
}

#[test]
fn an_update_into_a_collision_is_minor_and_records_the_names() {
    let place = added(&["110"]);
    assert!(!place.path(FILE).exists(), "no name had to be settled");
    place.write("new.json", &with_values(&["1.10", "110"]));
    let before = place.snapshot("models");
    let shown = place.succeeds("", "update parcels --from new.json --dry-run");
    assert!(shown.contains("version 0.1.0 -> 0.1.1"), "{shown}");
    assert!(place.snapshot("models") == before);

    let shown = place.succeeds("", "diff parcels new.json");
    assert!(
        shown.contains("`enums::Revision::V110_2` was added"),
        "{shown}"
    );
    place.succeeds("", "update parcels --from new.json");
    let expected = pairs(&[("1.10", "V110_2"), ("110", "V110")]);
    assert_eq!(variants(&place), expected);
    let file = place.read(FILE);
    assert!(
        file.starts_with("{\n  \"members\": {\n")
            && file.contains("      \"1.10\": \"V110_2\",\n      \"110\": \"V110\"\n"),
        "{file}"
    );
    place.succeeds("", "generate --check");

    // The other value goes, and nothing moves; it comes back and has its name again.
    for values in [&["1.10"][..], &["1.10", "110"]] {
        place.write("new.json", &with_values(values));
        place.succeeds("", "update parcels --from new.json");
        assert_eq!(place.read(FILE), file);
        let left: Vec<_> = expected
            .iter()
            .filter(|(value, _)| values.contains(&value.as_str()))
            .cloned()
            .collect();
        assert_eq!(variants(&place), left);
        place.succeeds("", "generate --check");
    }
}

#[test]
fn names_that_are_new_together_are_recorded_by_what_generates_them() {
    let place = added(&["1.10", "110"]);
    let expected = pairs(&[("1.10", "V110_1"), ("110", "V110_2")]);
    assert_eq!(variants(&place), expected);
    let file = place.read(FILE);
    place.succeeds("", "generate --check");

    fs::remove_file(place.path(FILE)).expect("it can be removed");
    let (status, printed, _) = place.run("", "generate --check");
    assert_eq!(status, 1);
    assert!(
        printed.contains("names.json") && printed.contains("+      \"1.10\": \"V110_1\""),
        "{printed}"
    );
    place.succeeds("", "generate");
    assert_eq!(place.read(FILE), file);

    // What people write into it holds, and is put into the normal form.
    place.write(FILE, &file.replace("V110_1", "Dotted").replace("  ", " "));
    let (status, printed, _) = place.run("", "generate --check");
    assert_eq!(status, 1, "{printed}");
    place.succeeds("", "generate");
    assert_eq!(
        variants(&place),
        pairs(&[("1.10", "Dotted"), ("110", "V110_2")])
    );
    assert_eq!(place.read(FILE), file.replace("V110_1", "Dotted"));
    place.succeeds("", "generate --check");
}

/// A crate of a generator without recorded names, whose model was replaced by hand.
#[test]
fn a_replaced_model_without_recorded_names_is_a_break() {
    let place = added(&["110"]);
    place.commit();
    let other = added(&["1.10", "110"]);
    place.write(
        "models/parcels/model.json",
        &other.read("models/parcels/model.json"),
    );
    let shown = place.succeeds("", "diff parcels@HEAD parcels --format json");
    let report: Value = serde_json::from_str(&shown).expect("it is JSON");
    assert_eq!(report["verdict"]["rust"], "major", "{shown}");
    assert!(
        shown.contains("`enums::Revision::V110` was removed"),
        "{shown}"
    );
    place.succeeds("", "generate");
    assert_eq!(
        variants(&place),
        pairs(&[("1.10", "V110_1"), ("110", "V110_2")])
    );

    // With the names that `update` would have recorded there is none.
    let names = place
        .read(FILE)
        .replace("V110_2", "V110")
        .replace("V110_1", "V110_2");
    place.write(FILE, &names);
    let shown = place.succeeds("", "diff parcels@HEAD parcels --format json");
    let report: Value = serde_json::from_str(&shown).expect("it is JSON");
    assert_eq!(report["verdict"]["rust"], "minor", "{shown}");
}

#[test]
fn an_import_keeps_the_names_and_records_them() {
    let place = added(&["110"]);
    place.write("new.json", &with_values(&["1.10", "110"]));
    place.succeeds("", "import parcels --from new.json");
    assert!(place.read(FILE).contains("\"110\": \"V110\""));
    place.succeeds("", "generate");
    assert_eq!(
        variants(&place),
        pairs(&[("1.10", "V110_2"), ("110", "V110")])
    );

    // One that is imported for the first time has none to keep.
    let place = Place::workspace();
    place.write("models/attache.toml", "");
    place.write("new.json", &with_values(&["1.10", "110"]));
    place.succeeds("", "import parcels --from new.json");
    assert!(place.read(FILE).contains("\"110\": \"V110_2\""));
}

#[test]
fn a_wrong_file_stops_every_command_and_nothing_is_written() {
    let place = added(&["110"]);
    place.write("new.json", &with_values(&["1.10", "110"]));
    let id = place.read("models/parcels/model.json");
    let id = id.split('"').find(|text| text.ends_with("#Revision"));
    let id = id.expect("the shape is there").to_owned();
    for (names, complaint) in [
        (
            json!({ "shapes": {} }),
            "shapes: unknown key; there are `members`".to_owned(),
        ),
        (
            json!({ "members": { &id: { "110": "Unknown" } } }),
            format!("members: {id}: 110: generated code uses the name `Unknown`"),
        ),
        (
            json!({ "members": { &id: { "110": "v110" } } }),
            format!(
                "members: {id}: 110: `v110` is the name of a field, but the shape has variants"
            ),
        ),
    ] {
        place.write(FILE, &names.to_string());
        let before = place.snapshot("");
        for command in [
            "generate",
            "generate --check",
            "update parcels --from new.json",
        ] {
            let refused = place.fails("", command);
            assert!(
                refused.contains(&format!("{FILE}: {complaint}")),
                "{command}: {refused}"
            );
        }
        assert!(place.snapshot("") == before);
    }
}
