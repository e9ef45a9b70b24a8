//! Sentences about limits: `update` compares the documentation with that of the recorded release, and commits it only where the crate has it.

use std::fs;

use crate::archive::{publish, service, wheel};
use crate::commands::model;
use crate::server::Server;
use crate::workspace::Place;

/// A release with one service, whose texts have this documentation.
fn release(members: &[&str], documentation: &str) -> Vec<u8> {
    let text = service("Things", members).replace(
        r#""Text": {"type": "string"}"#,
        &format!(r#""Text": {{"type": "string", "documentation": "<p>{documentation}</p>"}}"#),
    );
    wheel(&[(&model("things"), &text)])
}

/// A workspace with the service of the first of two releases.
fn place(server: &Server) -> Place {
    let old = release(&["a"], "A text. It has at most 5 letters. It is short.");
    publish(server, &[("1.0.0", old.clone())]);
    let place = Place::new(server);
    place.succeeds("add things --documentation facts");
    let new = release(&["a", "b"], "A text. It has at most 7 letters. It is long.");
    publish(server, &[("1.0.0", old), ("1.1.0", new)]);
    place
}

const SENTENCE: &str = "The documentation of `Text` mentions limits: now “It has at most 7 letters”; no longer “It has at \
                        most 5 letters”.";

#[test]
fn an_update_lists_changed_sentences_and_downloads_a_recorded_release_that_the_cache_lacks() {
    for has_cache in [true, false] {
        let server = Server::start();
        let place = place(&server);
        if !has_cache {
            fs::remove_dir_all(place.home.path()).unwrap();
            fs::create_dir(place.home.path()).unwrap();
        }
        let before = server.received().len();
        let printed = place.succeeds("update --report report.md");
        assert!(
            printed.contains(&format!("to review: {SENTENCE}\n")),
            "{printed}"
        );
        let report = place.read("report.md");
        assert!(
            report.contains("### To review\n\n- [ ] The documentation of")
                && report.contains("7 letters"),
            "{report}"
        );
        for file in ["crates/things/CHANGELOG.md", "models/things/model.json"] {
            assert!(!place.read(file).contains("letters"), "{file} has prose");
        }
        let requests = server.received();
        let archives = requests[before..]
            .iter()
            .filter(|request| request.path.contains("1.0.0"));
        assert_eq!(archives.count(), usize::from(!has_cache));
    }
}

#[test]
fn a_changed_sentence_is_reported_where_the_model_is_the_same() {
    let server = Server::start();
    let place = place(&server);
    let old = release(&["a"], "A text. It has at most 5 letters. It is short.");
    let new = release(&["a"], "A text. It has at most 7 letters. It is long.");
    publish(&server, &[("1.0.0", old), ("1.1.0", new)]);
    let printed = place.succeeds("update --report report.md");
    assert!(
        printed.contains("; nothing changed\nto review: The documentation of `Text`"),
        "{printed}"
    );
    let report = place.read("report.md");
    assert!(
        report.starts_with("No model changed.\n")
            && report.contains("\n## attache-things 0.1.0\n\n### To review"),
        "{report}"
    );
    // Now this release is the recorded one.
    let printed = place.succeeds("update --report report.md");
    assert_eq!(printed, "things: nothing changed\n");
}

#[test]
fn an_update_carries_the_documentation_where_the_crate_has_it() {
    let server = Server::start();
    let old = release(&["a"], "A text. It has at most 5 letters.");
    let new = release(&["a"], "A text. It has at most 7 letters.");
    publish(&server, &[("1.0.0", old.clone())]);
    let place = Place::new(&server);
    let added = place.succeeds("add things");
    assert!(added.contains(", models/things/prose.json, "), "{added}");
    let has = |file: &str, text: &str| place.read(file).contains(text);
    assert!(has(
        "models/things/prose.json",
        "\"Text\": \"<p>A text. It has at most 5 letters.</p>\""
    ));
    publish(&server, &[("1.0.0", old), ("1.1.0", new)]);
    let before = server.received().len();
    let printed = place.succeeds("update --report report.md");
    assert!(printed.contains("version 0.1.0 -> 0.1.1"), "{printed}");
    assert!(has("report.md", "now “It has at most 7 letters”"));
    assert!(has("crates/things/CHANGELOG.md", "7 letters"));
    assert!(
        has("models/things/prose.json", "7 letters")
            && !has("models/things/prose.json", "5 letters")
    );
    assert_eq!(place.succeeds("verify"), "1 service is valid\n");
    // The documentation of the recorded release is in the workspace.
    let requests = server.received();
    let archives = requests[before..].iter();
    assert_eq!(
        archives
            .filter(|request| request.path.contains("1.0.0"))
            .count(),
        0
    );
    assert_eq!(place.succeeds("update"), "things: nothing changed\n");
}

#[test]
fn a_recorded_release_that_cannot_be_had_is_named_and_does_not_stop_the_update() {
    let server = Server::start();
    let place = place(&server);
    fs::remove_dir_all(place.home.path()).unwrap();
    fs::create_dir(place.home.path()).unwrap();
    publish(
        &server,
        &[("1.1.0", release(&["a", "b"], "It has at most 7 letters."))],
    );
    let printed = place.succeeds("update");
    assert!(
        printed.contains(
            "to review: The documentation was not compared with that of the recorded release: "
        ) && printed.contains("has no botocore 1.0.0"),
        "{printed}"
    );
}
