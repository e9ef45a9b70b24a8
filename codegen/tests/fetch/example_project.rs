//! `tests/example-project`, an example of another workspace, kept up to date with the installed program.

use std::fs;
use std::path::Path;

use crate::archive::{publish, service, wheel};
use crate::server::{Answer, Server};
use crate::sources::parcels;
use crate::workspace::Place;

const ADDRESS: &str = "/published/parcels.json";

/// Copies what the team of the project has committed.
fn copy(from: &Path, place: &Place, below: &str) {
    for entry in fs::read_dir(from.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if below.is_empty() {
            name.clone()
        } else {
            format!("{below}/{name}")
        };
        if entry.file_type().unwrap().is_dir() {
            if name != "target" {
                copy(from, place, &path);
            }
        } else {
            place.write(&path, &fs::read_to_string(entry.path()).unwrap());
        }
    }
}

/// The project, with a service of its own team at an address and an AWS service from a package index.
fn project(server: &Server) -> Place {
    let place = Place::new(server);
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/example-project");
    copy(&project, &place, "");
    let settings = place.read("models/attache.toml");
    let source = format!(
        "\n[service.parcels]\nsource = {{ url = \"{}\" }}\n",
        server.address(ADDRESS)
    );
    place.write("models/attache.toml", &(settings + &source));
    place
}

fn queues<'a>(version: &'a str, members: &[&str]) -> (&'a str, Vec<u8>) {
    let path = "botocore/data/queues/2020-01-01/service-2.json";
    (version, wheel(&[(path, &service("Queues", members))]))
}

#[test]
fn the_example_project_follows_two_published_models_with_two_commands() {
    let server = Server::start();
    let place = project(&server);
    server.replace(ADDRESS, Answer::new(200, parcels(30_000)));
    publish(&server, &[queues("1.0.0", &["a"])]);

    let added = place.succeeds("add parcels");
    assert!(added.contains("parcels: 2 operations"), "{added}");
    place.succeeds("add queues");
    // The settings of the project hold for both crates: their folder, and the runtime of the workspace.
    for service in ["parcels", "queues"] {
        let manifest = place.read(&format!("clients/{service}/Cargo.toml"));
        assert!(
            manifest.contains("attache-runtime = { workspace = true")
                && manifest.contains("publish = false"),
            "{manifest}"
        );
    }
    assert_eq!(place.run("outdated --exit-code").0, 0);

    server.replace(ADDRESS, Answer::new(200, parcels(20_000)));
    publish(
        &server,
        &[queues("1.0.0", &["a"]), queues("1.1.0", &["a", "b"])],
    );
    let (status, table, complaint) = place.run("outdated --exit-code");
    assert_eq!((status, complaint.as_str()), (1, ""), "{table}");
    for service in ["parcels", "queues"] {
        let row = table.lines().find(|line| line.starts_with(service));
        assert!(row.is_some_and(|row| row.contains(" 1 ")), "{table}");
    }
    let before = place.files();
    place.succeeds("update --dry-run");
    assert_eq!(place.files(), before, "a dry run writes nothing");
    place.succeeds("update --report report.md");
    let report = place.read("report.md");
    assert!(
        report.contains("parcels") && report.contains("queues"),
        "{report}"
    );
    assert_eq!(place.succeeds("verify"), "2 services are valid\n");
    assert_eq!(place.run("outdated --exit-code").0, 0);
}

/// Both services or none: a team never has half of an update.
#[test]
fn the_example_project_stays_as_it_was_when_one_of_two_models_cannot_be_read() {
    let server = Server::start();
    let place = project(&server);
    server.replace(ADDRESS, Answer::new(200, parcels(30_000)));
    publish(&server, &[queues("1.0.0", &["a"])]);
    place.succeeds("add parcels");
    place.succeeds("add queues");

    publish(
        &server,
        &[queues("1.0.0", &["a"]), queues("1.1.0", &["a", "b"])],
    );
    server.replace(ADDRESS, Answer::new(404, "no such page"));
    let complaint = place.refuses("update");
    assert!(
        complaint.contains(ADDRESS) && complaint.contains("404"),
        "{complaint}"
    );
    assert_eq!(place.succeeds("verify"), "2 services are valid\n");
}
