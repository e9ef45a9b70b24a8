//! Each way in which a source is bad, with the commands run as the program: one line, and nothing is written.

use std::fs;

use crate::archive::service;
use crate::server::Answer;
use crate::sources::{Kind, NEXT_COMMIT, Published, parcels};
use crate::workspace::Place;

/// What each command that takes a model from the source complains of.
fn refused(published: &Published, expected: &str) {
    let before = cached(&published.place);
    for command in ["outdated", "update", "update parcels --dry-run"] {
        let refused = published.place.refuses(command);
        assert!(
            refused.contains(expected),
            "{:?}, {command}: {refused}",
            published.kind
        );
        assert!(!refused.contains("secret"), "{refused}");
    }
    assert_eq!(
        cached(&published.place),
        before,
        "{expected}: nothing unfinished stays in the cache"
    );
}

/// The names of the files in the cache that are not whole.
fn cached(place: &Place) -> Vec<String> {
    let entries = fs::read_dir(place.cache().join("objects"))
        .into_iter()
        .flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.len() != 64).collect()
}

/// What an address may answer in place of `model`, and what is said of it.
fn bad_answers(model: &str) -> Vec<(Answer, &'static str)> {
    let other = model.replace("\"sdkId\": \"Parcels\"", "\"sdkId\": \"Letters\"");
    vec![
        (
            Answer::new(404, "no"),
            "the server has no such file (404 Not Found)",
        ),
        (
            Answer::new(403, "no"),
            "the server refuses it (403 Forbidden)",
        ),
        (Answer::new(500, "no"), "the server answered 500"),
        (
            Answer::new(200, model).cut_after(100),
            "the connection broke",
        ),
        (Answer::new(200, &model[..1000]), "not valid JSON"),
        (Answer::new(200, ""), "not valid JSON"),
        (
            Answer::new(200, " ".repeat((32 << 20) + 1)),
            "more than 33554432 bytes",
        ),
        (
            Answer::new(200, other),
            "is the model of Letters (example.parcels#Parcels), but parcels is Parcels",
        ),
        (
            Answer::new(200, "<html><body>log in</body></html>"),
            "it is HTML or XML, not JSON",
        ),
        (
            Answer::new(200, "$version: \"2.0\"\nnamespace a\n"),
            "it is a file of the Smithy IDL",
        ),
        (
            Answer::new(200, "[1, 2]"),
            "could not import http://127.0.0.1",
        ),
        (
            Answer::new(200, "{\"smithy\": \"2.0\"}"),
            "/parcels.json: the model holds no service shape",
        ),
        (Answer::new(200, vec![0xff; 9]), "is not UTF-8"),
        (
            Answer::new(302, "").with("Location", "/parcels.json?token=secret"),
            "redirect",
        ),
    ]
}

#[test]
fn a_bad_address_is_one_line_and_writes_nothing() {
    let mut published = Published::new(Kind::Url);
    published.place.succeeds("add parcels");
    let model = parcels(20_000);
    for (answer, expected) in bad_answers(&model) {
        published.answer(answer);
        refused(&published, expected);
    }
    published.place.set("PIP_DEFAULT_TIMEOUT", "0.2");
    published.answer(Answer::new(200, model.clone()).stall_after(100));
    refused(&published, "the server did not answer in time");
    published.answer(Answer::new(200, model));
    assert!(
        published
            .place
            .refuses("update --to 1.0")
            .contains("has no releases")
    );
    published.place.succeeds("update");
}

#[test]
fn without_a_network_an_address_is_refused_and_offline_takes_what_was_downloaded() {
    let published = Published::new(Kind::Url);
    let place = &published.place;
    let settings = place.read("models/attache.toml");
    let refused = place.refuses("add parcels --offline");
    assert!(
        refused.contains("/parcels.json was not downloaded before"),
        "{refused}"
    );
    let nobody = settings.replace(&published.server.address(""), "http://127.0.0.1:1");
    place.write("models/attache.toml", &nobody);
    let refused = place.refuses("add parcels");
    assert!(
        refused.contains("could not download http://127.0.0.1:1/parcels.json: could not connect"),
        "{refused}"
    );
    place.write("models/attache.toml", &settings);
    place.succeeds("add parcels");
    let asked = published.server.received().len();
    place.succeeds("outdated --offline");
    assert_eq!(published.server.received().len(), asked);
}

