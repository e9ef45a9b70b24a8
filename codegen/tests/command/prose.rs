//! `documentation = "source"`: `prose.json`, which `add`, `import` and `update` write, and `generate` and `verify` read.

use serde_json::Value;

use super::workspace::{Place, published};

const FILE: &str = "models/parcels/prose.json";
const SETTINGS: &str = "models/attache.toml";
const CLIENT: &str = "crates/parcels/src/client.rs";

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

/// A model with these texts about an operation and its request.
fn publish(place: &Place, operation: &str, member: &str) {
    let text = std::fs::read_to_string(published()).expect("it is there");
    let mut model = json(&text);
    let shapes = model["shapes"].as_object_mut().expect("there are shapes");
    for (id, shape) in shapes.iter_mut() {
        if id.ends_with("#SendParcel") {
            shape["traits"]["smithy.api#documentation"] = operation.into();
        }
        if id.ends_with("#SendParcelRequest") {
            for (_, value) in shape["members"].as_object_mut().expect("there are members") {
                value["traits"]["smithy.api#documentation"] = member.into();
            }
        }
    }
    place.write("published.json", &model.to_string());
}

fn added() -> Place {
    let place = Place::workspace();
    publish(
        &place,
        "<p>Sends <b>one</b>.</p>",
        "<p>At most 5 of it.</p>",
    );
    let printed = place.succeeds("", "add parcels --from published.json");
    assert!(
        printed.contains(
            "models/parcels/overlay.json, models/parcels/prose.json, models/attache.toml"
        ),
        "{printed}"
    );
    place
}

fn change(place: &Place, file: &str, from: &str, to: &str) {
    let text = place.read(file);
    assert!(text.contains(from), "{file}: {text}");
    place.write(file, &text.replacen(from, to, 1));
}

#[test]
fn a_service_that_is_added_has_the_documentation_of_its_model() {
    let place = added();
    let settings = place.read(SETTINGS);
    assert!(
        settings.contains("documentation = \"source\"\n") && settings.contains("prose-sha256 = \""),
        "{settings}"
    );
    assert_eq!(
        json(&place.read(FILE))["SendParcel"],
        "<p>Sends <b>one</b>.</p>"
    );
    assert!(!place.read("models/parcels/model.json").contains("Sends"));
    assert!(place.read(CLIENT).contains("/// Sends **one**.\n"));
    assert_eq!(place.succeeds("", "verify"), "1 service is valid\n");
    let fresh = place.succeeds("", "generate --check");
    assert!(fresh.contains("would write 0 files, delete 0"), "{fresh}");
    place.succeeds("", "remove parcels");
    assert!(!place.path(FILE).exists());
}

#[test]
fn facts_alone_are_a_choice() {
    let place = Place::workspace();
    publish(&place, "<p>Sends.</p>", "<p>It.</p>");
    place.succeeds(
        "",
        "add parcels --from published.json --documentation facts",
    );
    assert!(place.read(SETTINGS).contains("documentation = \"facts\"\n"));
    assert!(!place.path(FILE).exists() && !place.read(CLIENT).contains("/// Sends."));
    // The choice can change: the next update brings the file.
    change(
        &place,
        SETTINGS,
        "\ndocumentation = \"facts\"",
        "\ndocumentation = \"source\"",
    );
    let refused = place.fails("", "generate");
    assert!(
        refused.contains("models/parcels/prose.json does not exist")
            && refused.contains("`update parcels`"),
        "{refused}"
    );
    let updated = place.succeeds("", "update parcels --from published.json");
    assert!(
        updated.contains("The crate has the documentation of the published model."),
        "{updated}"
    );
    assert!(place.read(CLIENT).contains("/// Sends.\n"));
    assert_eq!(place.succeeds("", "verify"), "1 service is valid\n");
    // And back.
    change(
        &place,
        SETTINGS,
        "\ndocumentation = \"source\"",
        "\ndocumentation = \"facts\"",
    );
    place.succeeds("", "generate");
    assert!(!place.read(CLIENT).contains("/// Sends."));
    let (status, printed, _) = place.run("", "verify");
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("models/parcels/prose.json is not used"),
        "{printed}"
    );
    change(
        &place,
        SETTINGS,
        "\ndocumentation = \"facts\"",
        "\ndocumentation = \"novel\"",
    );
    assert!(
        place
            .fails("", "generate")
            .contains("`documentation` must be \"source\"")
    );
}

