//! Services that come and go: `add --dry-run`, `remove`, `verify`, models of other services, overlays that ship.

use std::fs;
use std::path::Path;

use crate::{Place, published};

/// The parcels of another service.
fn letters(place: &Place) {
    let model = fs::read_to_string(published()).expect("the model is there");
    let model = model
        .replace("example.parcels", "example.letters")
        .replace("#Parcels\"", "#Letters\"")
        .replace("\"Parcels\"", "\"Letters\"");
    place.write("other.json", &model);
}

#[test]
fn a_dry_run_of_add_and_remove_writes_nothing() {
    let place = Place::workspace();
    let from = published();
    let before = place.snapshot("");
    let shown = place.succeeds(
        "",
        &format!("add parcels --dry-run --from {}", from.display()),
    );
    assert!(
        shown.contains("would write ") && !shown.contains("wrote"),
        "{shown}"
    );
    assert_eq!(place.snapshot(""), before);
    place.add_parcels();
    let before = place.snapshot("");
    let shown = place.succeeds("", "remove parcels --dry-run");
    assert!(
        shown.contains("would write models/attache.toml, delete "),
        "{shown}"
    );
    assert_eq!(place.snapshot(""), before);
}

#[test]
fn a_service_that_is_removed_leaves_what_people_wrote() {
    let place = Place::workspace();
    place.add_parcels();
    place.succeeds("", "remove parcels");
    assert!(!place.path("crates/parcels").exists());
    assert!(!place.path("models/parcels").exists());
    assert!(
        !place
            .read("models/attache.toml")
            .contains("[service.parcels]")
    );

    place.add_parcels();
    place.write("crates/parcels/examples/send.rs", "fn main() {}\n");
    let text = place.succeeds("", "remove parcels");
    let kept = Path::new("crates/parcels/examples/send.rs");
    assert!(
        text.contains(&format!("left {}, ", kept.display())),
        "{text}"
    );
    assert_eq!(
        place.read("crates/parcels/examples/send.rs"),
        "fn main() {}\n"
    );
    assert!(!place.path("crates/parcels/Cargo.toml").exists());
}

#[test]
fn a_service_whose_crate_is_needed_is_not_removed() {
    let place = Place::workspace();
    place.add_parcels();
    place.write(
        "crates/app/Cargo.toml",
        "[package]\nname = \"app\"\n[dependencies]\nattache-parcels = { path = \"../parcels\" }\n",
    );
    let before = place.snapshot("");
    let refused = place.fails("", "remove parcels");
    assert!(
        refused
            .contains("crates/app/Cargo.toml depends on attache-parcels: remove this dependency"),
        "{refused}"
    );
    assert_eq!(place.snapshot(""), before);
    assert!(
        place
            .fails("", "remove parcel")
            .contains("did you mean parcels?")
    );
}

#[test]
fn no_service_takes_the_place_of_another_one_unless_it_is_told_to() {
    let place = Place::workspace();
    place.add_parcels();
    letters(&place);
    let before = place.snapshot("");
    let refused = place.fails("", "update parcels --from other.json");
    assert!(
        refused.contains("other.json is the model of Letters")
            && refused.contains("--other-service"),
        "{refused}"
    );
    let refused = place.fails("", "add stamps --from other.json");
    assert!(
        refused.contains("`stamps` is not one of its names; --other-service"),
        "{refused}"
    );
    assert_eq!(place.snapshot(""), before);
    place.succeeds("", "add stamps --from other.json --other-service");
    place.succeeds("", "update parcels --from other.json --other-service");
}

#[test]
fn a_misspelt_operation_is_answered_with_the_nearest_ones() {
    let place = Place::workspace();
    let from = published();
    let arguments = format!(
        "add parcels --operations TrackParcels --from {}",
        from.display()
    );
    let refused = place.fails("", &arguments);
    assert!(refused.contains("did you mean TrackParcel"), "{refused}");
}

#[test]
fn a_record_that_does_not_fit_the_model_fails_every_check() {
    let place = Place::workspace();
    place.add_parcels();
    assert_eq!(place.succeeds("", "verify"), "1 service is valid\n");
    let settings = place.read("models/attache.toml");
    let digest = settings
        .lines()
        .find_map(|line| line.strip_prefix("sha256 = \""))
        .expect("it is recorded");
    let other = if digest.starts_with('0') { '1' } else { '0' };
    let changed = settings.replace(digest, &format!("{other}{}", &digest[1..]));
    place.write("models/attache.toml", &changed);
    let (status, printed, _) = place.run("", "generate --check");
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("warning: models/parcels/model.json has the SHA-256 "),
        "{printed}"
    );
    let (status, printed, _) = place.run("", "verify");
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("models/parcels/model.json has the SHA-256 "),
        "{printed}"
    );
}

#[test]
fn verify_names_every_file_that_was_edited() {
    let place = Place::workspace();
    place.add_parcels();
    for file in [
        "crates/parcels/src/client.rs",
        "crates/parcels/src/types.rs",
    ] {
        let text = place.read(file);
        place.write(file, &format!("{text}// by hand\n"));
    }
    let (status, printed, _) = place.run("", "verify");
    assert_eq!(status, 1, "{printed}");
    for file in [
        "crates/parcels/src/client.rs",
        "crates/parcels/src/types.rs",
    ] {
        assert!(
            printed.contains(&format!("{file}: not what `attache generate` writes")),
            "{printed}"
        );
    }
    assert!(printed.ends_with("2 problems\n"), "{printed}");
}

