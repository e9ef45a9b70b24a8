//! `models/SERVICE/docs.json` and `words = "required"`: what fails, what is listed, and what `update` does.

use super::names::with_values;
use super::workspace::Place;

const FILE: &str = "models/parcels/docs.json";

/// A workspace in which everything of a service is explained, and must be.
fn explained() -> Place {
    let place = Place::workspace();
    place.write("published.json", &with_values(&["1.0"]));
    place.succeeds("", "add parcels --from published.json");
    let settings = place.read("models/attache.toml");
    let required = settings.replace(
        "[service.parcels]",
        "[service.parcels]\nwords = \"required\"",
    );
    assert_ne!(settings, required);
    place.write("models/attache.toml", &required);
    let (status, printed, _) = place.run("", "generate --check");
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("models/parcels/docs.json: no words about `SendParcel`\n"),
        "{printed}"
    );
    let marked = place.succeeds("", "docs --gaps");
    assert!(
        marked.contains("wrote models/parcels/docs.json"),
        "{marked}"
    );
    let gaps = place.read(FILE);
    place.write(FILE, &gaps.replace("null", "\"Carried by a pigeon.\""));
    place.succeeds("", "generate");
    assert_eq!(place.succeeds("", "verify"), "1 service is valid\n");
    place
}

#[test]
fn words_that_are_required_must_be_there_and_about_something() {
    let place = explained();
    let whole = place.read(FILE);
    place.write(FILE, &whole.replacen("\"Carried by a pigeon.\"", "null", 1));
    place.succeeds("", "generate");
    for command in ["generate --check", "verify"] {
        let (status, printed, _) = place.run("", command);
        assert_eq!(status, 1, "{command}: {printed}");
        assert!(printed.contains("no words about `"), "{command}: {printed}");
    }
    let covered = place.succeeds("", "docs --coverage --missing");
    assert_eq!(covered.matches("no words about").count(), 1, "{covered}");

    place.write(
        FILE,
        &whole.replacen("\"shapes\": {", "\"shapes\": { \"Gone\": {},", 1),
    );
    let (status, printed, _) = place.run("", "verify");
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("Gone: the model has no such shape"),
        "{printed}"
    );
    assert!(
        place
            .fails("", "generate")
            .contains("Gone: the model has no such shape")
    );
}

/// An automatic update reaches review, and the checks of its pull request fail until a person has written the text.
#[test]
fn an_update_marks_what_has_no_words_lists_it_and_goes_on() {
    let place = explained();
    let whole = place.read(FILE);
    place.write(
        FILE,
        &whole.replacen("\"shapes\": {", "\"shapes\": { \"Gone\": {},", 1),
    );
    place.write("new.json", &with_values(&["1.0", "2.0"]));
    let printed = place.succeeds("", "update parcels --from new.json");
    assert!(
        printed.contains("to review: models/parcels/docs.json: no words about `Revision$V2_0`"),
        "{printed}"
    );
    assert!(
        printed.contains("Gone: the model has no such shape"),
        "{printed}"
    );
    let marked = place.read(FILE);
    assert!(marked.contains("\"V2_0\": null"), "{marked}");
    assert!(marked.contains("\"Gone\": {}"), "{marked}");
    place.write(FILE, &marked.replacen("\"Gone\": {},", "", 1));
    let (status, printed, _) = place.run("", "generate --check");
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("no words about `Revision$V2_0`"),
        "{printed}"
    );
}

/// The words may be wrong although the model is as it was.
#[test]
fn an_update_lists_gaps_also_where_the_model_did_not_change() {
    let place = explained();
    let whole = place.read(FILE);
    let gap = whole.replacen("\"Carried by a pigeon.\"", "null", 1);
    let gap = gap.replacen("\"shapes\": {", "\"shapes\": { \"Gone\": {},", 1);
    place.write(FILE, &gap);
    let printed = place.succeeds("", "update parcels --from published.json");
    assert!(printed.contains("nothing changed"), "{printed}");
    assert_eq!(printed.matches("no words about").count(), 1, "{printed}");
    assert!(
        printed.contains("Gone: the model has no such shape"),
        "{printed}"
    );
    assert_eq!(place.read(FILE).matches("null").count(), 1);
}

/// AWS's reference has a page for each operation of a model of botocore, under the name that the model has.
#[test]
fn the_reference_is_that_of_the_settings_or_of_the_source() {
    let place = Place::workspace();
    place.add_parcels();
    let page = "crates/parcels/src/operation/send_parcel.rs";
    let settings = place.read("models/attache.toml");
    assert!(!place.read(page).contains("reference]("));
    let with = |line: &str| {
        let changed = settings.replace("[service.parcels]", &format!("[service.parcels]\n{line}"));
        place.write("models/attache.toml", &changed);
    };
    with("source = \"botocore\"");
    place.succeeds("", "generate");
    let text = place.read(page);
    assert!(
        text.contains("](https://docs.aws.amazon.com/goto/WebAPI/parcels-"),
        "{text}"
    );
    with("reference = \"https://docs.example/parcels#{operation}\"");
    place.succeeds("", "generate");
    let text = place.read(page);
    assert!(
        text.contains("[API reference](https://docs.example/parcels#SendParcel)"),
        "{text}"
    );
    with("reference = \"https://docs.example/parcels\"");
    assert!(
        place
            .fails("", "generate")
            .contains("has {operation} in it")
    );
}

/// Examples of the crate are listed on its front page, by what their files say.
#[test]
fn the_front_page_lists_the_examples_of_the_crate() {
    let place = Place::workspace();
    place.add_parcels();
    let example = "//! Sends a parcel:\n//! `cargo run --example send`.\n\nfn main() {}\n";
    place.write("crates/parcels/examples/send.rs", example);
    place.write("crates/parcels/examples/notes.txt", "none");
    let (status, ..) = place.run("", "generate --check");
    assert_eq!(status, 1);
    place.succeeds("", "generate");
    let root = place.read("crates/parcels/src/lib.rs");
    assert!(
        root.contains("//! * `send`: Sends a parcel: `cargo run --example send`.\n"),
        "{root}"
    );
    assert_eq!(place.read("crates/parcels/examples/send.rs"), example);
}

#[test]
fn the_setting_has_one_value() {
    let place = Place::workspace();
    place.add_parcels();
    let settings = place.read("models/attache.toml");
    let wrong = settings.replace("[service.parcels]", "[service.parcels]\nwords = true");
    place.write("models/attache.toml", &wrong);
    assert!(
        place
            .fails("", "generate")
            .contains("`words` can only be \"required\"")
    );
}
