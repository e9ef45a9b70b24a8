//! Files that are no recordings.

use attache_runtime::test::Replayer;

use super::path;

/// What opening a file with this text says.
fn refused(name: &str, text: &str) -> String {
    let path = path(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
    std::fs::write(&path, text).expect("it can be written");
    let error = Replayer::open(&path).expect_err("it is damaged");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    let start = format!("cannot replay {}: ", path.display());
    let text = error.to_string();
    text.strip_prefix(&start)
        .expect("it names the file")
        .to_owned()
}

#[test]
fn a_file_that_is_no_recording_is_refused_with_the_place() {
    for (text, problem) in [
        (
            "",
            "it is not JSON: expected a value, found the end of the input in line 1, column 1",
        ),
        ("{\n  \"exchanges\": [", "it is not JSON: "),
        ("[]", "it is not a recording: it has no `attacheRecording`"),
        (
            "{\"cases\":[]}",
            "it is not a recording: it has no `attacheRecording`",
        ),
        (
            "{\"attacheRecording\":2}",
            "it has version 2 of the format, and this version of attache-runtime reads version 1; update \
             attache-runtime or record again",
        ),
        (
            "{\"attacheRecording\":\"1\"}",
            "`attacheRecording` is not the version of a format",
        ),
        (
            "{\"attacheRecording\":1,\"hidden\":[]}",
            "`exchanges` is missing",
        ),
    ] {
        let found = refused("damaged", text);
        assert!(found.starts_with(problem), "{text}: {found}");
    }
}

#[test]
fn an_exchange_that_is_damaged_is_named() {
    let exchange =
        |text: &str| format!(r#"{{"attacheRecording":1,"hidden":[],"exchanges":[{text}]}}"#);
    let request = r#""request":{"method":"POST","path":"/","headers":{}}"#;
    for (text, problem) in [
        (&exchange("{}"), "exchange 1: `request` is missing"),
        (
            &exchange(&format!("{{{request}}}")),
            "exchange 1: `response` is missing",
        ),
        (
            &exchange(&format!(
                r#"{{{request},"response":{{"status":99999,"headers":{{}}}}}}"#
            )),
            "exchange 1: response: `status` is no status of HTTP",
        ),
        (
            &exchange(&format!(
                r#"{{{request},"response":{{"status":20,"headers":{{}}}}}}"#
            )),
            "exchange 1: response: 20 is no status of HTTP",
        ),
        (
            &exchange(&format!(
                r#"{{{request},"response":{{"status":200,"headers":{{"a b":"c"}}}}}}"#
            )),
            "exchange 1: response: HTTP does not permit the header `a b` or its value",
        ),
        (
            &exchange(&format!(
                r#"{{{request},"response":{{"status":200,"headers":{{}},"base64":"?"}}}}"#
            )),
            "exchange 1: response: `base64` is not base64",
        ),
        (
            &exchange(&format!(r#"{{{request},"failure":"fire"}}"#)),
            "exchange 1: `failure` is not `connect`, `timeout` or `io`",
        ),
    ] {
        let found = refused("damaged-exchange", text);
        assert!(found.starts_with(problem), "{text}: {found}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Replayer::open(path("missing")).expect_err("it is not there");
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    let text = error.to_string();
    assert!(text.starts_with("cannot read the recording "), "{text}");
}
