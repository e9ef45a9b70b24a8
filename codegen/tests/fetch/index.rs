//! Models from a package index: what is taken, what is asked a second time, and each way in which it fails.

use anyhow::Result;
use attache_codegen::workspace::config::Config;
use attache_codegen::workspace::downloads::Options;
use attache_codegen::workspace::published::Source;

use crate::archive::{publish, service, wheel};
use crate::server::{Answer, Server};
use crate::settings::{TestEnvironment, releases};

const MODEL: &str = "botocore/data/things/2020-01-01/service-2.json";

fn one(members: &[&str]) -> Vec<u8> {
    wheel(&[(MODEL, &service("Things", members))])
}

fn environment(server: &Server) -> TestEnvironment {
    TestEnvironment::new().with("PIP_INDEX_URL", &server.address("/simple"))
}

fn take(environment: &TestEnvironment, name: &str, options: &Options) -> Result<(String, String)> {
    let mut releases = releases(environment, options)?;
    let source = releases.default_source()?;
    assert_eq!(source, Source::Botocore);
    let (found, texts) = releases.model(name, &source)?;
    Ok((
        found.describe(""),
        texts.import(&Config::default().traits)?.model_json,
    ))
}

fn fails(environment: &TestEnvironment, name: &str, options: &Options) -> String {
    format!("{:#}", take(environment, name, options).unwrap_err())
}

fn to(version: &str) -> Options {
    Options {
        to: Some(version.to_owned()),
        ..Options::default()
    }
}

fn offline() -> Options {
    Options {
        offline: true,
        ..Options::default()
    }
}

#[test]
fn the_newest_release_is_taken_or_the_one_that_was_asked_for() {
    let server = Server::start();
    publish(
        &server,
        &[
            ("1.9.0", one(&["a"])),
            ("1.10.0", one(&["a", "b"])),
            ("2.0.0rc1", one(&["c"])),
        ],
    );
    let environment = environment(&server);
    let (from, model) = take(&environment, "things", &Options::default()).unwrap();
    assert_eq!(from, "botocore 1.10.0 things/2020-01-01");
    assert!(model.contains("\"b\""));
    let (from, model) = take(&environment, "things", &to("1.9")).unwrap();
    assert_eq!(from, "botocore 1.9.0 things/2020-01-01");
    assert!(!model.contains("\"b\""));
    assert!(fails(&environment, "things", &to("1.8")).contains("the newest is 1.10.0"));
    assert!(fails(&environment, "things", &to("newest")).contains("is not a version of botocore"));
}

#[test]
fn a_second_command_downloads_no_archive_and_an_offline_one_nothing() {
    let server = Server::start();
    publish(&server, &[("1.0", one(&["a"]))]);
    let environment = environment(&server);
    let first = take(&environment, "things", &Options::default()).unwrap();
    let after_first = server.received().len();
    assert_eq!(
        take(&environment, "things", &Options::default()).unwrap(),
        first
    );
    let second = &server.received()[after_first..];
    assert_eq!(second.len(), 1, "{second:?}");
    assert!(
        second[0].headers.contains_key("if-none-match"),
        "{second:?}"
    );
    assert_eq!(take(&environment, "things", &offline()).unwrap(), first);
    assert_eq!(server.received().len(), after_first + 1);
}

#[test]
fn offline_says_what_was_not_downloaded_before() {
    let server = Server::start();
    let error = fails(&environment(&server), "things", &offline());
    assert!(
        error.contains("--offline") && error.contains("/simple/botocore/"),
        "{error}"
    );
    assert!(server.received().is_empty());
}

#[test]
fn a_connection_that_breaks_goes_on_where_it_broke() {
    let server = Server::start();
    let archive = one(&["a"]);
    publish(&server, &[("1.0", archive.clone())]);
    let path = "/files/botocore-1.0-py3-none-any.whl";
    let whole = Answer::new(200, archive).with("ETag", "\"x\"");
    server.replace(path, whole.clone().cut_after(100));
    server.answer(path, whole);
    take(&environment(&server), "things", &Options::default()).unwrap();
    let ranges: Vec<_> = server
        .received()
        .iter()
        .filter(|request| request.path == path)
        .map(|request| request.headers.get("range").cloned())
        .collect();
    assert_eq!(ranges, [None, Some("bytes=100-".to_owned())]);
}

