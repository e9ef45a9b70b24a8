//! What a replay gives, and what it compares.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use attache_runtime::test::{Recorder, Replayer, config};
use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::{Body, BoxFuture, ByteStream, Config, ErrorKind};
use attache_support::Client;
use attache_tests::transport::Answers;

use super::{path, record, replay};

fn open(client: &Client, category: &str) -> Result<String, attache_support::Error> {
    let call = client.create_case().category_code(category);
    let call = call.subject("It broke").communication_body("…");
    let response = call.send().wait()?;
    Ok(response.case_id.unwrap_or_default())
}

fn two_cases() -> Answers {
    Answers::with(200, r#"{"caseId":"case-1"}"#).then(200, &[], r#"{"caseId":"case-2"}"#)
}

#[test]
fn a_file_is_short_and_in_a_fixed_order() {
    let text = record("file", two_cases(), |client| {
        open(client, "a").expect("it is answered");
    });
    assert_eq!(
        text,
        r#"{
  "attacheRecording": 1,
  "hidden": [],
  "exchanges": [
    {
      "operation": "Support.CreateCase",
      "request": {
        "method": "POST",
        "path": "/",
        "headers": {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "AWSSupport_20130415.CreateCase"
        },
        "json": {
          "categoryCode": "a",
          "communicationBody": "REDACTED0001",
          "subject": "REDACTED0002"
        }
      },
      "response": {
        "status": 200,
        "headers": {},
        "json": {
          "caseId": "case-1"
        }
      }
    }
  ]
}
"#
    );
}

#[test]
fn requests_get_what_they_got_whatever_their_order() {
    record("order", two_cases(), |client| {
        open(client, "a").expect("it is answered");
        open(client, "b").expect("it is answered");
    });
    let replayer = replay("order", |client| {
        assert_eq!(open(client, "b").expect("it is recorded"), "case-2");
        assert_eq!(open(client, "a").expect("it is recorded"), "case-1");
    });
    replayer.assert_finished();
}

#[test]
fn equal_requests_get_what_they_got_in_the_order_of_the_file() {
    record("equal", two_cases(), |client| {
        open(client, "a").expect("it is answered");
        open(client, "a").expect("it is answered");
    });
    let replayer = replay("equal", |client| {
        assert_eq!(open(client, "a").expect("it is recorded"), "case-1");
        assert_eq!(open(client, "a").expect("it is recorded"), "case-2");
        let error = open(client, "a").expect_err("it was sent twice");
        assert!(
            format!("{error:#}").contains("Support.CreateCase: all of them were given already"),
            "{error:#}"
        );
    });
    assert_eq!(replayer.remaining(), Vec::<String>::new());
}