#[test]
fn an_overlay_that_ships_with_the_program_comes_with_its_service() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let from = models.join("support/model.json");
    let place = Place::workspace();
    let printed = place.succeeds("", &format!("add support --from {}", from.display()));
    assert!(
        printed.contains("models/support/overlay.json is the one that ships with attache"),
        "{printed}"
    );
    let json = |text: &str| -> serde_json::Value { serde_json::from_str(text).expect("JSON") };
    let ours = fs::read_to_string(models.join("support/overlay.json")).expect("it is there");
    assert_eq!(
        json(&place.read("models/support/overlay.json")),
        json(&ours)
    );
    let explained = "models/support/docs.json is the one that ships with attache";
    assert!(printed.contains(explained), "{printed}");
    let ours = fs::read_to_string(models.join("support/docs.json")).expect("it is there");
    assert_eq!(json(&place.read("models/support/docs.json")), json(&ours));
    let client = place.read("crates/support/src/client.rs");
    assert!(
        client.contains("/// Uploads up to three small files"),
        "{client}"
    );
    // Words of the user come first.
    let place = Place::workspace();
    place.write(
        "models/support/docs.json",
        r#"{"service": {"documentation": "Ours."}}"#,
    );
    let printed = place.succeeds("", &format!("add support --from {}", from.display()));
    assert!(!printed.contains(explained), "{printed}");
    assert!(
        place
            .read("crates/support/src/lib.rs")
            .contains("//! Ours.\n")
    );
    // No link of it leads out of the crate.
    assert!(!place.read("crates/support/README.md").contains("](../"));

    let place = Place::workspace();
    let printed = place.succeeds(
        "",
        &format!("add support --no-overlay --from {}", from.display()),
    );
    assert!(
        !printed.contains("overlay.json is the one that ships"),
        "{printed}"
    );
    assert!(!place.read("models/support/overlay.json").contains("apply"));
}

/// The overlay that ships belongs to the newest model. What it says of another one is kept.
#[test]
fn statements_about_what_a_model_states_or_lacks_are_left_out() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let read = |path: &str| -> serde_json::Value {
        let text = fs::read_to_string(models.join(path)).expect("it is there");
        serde_json::from_str(&text).expect("it is JSON")
    };
    let (mut model, mut overlay) = (read("support/model.json"), read("support/overlay.json"));
    let (shape, member) = ("com.amazonaws.support#CreateCaseRequest", "issueType");
    let place = format!("{shape}${member}");
    let statements = overlay["shapes"].as_object_mut().expect("statements");
    let (id, value) = {
        let traits = statements[&place]["traits"]
            .as_object_mut()
            .expect("traits");
        let id = traits.keys().next().expect("one").clone();
        let value = traits.remove(&id).expect("it was there");
        (id, value)
    };
    if statements[&place]["traits"]
        .as_object()
        .is_some_and(serde_json::Map::is_empty)
    {
        statements.remove(&place);
    }
    model["shapes"][shape]["members"][member]["traits"][&id] = value;
    let place = Place::workspace();
    place.write("other.json", &model.to_string());
    let printed = place.succeeds("", "add support --from other.json");
    assert!(
        printed.contains(
            "note: 1 statement of it is left out, because this model lacks what it is about, or states it itself\n"
        ),
        "{printed}"
    );
    let written: serde_json::Value =
        serde_json::from_str(&place.read("models/support/overlay.json")).expect("JSON");
    assert_eq!(written, overlay);
}

/// The words that ship belong to the newest model. What they say of an older one is kept.
#[test]
fn words_about_what_an_older_model_lacks_are_left_out() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let read = |path: &str| -> serde_json::Value {
        let text = fs::read_to_string(models.join(path)).expect("it is there");
        serde_json::from_str(&text).expect("it is JSON")
    };
    let mut model = read("support/model.json");
    let all = model["shapes"].as_object_mut().expect("there are shapes");
    let id = |name: &str| format!("com.amazonaws.support#{name}");
    let link = id("GetAttachmentDownloadLink");
    for name in ["", "Request", "Response"] {
        assert!(all.remove(&format!("{link}{name}")).is_some(), "{name}");
    }
    let members = all[&id("CreateCaseRequest")]["members"].as_object_mut();
    assert!(members.is_some_and(|members| members.remove("uploadIds").is_some()));
    for shape in all.values_mut() {
        if let Some(operations) = shape.get_mut("operations") {
            let operations = operations.as_array_mut().expect("a list");
            operations.retain(|one| one["target"] != *link);
        }
    }
    let place = Place::workspace();
    place.write("older.json", &model.to_string());
    let printed = place.succeeds("", "add support --no-overlay --from older.json");
    assert!(
        printed.contains(" of it are left out, because this model lacks what they are about"),
        "{printed}"
    );
    let kept: serde_json::Value =
        serde_json::from_str(&place.read("models/support/docs.json")).expect("it is JSON");
    let ours = read("support/docs.json");
    assert_eq!(kept["operations"].get("GetAttachmentDownloadLink"), None);
    let members =
        |words: &serde_json::Value| words["shapes"]["CreateCaseRequest"]["members"].clone();
    assert_eq!(members(&kept).get("uploadIds"), None);
    assert_eq!(members(&kept)["subject"], members(&ours)["subject"]);
    // Of a text with several paragraphs only those are gone that name the operation.
    let related = |words: &serde_json::Value| -> Vec<serde_json::Value> {
        let text = &words["operations"]["AddAttachmentsToSet"]["related"];
        text.as_array().expect("paragraphs").clone()
    };
    let mut expected = related(&ours);
    expected.retain(|text| {
        !text
            .as_str()
            .expect("text")
            .contains("GetAttachmentDownloadLink")
    });
    assert_eq!(related(&kept), expected);
    assert!(!expected.is_empty() && expected.len() < related(&ours).len());
    assert_eq!(place.succeeds("", "verify"), "1 service is valid\n");
}