#[test]
fn a_server_that_falls_silent_is_given_up_after_all_attempts() {
    let server = Server::start();
    publish(&server, &[("1.0", one(&["a"]))]);
    let path = "/files/botocore-1.0-py3-none-any.whl";
    server.replace(path, Answer::new(200, one(&["a"])).stall_after(10));
    let error = fails(&environment(&server), "things", &Options::default());
    assert!(error.contains("did not answer in time"), "{error}");
    let asked = server
        .received()
        .iter()
        .filter(|request| request.path == path)
        .count();
    assert_eq!(asked, 4);
}

#[test]
fn failures_that_pass_are_tried_again_and_others_are_not() {
    for (status, requests) in [(500, 4), (503, 4), (429, 4), (404, 1), (403, 1), (401, 1)] {
        let server = Server::start();
        server.answer("/simple/botocore/", Answer::new(status, "no"));
        let error = fails(&environment(&server), "things", &Options::default());
        assert!(error.contains(&status.to_string()), "{error}");
        assert!(error.contains("/simple/botocore/"), "{error}");
        assert_eq!(server.received().len(), requests, "{status}");
    }
}

#[test]
fn an_archive_with_another_digest_is_refused_and_not_kept() {
    let server = Server::start();
    publish(&server, &[("1.0", one(&["a"]))]);
    let path = "/files/botocore-1.0-py3-none-any.whl";
    server.replace(path, Answer::new(200, one(&["b"])));
    let environment = environment(&server);
    let error = fails(&environment, "things", &Options::default());
    assert!(error.contains("SHA-256"), "{error}");
    assert!(fails(&environment, "things", &offline()).contains("--offline"));
    server.replace(path, Answer::new(200, one(&["a"])));
    take(&environment, "things", &Options::default()).unwrap();
}

#[test]
fn a_changed_file_of_the_cache_is_downloaded_again() {
    let server = Server::start();
    publish(&server, &[("1.0", one(&["a"]))]);
    let environment = environment(&server);
    let first = take(&environment, "things", &Options::default()).unwrap();
    for entry in std::fs::read_dir(environment.home().join("cache/objects")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    }
    assert_eq!(
        take(&environment, "things", &Options::default()).unwrap(),
        first
    );
}

#[test]
fn a_service_that_the_release_lacks_is_named_with_the_nearest_ones() {
    let server = Server::start();
    publish(&server, &[("1.0", one(&["a"]))]);
    let error = fails(&environment(&server), "thing", &Options::default());
    assert!(
        error.contains("botocore 1.0 has no service `thing`; did you mean things?"),
        "{error}"
    );
}

#[test]
fn broken_archives_and_pages_are_one_clear_error() {
    let whole = one(&["a"]);
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("cut", whole[..whole.len() / 2].to_vec(), "cannot be read"),
        ("empty", Vec::new(), "cannot be read"),
        (
            "no models",
            wheel(&[("botocore/__init__.py", "")]),
            "holds no models",
        ),
        (
            "text",
            b"<html>please log in</html>".to_vec(),
            "cannot be read",
        ),
    ];
    for (name, archive, expected) in cases {
        let server = Server::start();
        publish(&server, &[("1.0", archive)]);
        let error = fails(&environment(&server), "things", &Options::default());
        assert!(error.contains(expected), "{name}: {error}");
    }
    for page in ["<html>please log in</html>", "{\"files\": []}"] {
        let server = Server::start();
        server.answer("/simple/botocore/", Answer::new(200, page));
        let error = fails(&environment(&server), "things", &Options::default());
        assert!(error.contains("lists no release of botocore"), "{error}");
    }
    let server = Server::start();
    server.answer("/simple/botocore/", Answer::new(200, "{\"files\": 3}"));
    let error = fails(&environment(&server), "things", &Options::default());
    assert!(error.contains("could not read"), "{error}");
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let large = " ".repeat(33 << 20);
    let server = Server::start();
    publish(&server, &[("1.0", wheel(&[(MODEL, &large)]))]);
    let error = fails(&environment(&server), "things", &Options::default());
    assert!(error.contains("the limit of such a file"), "{error}");
}

#[test]
fn passwords_of_the_index_reach_the_server_and_no_message() {
    let server = Server::start();
    let address = server
        .address("/simple")
        .replace("http://", "http://me:secret@");
    let environment = TestEnvironment::new().with("PIP_INDEX_URL", &address);
    let error = fails(&environment, "things", &Options::default());
    assert!(
        !error.contains("secret") && error.contains("404"),
        "{error}"
    );
    let sent = server.received()[0].headers.get("authorization").cloned();
    assert_eq!(sent.as_deref(), Some("Basic bWU6c2VjcmV0"));
}

