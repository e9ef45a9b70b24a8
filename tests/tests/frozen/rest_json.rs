//! The frozen client of restJson1.

use attache_runtime::validation::Level;
use attache_runtime::{Document, Timestamp};
use attache_tests::transport::Answers;
use generated_by_0_2_rest_json::enums::{Colour, Level as Height, Paint};
use generated_by_0_2_rest_json::operation::{MakeToy, MakeToyRequest, PutEverythingRequest};
use generated_by_0_2_rest_json::types::Choice;
use generated_by_0_2_rest_json::{ByteStream, Client, ServiceError};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

fn client(answers: &Answers) -> Client {
    Client::new(&answers.config())
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// A request that passes every check.
#[expect(deprecated, reason = "the model says so")]
fn toy(client: &Client) -> MakeToy {
    client
        .make_toy()
        .maker("a b")
        .name("bear")
        .size("9")
        .colour(Paint::Red)
        .from(at("2026-01-01T00:00:00Z"))
        .to(at("2026-01-02T00:00:00Z"))
}

#[test]
fn labels_queries_headers_and_bodies_are_sent() {
    let answers = Answers::default();
    let call = toy(&client(&answers)).mark("x").tags([("k", "v")]);
    call.token("t").send().wait().expect("an answer");
    let sent = &answers.sent()[0];
    assert!(
        sent.url.contains("/toys/a%20b/make?kind=toy&size=9"),
        "{}",
        sent.url
    );
    assert_eq!(sent.header("x-mark"), "x");
    assert_eq!(sent.header("x-tag-k"), "v");
    assert_eq!(sent.header("x-frozen"), "always");
    assert_eq!(
        sent.json(),
        serde_json::json!({
            "Name": "bear", "colour": "red", "token": "t",
            "from": 1_767_225_600, "to": "2026-01-02T00:00:00Z",
        })
    );
}

#[test]
fn the_rules_of_the_documentation_are_checked() {
    let answers = Answers::default();
    let call = toy(&client(&answers))
        .name("BEAR")
        .unit("inch")
        .sure(false)
        .sign("times")
        .form("1")
        .first(9)
        .last(1)
        .hidden_count(10)
        .hidden_ratio(2.0)
        .hidden_keys([("", "x")])
        .documents([Document::Null, Document::Null])
        .day(at("2026-01-01T00:00:01Z"));
    let violations = call.into_request().validate(Level::Strict);
    let text = violations.expect_err("a lot is wrong").to_string();
    for part in [
        "name",
        "unit",
        "sure",
        "sign",
        "form",
        "first",
        "hidden_count",
        "hidden_ratio",
        "hidden_keys",
        "documents",
        "day",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(answers.sent().is_empty());
}

#[test]
fn responses_are_read_from_head_and_body() {
    let body = r#"{
        "state": "made", "names": ["a", "b"], "hiddenTime": 5, "hiddenKeys": {"k": "v"}, "documents": [{"a": [1]}],
        "hiddenCount": 3, "hiddenRatio": 0.5, "unknown": {"x": [null]}
    }"#;
    let headers = [
        ("x-trace", "t"),
        ("x-made", "Thu, 01 Jan 2026 00:00:00 GMT"),
    ];
    let answers = Answers::default().then(200, &headers, body);
    let response = toy(&client(&answers)).send().wait().expect("an answer");
    assert_eq!(response.state.as_deref(), Some("made"));
    assert_eq!(response.trace.as_deref(), Some("t"));
    assert_eq!(response.label, "none");
    assert_eq!(response.made, Some(at("2026-01-01T00:00:00Z")));
    assert_eq!(response.hidden_ratio, Some(0.5));
    assert!(!format!("{response:?}").contains("2026"), "{response:?}");
}

#[test]
fn unions_enums_and_payloads_are_sent_and_received() {
    let answers = Answers::default().then(200, &[], r#"{"level": 3}"#).then(
        200,
        &[],
        r#"{"part": {"colour": "dark-blue"}, "aSparseList": [null, "x"]}"#,
    );
    let client = client(&answers);
    let call = client.echo_choice().payload(Choice::Level(Height::High));
    let response = call.send().wait().expect("an answer");
    assert!(
        matches!(response.payload, Some(Choice::Level(_))),
        "{response:?}"
    );
    let sent = answers.sent()[0].json();
    assert_eq!(
        sent.as_object().map(serde_json::Map::len),
        Some(1),
        "{sent}"
    );
    let request = PutEverythingRequest {
        id: Some("i".to_owned()),
        ..Default::default()
    };
    assert!(client.send(request).wait().is_err(), "labels are missing");
}

#[tokio::test]
async fn streams_go_both_ways() {
    let answers = Answers::with(200, "all of it");
    let client = client(&answers);
    let body = client.get_stream().send().await.expect("an answer").body;
    assert_eq!(body.collect().await.expect("it is readable"), "all of it");
    let put = client.put_stream().body(ByteStream::from("bytes"));
    put.send().await.expect("an answer");
    assert_eq!(
        answers.sent()[1].header("x-amz-content-sha256"),
        "UNSIGNED-PAYLOAD"
    );
}

#[tokio::test]
async fn pages_and_waiters_ask_again() {
    let part = r#"{"name": "n", "made": 0, "serial": "", "colour": "red"}"#;
    let answers = Answers::default()
        .then(
            200,
            &[],
            &format!(r#"{{"page": {{"next": "2", "parts": {{"red": {part}}}}}}}"#),
        )
        .then(
            200,
            &[],
            &format!(r#"{{"page": {{"parts": {{"new": {part}}}}}}}"#),
        )
        .then(200, &[], r#"{"names": ["some"]}"#)
        .then(200, &[], r#"{"names": ["some", "all"]}"#);
    let client = client(&answers);
    tokio::time::pause();
    let items = client.list_parts().items().collect().await;
    let colours: Vec<Colour> = items
        .expect("both pages")
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(colours.len(), 2);
    assert!(answers.sent()[1].url.ends_with("/parts?next=2"));
    let response = toy(&client).until_toy_named().await.expect("it is named");
    let names = response.response.and_then(|toy| toy.names);
    assert_eq!(names.map(|names| names.len()), Some(2));
}

#[test]
fn errors_and_dry_runs_are_those_of_the_model() {
    let answers = Answers::default()
        .then(
            412,
            &[("x-amzn-errortype", "Refused")],
            r#"{"message": "psst"}"#,
        )
        .then(
            412,
            &[("x-amzn-errortype", "Refused")],
            r#"{"message": "psst"}"#,
        );
    let client = client(&answers);
    let error = toy(&client).send().wait().expect_err("it is refused");
    assert!(
        matches!(error.service(), Some(ServiceError::Refused(_))),
        "{error:?}"
    );
    assert!(!format!("{error} {error:?}").contains("psst"), "{error:?}");
    toy(&client)
        .send_dry_run()
        .wait()
        .expect("it would be done");
}

#[test]
fn checksums_compression_and_hosts_are_those_of_the_operation() {
    let answers = Answers::default();
    let config = answers.builder().region("eu-west-1").build();
    let client = Client::new(&config.expect("it is complete"));
    let call = client.checksum().text("x");
    call.send().wait().expect("an answer");
    let call = client.compress().text("x".repeat(20_000));
    call.send().wait().expect("an answer");
    let call = client.local().account("box");
    call.send().wait().expect("an answer");
    let sent = answers.sent();
    assert!(!sent[0].header("content-md5").is_empty());
    assert!(sent[0].url.starts_with("https://global.amazonaws.com/"));
    assert_eq!(sent[1].header("content-encoding"), "gzip");
    assert!(sent[1].url.starts_with("https://frozen.amazonaws.com/"));
    assert_eq!(sent[1].header("x-kind"), "global");
    assert!(sent[1].header("authorization").contains("/us-east-1/"));
    let host = "https://box-data.frozen.eu-west-1.amazonaws.com/";
    assert!(sent[2].url.starts_with(host), "{}", sent[2].url);
}

#[test]
fn an_operation_of_one_region_is_called_there_only() {
    let answers = Answers::default();
    let client = |region: &str| {
        let config = answers.builder().region(region).build();
        Client::new(&config.expect("it is complete"))
    };
    let elsewhere = client("eu-west-1").tree_hash().body("x").send().wait();
    assert!(elsewhere.is_err());
    let there = client("us-east-1").tree_hash().body("x").send().wait();
    there.expect("an answer");
    let sent = answers.sent();
    assert_eq!(sent.len(), 1);
    assert!(!sent[0].header("x-amz-sha256-tree-hash").is_empty());
}

#[test]
fn arbitrary_requests_are_valid_and_can_be_sent() {
    let answers = Answers::default();
    let client = client(&answers);
    let config = || proptest::test_runner::Config {
        cases: 30,
        failure_persistence: None,
        ..Default::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let toys = runner.run(&any::<MakeToyRequest>(), |request| {
        request.validate(Level::Documented).expect("it is valid");
        client.send(request).wait().expect("an answer");
        Ok(())
    });
    toys.expect("toys are made");
    let all = runner.run(&any::<PutEverythingRequest>(), |request| {
        client.send(request).wait().expect("an answer");
        Ok(())
    });
    all.expect("everything is put");
}
