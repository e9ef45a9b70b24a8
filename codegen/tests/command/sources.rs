//! Sources that are no model: pipes, devices, folders of pipes, and files that are too large once they are unpacked.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::workspace::Place;

fn pipe(place: &Place, path: &str) {
    let path = place.path(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
    let made = Command::new("mkfifo")
        .arg(&path)
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
}

#[test]
fn what_never_ends_is_refused_before_it_is_read() {
    let place = Place::workspace();
    place.add_parcels();
    pipe(&place, "pipe.json");
    pipe(&place, "pipes/service-2.json");
    pipe(&place, "pipes/paginators-1.json");
    pipe(&place, "data/toys/2026-01-01/service-2.json.gz");
    pipe(&place, "mixed/paginators-1.json");
    place.write("mixed/service-2.json", "{}");
    for (source, complaint) in [
        ("pipe.json", "it is not a regular file, but a pipe"),
        (
            "pipes",
            "neither the folder nor a folder in it holds a service-2.json",
        ),
        (
            "data/toys",
            "neither the folder nor a folder in it holds a service-2.json",
        ),
        (
            "mixed",
            "paginators-1.json: it is not a regular file, but a pipe",
        ),
        ("/dev/zero", "it is not a regular file, but a pipe"),
    ] {
        for command in ["add toys", "import toys", "update parcels"] {
            let refused = place.fails("", &format!("{command} --from {source}"));
            assert!(
                refused.contains(complaint),
                "{command}, {source}: {refused}"
            );
        }
        let (status, _, refused) = place.run("", &format!("diff parcels {source}"));
        assert_eq!(status, 2);
        assert!(refused.contains(complaint), "{source}: {refused}");
    }
}

#[test]
fn files_of_the_workspace_that_are_pipes_are_refused() {
    for (path, command) in [
        ("models/parcels/model.json", "generate"),
        ("models/parcels/overlay.json", "generate"),
        ("models/attache.toml", "update parcels --from new.json"),
        ("crates/parcels/src/lib.rs", "generate --check"),
    ] {
        let place = Place::workspace();
        place.add_parcels();
        let model = fs::read_to_string(crate::workspace::published()).expect("the model is there");
        place.write("new.json", &model.replace("30000", "20000"));
        fs::remove_file(place.path(path)).expect("it is there");
        pipe(&place, path);
        let refused = place.fails("", command);
        assert!(
            refused.contains("regular file") || refused.contains("there is no models/attache.toml"),
            "{path}: {refused}"
        );
    }
}

/// 2 MB that become 2 GB.
#[test]
fn what_is_unpacked_has_a_limit() {
    let place = Place::workspace();
    let file = File::create(place.path("bomb.json.gz")).expect("it can be made");
    let mut encoder = GzEncoder::new(file, Compression::fast());
    let piece = vec![b' '; 1 << 20];
    for _ in 0..64 {
        encoder.write_all(&piece).expect("it can be written");
    }
    encoder.finish().expect("it can be written");
    fs::create_dir(place.path("data")).expect("it can be made");
    fs::copy(
        place.path("bomb.json.gz"),
        place.path("data/service-2.json.gz"),
    )
    .expect("a copy");
    let plain = File::create(place.path("plain.json")).expect("it can be made");
    // A hole: it takes no room on the disk.
    plain.set_len(1 << 40).expect("it can be that long");
    for source in ["bomb.json.gz", "data", "plain.json"] {
        let refused = place.fails("", &format!("add toys --from {source}"));
        assert!(
            refused.contains("has more than 33554432 bytes, the limit of such a file"),
            "{source}: {refused}"
        );
    }
}
