//! The commands that download, run as the program: what they write, what they print, and that bad input changes nothing.

use crate::archive::{publish, service, wheel};
use crate::server::{Answer, Server};
use crate::workspace::Place;

const PAGE: &str = "/simple/botocore/";

pub(crate) fn model(folder: &str) -> String {
    format!("botocore/data/{folder}/2020-01-01/service-2.json")
}

/// A release with two services, whose requests have these members.
fn release(things: &[&str], parts: &[&str]) -> Vec<u8> {
    wheel(&[
        (&model("things"), &service("Things", things)),
        (&model("parts"), &service("Parts", parts)),
    ])
}

/// A workspace with both services of the release that is published.
fn with_services(server: &Server) -> Place {
    let place = Place::new(server);
    place.succeeds("add things");
    place.succeeds("add parts");
    place
}

#[test]
fn a_service_is_added_and_compared_without_a_path() {
    let server = Server::start();
    publish(&server, &[("1.0.0", release(&["a"], &["a"]))]);
    let place = with_services(&server);
    let settings = place.read("models/attache.toml");
    assert!(
        settings
            .contains("source = \"botocore\"\nrelease = \"1.0.0\"\nfile = \"things/2020-01-01\"\n"),
        "{settings}"
    );
    let table = place.succeeds("outdated");
    assert_eq!(table.lines().count(), 3, "{table}");
    assert_eq!(place.run("outdated --exit-code").0, 0);

    publish(
        &server,
        &[
            ("1.0.0", release(&["a"], &["a"])),
            ("1.1.0", release(&["a", "b"], &["a"])),
        ],
    );
    let (status, table, _) = place.run("outdated --exit-code");
    let words: Vec<&str> = table.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(
        (status, words.as_slice()),
        (
            1,
            [
                "things",
                "1.0.0",
                "1.1.0",
                "minor",
                "compatible",
                "none",
                "1",
                "0.1.0",
                "→",
                "0.1.1"
            ]
            .as_slice()
        ),
        "{table}"
    );
    let rows: serde_json::Value =
        serde_json::from_str(&place.succeeds("outdated things --format json")).unwrap();
    assert_eq!(rows[0]["next-version"], "0.1.1", "{rows}");
    assert!(
        place
            .succeeds("outdated --format markdown")
            .starts_with("| service | recorded |")
    );
}

#[test]
fn a_service_is_added_from_an_older_release_than_the_newest() {
    let server = Server::start();
    publish(
        &server,
        &[
            ("1.0.0", release(&["a"], &["a"])),
            ("1.1.0", release(&["a", "b"], &["a"])),
        ],
    );
    let place = Place::new(&server);
    assert!(
        place
            .refuses("add things --to 0.9.0")
            .contains("the newest is 1.1.0")
    );
    place.succeeds("add things --to 1.0.0");
    assert!(
        place
            .read("models/attache.toml")
            .contains("release = \"1.0.0\"")
    );
    assert_eq!(place.run("outdated --exit-code").0, 1);
}

#[test]
fn an_update_of_all_services_reports_what_changed() {
    let server = Server::start();
    publish(&server, &[("1.0.0", release(&["a"], &["a"]))]);
    let place = with_services(&server);
    publish(&server, &[("1.1.0", release(&["a", "b"], &["a"]))]);
    let before = place.files();
    place.succeeds("update --dry-run");
    assert_eq!(place.files(), before, "a dry run writes nothing");
    let printed = place.succeeds("update --report report.md");
    assert!(
        printed.contains("parts: botocore 1.1.0 parts/2020-01-01; nothing changed\n"),
        "{printed}"
    );
    assert!(printed.contains("version 0.1.0 -> 0.1.1"), "{printed}");
    let report = place.read("report.md");
    assert!(
        report.starts_with("One model changed.\n\n| service |"),
        "{report}"
    );
    assert!(report.contains("## attache-things 0.1.1\n"), "{report}");
    let settings = place.read("models/attache.toml");
    assert_eq!(
        settings.matches("release = \"1.1.0\"").count(),
        2,
        "{settings}"
    );
    assert_eq!(place.succeeds("verify"), "2 services are valid\n");
    assert_eq!(
        place.succeeds("update --offline"),
        "parts: nothing changed\nthings: nothing changed\n"
    );
}