#[test]
fn a_full_address_on_the_server_of_the_index_gets_its_password_and_another_one_does_not() {
    let index = Server::start();
    let other = Server::start();
    let archive = one(&["a"]);
    let path = "/files/botocore-1.0-py3-none-any.whl";
    for server in [&index, &other] {
        server.replace(path, Answer::new(200, archive.clone()));
        let page = format!(
            r#"{{"files": [{{"filename": "botocore-1.0-py3-none-any.whl", "url": "{}"}}]}}"#,
            server.address(path)
        );
        index.replace("/simple/botocore/", Answer::new(200, page));
        let address = index
            .address("/simple")
            .replace("http://", "http://me:secret@");
        let environment = TestEnvironment::new().with("PIP_INDEX_URL", &address);
        take(&environment, "things", &Options::default()).unwrap();
        let files = server
            .received()
            .into_iter()
            .filter(|request| request.path == path);
        let sent: Vec<_> = files
            .map(|request| request.headers.contains_key("authorization"))
            .collect();
        assert_eq!(sent, [server.address("") == index.address("")]);
    }
}

#[test]
fn a_slash_at_the_end_of_the_index_makes_no_difference() {
    let server = Server::start();
    publish(&server, &[("1.0", one(&["a"]))]);
    for end in ["/simple", "/simple/", "/simple//"] {
        let environment = TestEnvironment::new().with("PIP_INDEX_URL", &server.address(end));
        take(&environment, "things", &Options::default()).unwrap();
    }
}

#[test]
fn downloads_use_the_proxy_of_pip() {
    let proxy = Server::start();
    let page = "http://index.example/simple/botocore/";
    proxy.replace(page, Answer::new(403, "no"));
    let environment = TestEnvironment::new()
        .with("PIP_INDEX_URL", "http://index.example/simple")
        .with(
            "PIP_PROXY",
            &proxy.address("").replace("http://", "http://me:secret@"),
        );
    let error = fails(&environment, "things", &Options::default());
    assert!(
        error.contains("403") && !error.contains("secret"),
        "{error}"
    );
    let received = proxy.received();
    assert_eq!(received[0].path, page);
    assert!(received[0].headers.contains_key("proxy-authorization"));
    let environment = environment.with("PIP_PROXY", "http://me:secret@[");
    let error = fails(&environment, "things", &Options::default());
    assert!(
        error.contains("is not an address of a proxy") && !error.contains("secret"),
        "{error}"
    );
}

#[test]
fn a_download_that_was_stopped_is_deleted_a_day_later() {
    let server = Server::start();
    publish(&server, &[("1.0", one(&["a"]))]);
    let environment = environment(&server);
    let objects = environment.home().join("cache/objects");
    std::fs::create_dir_all(&objects).unwrap();
    let now = std::time::SystemTime::now();
    for (name, hours) in [
        ("unfinished-old", 25),
        ("unfinished-new", 23),
        ("other", 25),
    ] {
        let file = std::fs::File::create(objects.join(name)).unwrap();
        let age = std::time::Duration::from_secs(hours * 60 * 60);
        file.set_modified(now - age).unwrap();
    }
    take(&environment, "things", &Options::default()).unwrap();
    let stays =
        ["unfinished-old", "unfinished-new", "other"].map(|name| objects.join(name).exists());
    assert_eq!(stays, [false, true, true]);
}

#[test]
fn an_index_that_cannot_be_reached_is_named() {
    let environment = TestEnvironment::new().with("PIP_INDEX_URL", "http://127.0.0.1:1/simple");
    let error = fails(&environment, "things", &Options::default());
    assert!(
        error.contains("could not connect") && error.contains("127.0.0.1:1"),
        "{error}"
    );
    let environment = TestEnvironment::new().with("PIP_INDEX_URL", "ftp://index.example/simple");
    let error = fails(&environment, "things", &Options::default());
    assert!(error.contains("is not an http or https address"), "{error}");
    let address = "https://me:se/cret@index.example/simple";
    let environment = TestEnvironment::new().with("PIP_INDEX_URL", address);
    let error = fails(&environment, "things", &Options::default());
    assert!(
        error.contains("`https://index.example/simple/botocore/`")
            && error.contains("is malformed")
            && !error.contains("cret"),
        "{error}"
    );
}
