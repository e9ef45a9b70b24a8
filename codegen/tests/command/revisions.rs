//! Services as they are at a revision of git.

use std::fs;

use crate::workspace::{Place, published};

#[test]
fn a_workspace_in_a_folder_of_its_repository_is_read_from_there() {
    let place = Place::empty();
    place.write("aws/Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n");
    place.write("models/parcels/model.json", "another model");
    place.succeeds(
        "aws",
        &format!("add parcels --from {}", published().display()),
    );
    place.commit();
    let shown = place.succeeds("aws", "diff parcels@HEAD parcels");
    assert!(shown.contains("nothing changed"), "{shown}");
}

#[test]
fn a_service_without_an_overlay_has_none_at_a_revision_either() {
    let place = Place::workspace();
    place.add_parcels();
    fs::remove_file(place.path("models/parcels/overlay.json")).expect("it is there");
    place.commit();
    let shown = place.succeeds("", "diff parcels@HEAD parcels");
    assert!(shown.contains("nothing changed"), "{shown}");
}

#[test]
fn a_report_in_the_place_of_a_folder_is_refused_before_anything_is_written() {
    let place = Place::workspace();
    place.add_parcels();
    place.write("reports/other.md", "kept");
    let before = place.snapshot("");
    let update = format!(
        "update parcels --from {} --report reports",
        published().display()
    );
    let complaint = place.fails("", &update);
    assert!(complaint.contains("reports is a folder"), "{complaint}");
    assert_eq!(place.snapshot(""), before);
}