#[test]
fn a_retry_is_replayed_as_it_was() {
    let throttled = r#"{"__type":"ThrottlingException","message":"slow down"}"#;
    let answers = Answers::with(429, throttled).then(200, &[], r#"{"caseId":"case-1"}"#);
    let text = record("retry", answers, |client| {
        assert_eq!(open(client, "a").expect("the second attempt"), "case-1");
    });
    assert_eq!(text.matches("\"request\"").count(), 2, "{text}");
    let replayer = replay("retry", |client| {
        assert_eq!(open(client, "a").expect("the second attempt"), "case-1");
    });
    replayer.assert_finished();
}

#[test]
fn an_error_is_replayed_with_all_its_facts() {
    let text = r#"{"__type":"CaseIdNotFound","message":"no such case"}"#;
    let answers = Answers::default().then(400, &[("x-amzn-requestid", "4f1c")], text);
    record("error", answers, |client| {
        let call = client.resolve_case().case_id("case-1").send();
        call.wait().expect_err("it is answered");
    });
    replay("error", |client| {
        let call = client.resolve_case().case_id("case-1").send();
        let error = call.wait().expect_err("it is recorded");
        assert_eq!(error.code(), Some("CaseIdNotFound"));
        assert_eq!(error.message(), Some("no such case"));
        assert_eq!(
            (error.status(), error.request_id()),
            (Some(400), Some("4f1c"))
        );
        assert!(error.service().is_some());
    })
    .assert_finished();
}

#[test]
fn the_first_difference_is_named() {
    record("difference", two_cases(), |client| {
        open(client, "a").expect("it is answered");
    });
    let replayer = replay("difference", |client| {
        let error = open(client, "b").expect_err("it was not recorded");
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let text = format!("{error:#}");
        let expected = "has no exchange for this request of Support.CreateCase: the next one is exchange 1, and \
                        /categoryCode is \"a\" in the recording and \"b\" in the request";
        assert!(text.contains(expected), "{text}");
        let call = client.create_case().category_code("a").language("ja");
        let error = call
            .subject("It broke")
            .communication_body("…")
            .send()
            .wait()
            .expect_err("it was not recorded");
        let text = format!("{error:#}");
        assert!(
            text.contains("/language is missing in the recording and \"ja\" in the request"),
            "{text}"
        );
        let error = client
            .describe_cases()
            .send()
            .wait()
            .expect_err("it was not recorded");
        let text = format!("{error:#}");
        assert!(
            text.contains("of Support.DescribeCases: it has only Support.CreateCase"),
            "{text}"
        );
    });
    assert_eq!(replayer.remaining(), ["exchange 1 (Support.CreateCase)"]);
    let panic = std::panic::catch_unwind(|| replayer.assert_finished()).expect_err("it is not");
    let text = panic.downcast_ref::<String>().expect("a text");
    assert_eq!(
        text.lines().count(),
        4,
        "three requests and the rest: {text}"
    );
    assert!(
        text.ends_with("nobody asked for exchange 1 (Support.CreateCase)"),
        "{text}"
    );
}

/// What is not in the file cannot be compared.
#[test]
fn sensitive_members_of_a_request_are_not_compared() {
    record("sensitive", two_cases(), |client| {
        open(client, "a").expect("it is answered");
    });
    replay("sensitive", |client| {
        let call = client.create_case().category_code("a");
        let call = call.subject("Another").communication_body("Another");
        call.send().wait().expect("it is the same");
    })
    .assert_finished();
}

#[test]
fn an_idempotency_token_of_the_client_does_not_differ() {
    let answers = || Answers::with(200, r#"{"caseId":"1234567890"}"#);
    let comment = |config: &Config, token: Option<&str>| {
        let client = attache_security_ir::Client::new(config);
        let mut call = client
            .create_case_comment()
            .case_id("1234567890")
            .body("done");
        if let Some(token) = token {
            call = call.client_token(token);
        }
        call.send().wait()
    };
    for (recorded, sent, is_same) in [
        (None, None, true),
        (Some("mine"), Some("mine"), true),
        (Some("mine"), Some("yours"), false),
    ] {
        let recorder = Recorder::of(&answers().config());
        comment(&recorder.config(), recorded).expect("it is answered");
        let path = path(&format!("token-{}", sent.unwrap_or("none")));
        recorder.save(&path).expect("it can be written");
        let replayer = Replayer::open(&path).expect("it was written");
        let config = replayer.config().build().expect("nothing is missing");
        assert_eq!(
            comment(&config, sent).is_ok(),
            is_same,
            "{recorded:?} {sent:?}"
        );
    }
}

/// Connections that fail in every way, and then one that works.
#[derive(Debug, Default)]
struct Failing(std::sync::atomic::AtomicUsize);

impl Transport for Failing {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let kinds = [
            TransportErrorKind::Connect,
            TransportErrorKind::Timeout,
            TransportErrorKind::Io,
        ];
        let kind = kinds.get(self.0.fetch_add(1, Ordering::SeqCst)).copied();
        Box::pin(async move {
            match kind {
                Some(kind) => Err(TransportError::new(kind, "10.0.0.1 refused")),
                None => Ok(http::Response::new(ByteStream::from(r#"{"cases":[]}"#))),
            }
        })
    }
}

#[test]
fn failed_connections_are_replayed_without_their_text() {
    let call = |config: &Config| {
        let client = Client::new(config);
        let list = || client.describe_cases().send().wait();
        let kinds = [list(), list(), list()].map(|it| it.expect_err("it fails").kind());
        assert_eq!(
            kinds,
            [ErrorKind::Connect, ErrorKind::Timeout, ErrorKind::Io]
        );
        list().expect("it works again");
    };
    let config = config(Failing::default()).max_attempts(1).build();
    let recorder = Recorder::of(&config.expect("all is set"));
    call(&recorder.config());
    recorder.save(path("failures")).expect("it can be written");
    let text = std::fs::read_to_string(path("failures")).expect("it was written");
    assert!(
        text.contains("\"failure\": \"connect\"") && !text.contains("10.0.0.1"),
        "{text}"
    );
    let replayer = Replayer::open(path("failures")).expect("it was written");
    let config = replayer.config().max_attempts(1).build();
    call(&config.expect("all is set"));
    replayer.assert_finished();
}

/// A response whose connection breaks after some bytes.
#[derive(Debug)]
struct Breaking;

struct Half(Arc<AtomicBool>);

impl http_body::Body for Half {
    type Data = attache_runtime::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Ready(Some(match self.0.swap(true, Ordering::SeqCst) {
            false => Ok(http_body::Frame::data("half".into())),
            true => Err(std::io::Error::other("reset")),
        }))
    }
}

impl Transport for Breaking {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let body = ByteStream::new(Half(Arc::default()));
        Box::pin(async { Ok(http::Response::new(body)) })
    }
}

#[test]
fn streams_stay_streams_and_break_where_they_broke() {
    let read = |config: &Config| {
        let client = golden_rest_json::Client::new(config);
        let response = client.get_stream().send().wait().expect("the head came");
        let mut body = response.body;
        let mut next = || futures(body.next());
        assert_eq!(next().expect("a piece").expect("half"), "half");
        next().expect("the end").expect_err("the connection broke");
    };
    let recorder = Recorder::of(&config(Breaking).build().expect("all is set"));
    read(&recorder.config());
    recorder.save(path("broken")).expect("it can be written");
    let replayer = Replayer::open(path("broken")).expect("it was written");
    read(&replayer.config().build().expect("nothing is missing"));
    replayer.assert_finished();
}

#[test]
fn of_a_body_that_is_not_json_the_digest_is_compared() {
    let put = |config: &Config, text: &'static str| {
        let client = golden_rest_json::Client::new(config);
        client
            .put_stream()
            .body(ByteStream::from(text))
            .send()
            .wait()
    };
    let recorder = Recorder::of(&Answers::with(200, "{}").config());
    put(&recorder.config(), "evidence").expect("it is answered");
    recorder.save(path("digest")).expect("it can be written");
    let text = std::fs::read_to_string(path("digest")).expect("it was written");
    assert!(
        text.contains("\"sha256\"") && !text.contains("evidence"),
        "{text}"
    );
    let replayer = Replayer::open(path("digest")).expect("it was written");
    let config = replayer.config().build().expect("nothing is missing");
    let error = put(&config, "another").expect_err("it differs");
    assert!(
        format!("{error:#}").contains("the body is 8 bytes with the SHA-256"),
        "{error:#}"
    );
    put(&config, "evidence").expect("it is the same");
    assert_eq!(replayer.remaining(), Vec::<String>::new());
}

fn futures<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}