#[test]
fn an_update_of_several_services_is_all_or_nothing() {
    let server = Server::start();
    publish(&server, &[("1.0.0", release(&["a"], &["a", "b"]))]);
    let place = with_services(&server);
    // The newer model has no member `b` any more, of which this overlay speaks.
    let settings = place.read("models/parts/model.json");
    let id = settings
        .split('"')
        .find(|id| id.ends_with("#GetThingRequest"))
        .unwrap();
    place.write(
        "models/parts/overlay.json",
        &format!(
            "{{\"smithy\": \"2.0\", \"shapes\": {{\"{id}$b\": {{\"type\": \"apply\", \"traits\": {{\"smithy.api#required\": {{}}}}}}}}}}"
        ),
    );
    place.succeeds("generate");
    publish(&server, &[("1.1.0", release(&["a", "c"], &["a"]))]);
    let refused = place.refuses("update --report report.md");
    assert!(
        refused.contains("parts was not updated") && refused.contains("overlay.json"),
        "{refused}"
    );
    place.succeeds("update things");
    assert!(place.read("models/things/model.json").contains("\"c\""));
}

#[test]
fn every_bad_source_is_one_line_and_writes_nothing() {
    let server = Server::start();
    publish(&server, &[("1.1.0", release(&["a"], &["a"]))]);
    let place = with_services(&server);
    let archive = release(&["a", "b"], &["a"]);
    let path = "/files/botocore-1.2.0-py3-none-any.whl";
    let both = |arguments: [&str; 3], expected: &str| {
        for arguments in arguments {
            let refused = place.refuses(arguments);
            assert!(refused.contains(expected), "{arguments}: {refused}");
        }
    };
    let all = ["outdated", "update", "add others"];
    for (status, expected) in [(404, "404"), (403, "403")] {
        server.replace(PAGE, Answer::new(status, "no"));
        both(all, expected);
    }
    server.replace(PAGE, Answer::new(200, "{\"files\": []}"));
    both(all, "lists no release of botocore");
    publish(&server, &[("1.2.0", archive.clone())]);
    server.replace(
        path,
        Answer::new(200, archive[..archive.len() / 2].to_vec()),
    );
    both(all, "SHA-256");
    let cut = archive[..archive.len() / 2].to_vec();
    publish(&server, &[("1.2.0", cut)]);
    both(all, "the archive of botocore 1.2.0 cannot be read");
    publish(&server, &[("1.0.0", archive.clone())]);
    both(
        ["outdated", "update", "update things"],
        "botocore 1.0.0 is older than 1.1.0",
    );
    publish(&server, &[("1.3.0", archive)]);
    let refused = place.refuses("add thing");
    assert!(
        refused.contains("has no service `thing`; did you mean things?"),
        "{refused}"
    );
    let refused = place.refuses("update thing");
    assert!(refused.contains("did you mean things?"), "{refused}");
    let refused = place.refuses("update --to 1.9.9");
    assert!(refused.contains("the newest is 1.3.0"), "{refused}");
    let refused = place.refuses("update --report nowhere/report.md");
    assert!(
        refused.contains("could not write nowhere/report.md"),
        "{refused}"
    );
}

#[test]
fn without_a_network_the_cache_is_enough_or_the_message_says_what_is_missing() {
    let server = Server::start();
    publish(&server, &[("1.1.0", release(&["a"], &["a"]))]);
    let mut place = with_services(&server);
    place.set("PIP_INDEX_URL", "http://127.0.0.1:1/simple");
    let refused = place.refuses("outdated");
    assert!(refused.contains("could not connect"), "{refused}");
    let refused = place.refuses("outdated --offline");
    assert!(refused.contains("was not downloaded before"), "{refused}");
    place.set("PIP_INDEX_URL", &server.address("/simple"));
    let asked = server.received().len();
    place.succeeds("outdated --offline");
    assert_eq!(server.received().len(), asked, "offline asks nobody");
}

#[test]
fn what_can_be_added_is_listed_with_what_can_be_generated() {
    let server = Server::start();
    let unknown = service("Queries", &["a"]).replace("\"json\"", "\"rest-xml\"");
    let archive = wheel(&[
        (&model("things"), &service("Things", &["a"])),
        (&model("queries"), &unknown),
    ]);
    publish(&server, &[("1.0.0", archive)]);
    let place = Place::new(&server);
    place.succeeds("add things");
    let listed = place.succeeds("services");
    let rows: Vec<Vec<&str>> = listed
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        rows[1][..5],
        ["queries", "rest-xml", "v4", "1", "no:"],
        "{listed}"
    );
    assert_eq!(
        rows[2],
        ["things", "awsJson1_1", "sigv4", "1", "all", "added"],
        "{listed}"
    );
    assert_eq!(
        rows[3],
        ["2", "services", "of", "botocore", "1.0.0"],
        "{listed}"
    );
    assert!(!place.succeeds("services THING").contains("queries"));
    assert!(
        place
            .refuses("services thinks")
            .contains("did you mean things?")
    );
}
