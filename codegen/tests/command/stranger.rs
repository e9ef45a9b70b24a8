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
            "`Letters` is not a valid name for a service",
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