#[test]
fn prose_that_was_changed_by_hand_is_found() {
    let place = added();
    change(&place, FILE, "Sends", "Sells");
    for command in ["verify", "generate --check"] {
        let (status, printed, _) = place.run("", command);
        assert_eq!(status, 1, "{command}: {printed}");
        assert!(
            printed.contains("models/parcels/prose.json has the SHA-256 "),
            "{command}: {printed}"
        );
    }
    place.write(FILE, "[]");
    assert!(
        place
            .fails("", "generate")
            .contains("models/parcels/prose.json: the file: must be an object of texts")
    );
    place.succeeds("", "import parcels --from published.json");
    assert_eq!(place.succeeds("", "verify"), "1 service is valid\n");
}

#[test]
fn a_changed_text_is_a_change_of_the_crate() {
    let place = added();
    publish(
        &place,
        "<p>Sends <b>two</b>.</p>",
        "<p>At most 7 of it.</p>",
    );
    let shown = place.succeeds("", "diff parcels published.json");
    for sentence in [
        "The documentation of `SendParcel` changed.",
        "now “At most 7 of it”; no longer “At most 5 of it”",
    ] {
        assert!(shown.contains(sentence), "{shown}");
    }
    let updated = place.succeeds("", "update parcels --from published.json");
    assert!(
        updated.contains("version 0.1.0 -> 0.1.1") && updated.contains("to review: "),
        "{updated}"
    );
    assert!(
        place.read(CLIENT).contains("/// Sends **two**.\n")
            && place.read(FILE).contains("<b>two</b>")
    );
    assert_eq!(place.succeeds("", "verify"), "1 service is valid\n");
    // A text that is gone is a change as well.
    publish(&place, "", "<p>At most 7 of it.</p>");
    let updated = place.succeeds("", "update parcels --from published.json");
    assert!(
        updated.contains("The documentation of `SendParcel` changed."),
        "{updated}"
    );
    assert!(!place.read(CLIENT).contains("/// Sends **two**."));
    assert_eq!(
        place.succeeds("", "update parcels --from published.json"),
        "parcels: nothing changed\n"
    );
}

/// The texts of both files, between two revisions and between a revision and the files.
#[test]
fn changed_texts_are_found_between_revisions() {
    const WORDS: &str = "models/parcels/docs.json";
    let place = added();
    place.write(WORDS, r#"{"shapes": {"SendParcelRequest": {}}}"#);
    place.commit();
    publish(
        &place,
        "<p>Sends <b>two</b>.</p>",
        "<p>At most 7 of it.</p>",
    );
    place.succeeds("", "update parcels --from published.json");
    place.write(
        WORDS,
        r#"{"operations": {"TrackParcel": {"documentation": "Says where it lies."}}}"#,
    );
    place.commit();
    let sentences = [
        "The documentation of `SendParcel` changed.",
        "now “At most 7 of it”; no longer “At most 5 of it”",
        "The text about `TrackParcel` in `docs.json` is new.",
    ];
    for sides in ["parcels@HEAD~1 parcels@HEAD", "parcels@HEAD~1 parcels"] {
        let shown = place.succeeds("", &format!("diff {sides}"));
        for sentence in sentences {
            assert!(shown.contains(sentence), "{sides}: {shown}");
        }
    }
    let shown = place.succeeds("", "diff parcels@HEAD parcels");
    assert!(
        sentences.iter().all(|sentence| !shown.contains(sentence)),
        "{shown}"
    );
    // The file was not there at first.
    std::fs::remove_file(place.path(FILE)).expect("it can be deleted");
    let settings = place.read(SETTINGS);
    place.write(
        SETTINGS,
        &settings.replace("documentation = \"source\"", "documentation = \"facts\""),
    );
    let shown = place.succeeds("", "diff parcels@HEAD~1 parcels@HEAD");
    assert!(
        !shown.contains(sentences[0]) && shown.contains(sentences[2]),
        "{shown}"
    );
    let wrong = place.is_misused("", "diff parcels@nowhere parcels");
    assert!(wrong.contains("nowhere"), "{wrong}");
}

#[test]
fn this_repository_commits_no_prose_of_aws() {
    let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    for entry in std::fs::read_dir(models).expect("the models are there") {
        let folder = entry.expect("it can be read").path();
        assert!(!folder.join("prose.json").exists(), "{}", folder.display());
    }
}
