//! What the program says to somebody who does not know it: in a folder without a workspace, and about wrong arguments.

use crate::workspace::{Place, published};

#[test]
fn a_folder_without_a_workspace_is_told_what_to_do() {
    let nowhere = Place::empty();
    let from = published();
    let from = from.display();
    for (arguments, expected) in [
        (
            "generate --check".to_owned(),
            "there is no models/attache.toml in ",
        ),
        (
            format!("update parcels --from {from}"),
            "begin one with `attache add SERVICE`",
        ),
        (
            format!("add parcels --from {from}"),
            "has neither a models/attache.toml nor a Cargo.toml",
        ),
    ] {
        let complaint = nowhere.fails("", &arguments);
        assert!(complaint.contains(expected), "{arguments}: {complaint}");
    }
    let complaint = nowhere.is_misused("", "generat");
    let expected =
        "unrecognized subcommand 'generat'\n\n  tip: a similar subcommand exists: 'generate'";
    assert!(complaint.contains(expected), "{complaint}");
    assert_eq!(nowhere.run("", "diff nothing neither").0, 2);
}

#[test]
fn a_wrong_argument_is_named_with_what_would_be_right() {
    let place = Place::workspace();
    place.add_parcels();
    place.write("broken.json", "{ \"smithy\": \"2.0\", ");
    for (arguments, expected) in [
        (
            "generate letters",
            "has no service `letters`; it has parcels. `attache services` lists the services",
        ),
        (
            "update letters --from broken.json",
            "has no service `letters`; it has parcels",
        ),
        (
            "update parcels --from nothing.json",
            "could not read nothing.json",
        ),
        (
            "update parcels --from broken.json",
            "could not import broken.json",
        ),
        (
            "add letters --from broken.json",
            "could not import broken.json",
        ),
        (
            "add Letters --from broken.json",
            "`Letters` is not a valid name for a service: use lower case letters, digits and `-`, as in `letters`",
        ),
    ] {
        let complaint = place.fails("", arguments);
        assert!(complaint.contains(expected), "{arguments}: {complaint}");
    }
    assert!(!place.path("models/letters").exists());
    place.write("models/attache.toml", "[crate]\n");
    let complaint = place.fails("", "generate");
    assert!(
        complaint.contains(
            "unknown key `crate`; there are [crates], [sources], [traits], [workflow] and [service.NAME]"
        ),
        "{complaint}"
    );
}

#[test]
fn an_argument_that_is_neither_a_file_nor_a_service_has_the_names_that_are() {
    let place = Place::workspace();
    place.add_parcels();
    for (arguments, expected) in [
        (
            "diff parcel parcels",
            "there is no file `parcel`, and models/attache.toml has no service `parcel`; it has parcels; did you mean \
             parcels?",
        ),
        (
            "diff parcels ./models/nothing.json",
            "there is no file `./models/nothing.json`, and models/attache.toml has no service",
        ),
        (
            "add letters --protocol soap",
            "invalid value 'soap' for '--protocol <NAME>'\n  [possible values: awsJson1_0, ",
        ),
    ] {
        let complaint = place.is_misused("", arguments);
        assert!(complaint.contains(expected), "{arguments}: {complaint}");
    }
}

#[test]
fn a_service_is_not_added_to_a_workspace_above_the_own_one() {
    let place = Place::workspace();
    place.add_parcels();
    place.write(
        "tools/Cargo.toml",
        "[workspace]\nmembers = [\"crates/*\"]\n",
    );
    let add = format!(
        "add letters --other-service --from {}",
        published().display()
    );
    let refused = place.fails("tools", &add);
    for part in [
        "tools is a workspace of its own, and the next models/attache.toml is in ",
        "create an empty models/attache.toml here",
    ] {
        assert!(refused.contains(part), "{refused}");
    }
    assert!(!place.path("models/letters").exists());
    assert!(
        place
            .succeeds("tools", "verify")
            .contains("1 service is valid")
    );
    place.write("tools/models/attache.toml", "");
    place.succeeds("tools", &add);
    assert!(place.path("tools/crates/letters/src/lib.rs").exists());
    assert!(!place.path("models/letters").exists());
}

#[test]
fn a_generated_file_that_was_edited_or_deleted_is_named_with_what_happened_to_it() {
    let place = Place::workspace();
    place.add_parcels();
    std::fs::remove_file(place.path("crates/parcels/src/lib.rs")).expect("it is there");
    let client = place.read("crates/parcels/src/client.rs");
    place.write(
        "crates/parcels/src/client.rs",
        &format!("{client}\n// mine\n"),
    );
    let (status, printed, _) = place.run("", "verify");
    assert_eq!(status, 1);
    assert_eq!(
        printed,
        "crates/parcels/src/client.rs: not what `attache generate` writes: the file was edited, or its inputs changed\n\
         crates/parcels/src/lib.rs: the file is missing: `attache generate` writes it\n2 problems\n"
    );
}
