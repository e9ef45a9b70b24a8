//! What errors show of answers: one safe line, the place of what cannot be read, and no secret.

use std::error::Error;
use std::fmt::Write as _;

use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::{
    Body, BoxFuture, ByteStream, ConfigBuilder, ErrorKind, FixedEnvironment, http,
};
use attache_tests::transport::Answers;

/// What acts on a terminal, forges a line of a log, or changes what a reader sees.
const HOSTILE: [&str; 9] = [
    "\u{1b}[2J\u{1b}]0;title\u{7}",
    "\r\n2026-01-01 INFO all is well",
    "\n",
    "\u{9b}31m",
    "\u{202e}gnp.exe",
    "\u{2066}\u{2069}",
    "\u{2028}\u{2029}\u{85}",
    "\u{0}\u{8}\u{7f}",
    "\u{feff}\u{200b}\u{e0041}",
];
/// Gives access to whoever reads it.
const SIGNED: &str =
    "https://bucket.s3.amazonaws.com/evidence?X-Amz-Credential=AKID&X-Amz-Signature=5f2c9d";

fn is_hostile(character: char) -> bool {
    character.is_control()
        || HOSTILE
            .iter()
            .any(|text| text.contains(character) && !character.is_ascii())
}

/// Everything that a program may print of an error, line by line. The derived `Debug` of a modelled error is not among
/// it: it is data of the caller's, and only escaped.
fn shown<E: Error>(error: &E) -> Vec<String> {
    let mut shown = vec![error.to_string(), format!("{error:#}")];
    shown.extend(format!("{error:?}").lines().map(str::to_owned));
    shown.extend(format!("{error:#?}").lines().map(str::to_owned));
    let mut source = error.source();
    while let Some(error) = source {
        shown.extend([error.to_string(), format!("{error:#}")]);
        source = error.source();
    }
    shown
}

#[track_caller]
fn assert_safe<E: Error>(error: &E) {
    for line in shown(error) {
        assert!(!line.contains(is_hostile), "{line:?}");
        assert!(
            !line.contains("5f2c9d") && !line.contains("AKID&"),
            "{line}"
        );
        assert!(
            line.chars().count() < 30_000,
            "{} characters",
            line.chars().count()
        );
    }
    // The longest line that anybody logs.
    assert!(format!("{error:#}").chars().count() < 10_000);
}

/// Calls both services and gives their errors to `check`.
fn each_error(status: u16, headers: &[(&'static str, &str)], body: &str) {
    let answers = Answers::default().then(status, headers, body);
    let client = attache_support::Client::new(&answers.config());
    let support = client.describe_services().send().wait();
    assert_safe(&support.expect_err("it failed"));
    let answers = Answers::default().then(status, headers, body);
    let client = attache_security_ir::Client::new(&answers.config());
    let security_ir = client.list_cases().send().wait();
    assert_safe(&security_ir.expect_err("it failed"));
}

#[test]
fn whatever_a_service_says_is_one_safe_line() {
    let long = "x\u{1b}".repeat(20_000);
    for text in HOSTILE.into_iter().chain([SIGNED, &long]) {
        let json = serde_json::Value::from(text).to_string();
        for code in [&json, "\"ThrottlingException\"", "\"ValidationException\""] {
            for message in ["message", "Message"] {
                let body = format!(r#"{{"__type":{code},"{message}":{json},"reason":"OTHER"}}"#);
                each_error(400, &[], &body);
            }
            each_error(400, &[], &format!(r#"{{"Code":{code}}}"#));
        }
        each_error(502, &[], text);
        each_error(200, &[], text);
        each_error(
            200,
            &[],
            &format!("{{\"services\":{{{json}:[1]}},\"items\":{{{json}:[1]}}}}"),
        );
        each_error(
            200,
            &[],
            &format!("{{\"services\":[{{{json}:}}],\"items\":[{{{json}:}}]}}"),
        );
        each_error(
            200,
            &[],
            &format!("{{\"services\":1,\"items\":[{{\"createdDate\":{json}}}]}}"),
        );
        // What a header can carry at all.
        let header: String = text
            .chars()
            .filter(|other| !other.is_ascii_control())
            .collect();
        for name in [
            "x-amzn-errortype",
            "x-amzn-requestid",
            "content-type",
            "content-encoding",
            "retry-after",
        ] {
            each_error(400, &[(name, &header)], "<html>");
            each_error(200, &[(name, &header)], "<html>");
        }
    }
}

/// A transport whose errors hold the URL, as those of HTTP libraries do.
#[derive(Debug)]
struct Chatty;

#[derive(Debug)]
struct Inner;

impl std::fmt::Display for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "error sending request for {SIGNED}\u{1b}[0m")
    }
}

impl Error for Inner {}

impl Transport for Chatty {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async { Err(TransportError::new(TransportErrorKind::Connect, Inner)) })
    }
}

#[test]
fn errors_of_a_transport_lose_the_query_of_the_url() {
    let config = Answers::default()
        .builder()
        .transport(Chatty)
        .max_attempts(1);
    let client = attache_support::Client::new(&config.build().expect("nothing is missing"));
    let error = client.describe_services().send().wait();
    let error = error.expect_err("nothing is sent");
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_safe(&error);
    assert!(
        format!("{error:#}").contains("https://bucket.s3.amazonaws.com/evidence?…"),
        "{error}"
    );
}