#[test]
fn a_bad_path_is_one_line_and_writes_nothing() {
    let published = Published::new(Kind::Path);
    let place = &published.place;
    place.succeeds("add parcels");
    let model = parcels(20_000);
    let other = model.replace("\"sdkId\": \"Parcels\"", "\"sdkId\": \"Letters\"");
    for (text, expected) in [
        (
            &model[..1000],
            "could not import published/parcels.json: not valid JSON",
        ),
        (
            other.as_str(),
            "published/parcels.json is the model of Letters",
        ),
        (
            "namespace example.parcels\n",
            "it is a file of the Smithy IDL",
        ),
        (
            "// A comment\n\n$version: \"2\"\n",
            "it is a file of the Smithy IDL",
        ),
        ("parcels", "not valid JSON"),
    ] {
        place.write("published/parcels.json", text);
        refused(&published, expected);
    }
    fs::remove_file(place.path("published/parcels.json")).unwrap();
    refused(&published, "published/parcels.json: No such file");
    place.write("published/parcels.json/README.md", "A folder.");
    refused(
        &published,
        "neither the folder nor a folder in it holds a service-2.json",
    );
    place.write(
        "published/parcels.json/2020-01-01/service-2.json",
        &service("Letters", &["a"]),
    );
    refused(&published, "is the model of Letters");
    assert!(place.refuses("update --to 1.0").contains("has no releases"));
    let settings = place.read("models/attache.toml");
    for path in ["../parcels.json", "/parcels.json", ""] {
        place.write(
            "models/attache.toml",
            &settings.replace("published/parcels.json", path),
        );
        let refused = place.refuses("outdated");
        assert!(
            refused.contains("`source.path` must be a path below the workspace"),
            "{refused}"
        );
    }
}

/// What the addresses of a repository may answer, and what is said of it.
fn bad_repository<'a>(
    tree: &'a str,
    file: &'a str,
    model: &str,
) -> Vec<(&'a str, Answer, &'static str)> {
    let other = model.replace("\"sdkId\": \"Parcels\"", "\"sdkId\": \"Letters\"");
    vec![
        (
            "/api/commits/HEAD",
            Answer::new(404, "no"),
            "(404 Not Found)",
        ),
        (
            "/api/commits/HEAD",
            Answer::new(403, "rate limit"),
            "(403 Forbidden)",
        ),
        (
            "/api/commits/HEAD",
            Answer::new(200, "<html>"),
            "is not a commit",
        ),
        (tree, Answer::new(404, "no"), "(404 Not Found)"),
        (tree, Answer::new(200, "{"), "cannot be read"),
        (
            tree,
            Answer::new(200, r#"{"tree": [], "truncated": true}"#),
            "is not complete",
        ),
        (tree, Answer::new(200, r#"{"tree": []}"#), "holds no models"),
        (file, Answer::new(404, "no"), "(404 Not Found)"),
        (
            file,
            Answer::new(200, model).cut_after(9),
            "the connection broke",
        ),
        (
            file,
            Answer::new(200, " ".repeat((32 << 20) + 1)),
            "more than 33554432 bytes",
        ),
        (file, Answer::new(200, "no"), "not valid JSON"),
        (file, Answer::new(200, other), "is the model of Letters"),
    ]
}

#[test]
fn a_bad_repository_of_smithy_files_is_one_line_and_writes_nothing() {
    let mut published = Published::new(Kind::ApiModelsAws);
    published.place.succeeds("add parcels");
    let tree = format!("/api/git/trees/{NEXT_COMMIT}?recursive=1");
    let file =
        format!("/raw/{NEXT_COMMIT}/models/parcels/service/2026-01-01/parcels-2026-01-01.json");
    let model = parcels(20_000);
    for (path, answer, expected) in bad_repository(&tree, &file, &model) {
        published.publish(NEXT_COMMIT, "", 20_000);
        published.server.replace(path, answer);
        // The files of a commit never change and are cached, so each case begins with an empty cache.
        fs::remove_dir_all(published.place.cache()).unwrap();
        refused(&published, expected);
    }
    published.publish(NEXT_COMMIT, "", 20_000);
    fs::remove_dir_all(published.place.cache()).unwrap();
    published.place.set("PIP_DEFAULT_TIMEOUT", "0.2");
    published
        .server
        .replace(&file, Answer::new(200, model).stall_after(100));
    refused(&published, "the server did not answer in time");
    published
        .place
        .set("ATTACHE_API_MODELS_REPOSITORY", "http://127.0.0.1:1");
    refused(&published, "could not connect");
}

#[test]
fn an_address_as_a_path_is_told_where_addresses_stand() {
    let published = Published::new(Kind::Url);
    let refused = published
        .place
        .refuses("add letters --from https://files.example/letters.json");
    assert!(
        refused.contains("set `source = { url = \"…\" }` in [service.letters]"),
        "{refused}"
    );
}