#[test]
fn a_region_that_may_be_misspelled_is_named_where_there_is_no_connection() {
    for (region, url, is_named) in [
        ("us-eats-1", None, true),
        ("us-east-1", None, false),
        ("local", Some("https://proxy.example.com"), false),
    ] {
        let config = Answers::default()
            .builder()
            .transport(Chatty)
            .region(region);
        let config = match url {
            Some(url) => config.endpoint_url(url),
            None => config,
        };
        let config = config.max_attempts(1).build();
        let client = attache_security_ir::Client::new(&config.expect("nothing is missing"));
        let error = client.list_cases().send().wait();
        let error = error.expect_err("nothing is sent").to_string();
        let remark = format!(
            ": `{region}` is no region that this version knows; it comes from the program, AWS_REGION, AWS_DEFAULT_REGION \
             or `region` of the profile"
        );
        assert_eq!(error.contains(&remark), is_named, "{error}");
    }
}

#[test]
fn an_endpoint_is_shown_without_its_query_and_its_user() {
    for url in [
        "https://user:5f2c9d@example.com/",
        "https://example.com/?AKID&X-Amz-Signature=5f2c9d",
        "https://example.com/#AKID&5f2c9d",
        "http://example.com/?5f2c9d",
        "example.com?5f2c9d",
        "https://us er:5f2c9d@example.com/",
    ] {
        let config = Answers::default().builder().endpoint_url(url);
        assert!(!format!("{config:?}").contains("5f2c9d"));
        match config.build() {
            Err(error) => assert_safe(&error),
            Ok(_) => assert!(url.contains('#'), "{url}: a fragment is never sent"),
        }
        // The endpoint of one service is checked by its calls.
        let environment =
            FixedEnvironment::default().with_variable("AWS_ENDPOINT_URL_SUPPORT", url);
        let config = Answers::default().builder().from_environment(environment);
        let config = config.and_then(ConfigBuilder::build);
        let client = attache_support::Client::new(&config.expect("it is checked later"));
        match client.describe_services().send().wait() {
            Err(error) => assert_safe(&error),
            Ok(_) => assert!(url.contains('#'), "{url}: a fragment is never sent"),
        }
    }
}

#[test]
fn a_body_that_is_no_json_shows_its_type_and_first_line() {
    let html = [("content-type", "text/html")];
    for status in [200, 502] {
        let answers =
            Answers::default().then(status, &html, "\n <h1>Blocked by proxy</h1>\nsecret");
        let client = attache_support::Client::new(&answers.config());
        let error = client
            .describe_services()
            .send()
            .wait()
            .expect_err("it is HTML");
        let text = format!("{error:#}");
        assert!(
            text.contains(
                "the content type `text/html` and begins with `<h1>Blocked by proxy</h1>`"
            ),
            "{text}"
        );
        assert!(!text.contains("secret"), "{text}");
    }
}

#[test]
fn a_content_encoding_that_is_not_read_is_named() {
    for status in [200, 400] {
        let answers =
            Answers::default().then(status, &[("content-encoding", "gzip")], "\u{1f}\u{8b}");
        let client = attache_support::Client::new(&answers.config());
        let error = client
            .describe_services()
            .send()
            .wait()
            .expect_err("it is packed");
        let text = format!("{error:#}");
        assert!(
            text.contains(
                "the content encoding `gzip`, which was not requested and is not supported"
            ),
            "{text}"
        );
    }
    let answers = Answers::default().then(200, &[("content-encoding", "gzip")], "{}");
    let client = attache_support::Client::new(&answers.config());
    let services = client.describe_services().send().wait();
    assert!(
        services.is_ok(),
        "a proxy that unpacks and keeps the header: {services:?}"
    );
}

#[test]
fn a_time_that_cannot_be_read_is_shown_with_its_member() {
    for (text, expected) in [
        (
            "\"05/06/2023\"",
            "expected epoch-seconds such as 1515531081.1234, found \"05/06/2023\"",
        ),
        (
            "\"2023-13-01T00:00Z\"",
            "the date or the time of day does not exist, found \"2023-13-01T00:00Z\"",
        ),
        ("1e30", "the year is not in 0001..=9999, found \"1e30\""),
        ("true", "expected a timestamp, found a boolean"),
    ] {
        let body = format!(r#"{{"items":[{{"createdDate":1}},{{"createdDate":{text}}}]}}"#);
        let answers = Answers::with(200, &body);
        let client = attache_security_ir::Client::new(&answers.config());
        let error = client.list_cases().send().wait().expect_err("no time");
        assert_eq!(error.kind(), ErrorKind::Decode);
        let mut wanted = String::new();
        let _ = write!(wanted, "{expected} at /items/1/createdDate");
        assert!(format!("{error:#}").contains(&wanted), "{error}\n{wanted}");
    }
}

#[test]
fn times_of_answers_are_read_as_botocore_reads_them() {
    for text in [
        "1684108800",
        "\"2023-05-15T00:00Z\"",
        "\"2023-05-15T00:00:00\"",
        "\"Mon May 15 00:00:00 UTC 2023\"",
        "\"Mon, 15 May 2023 00:00:00 +0000\"",
        "\"2023-05-15T02:00:00.000+0200\"",
    ] {
        let body = format!(r#"{{"items":[{{"createdDate":{text}}}]}}"#);
        let answers = Answers::with(200, &body);
        let client = attache_security_ir::Client::new(&answers.config());
        let cases = client.list_cases().send().wait().expect("it is a time");
        let date = cases.items.expect("items")[0].created_date.expect("a date");
        assert_eq!(date.epoch_seconds(), 1_684_108_800, "{text}");
    }
}
