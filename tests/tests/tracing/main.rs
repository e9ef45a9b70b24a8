//! What a client reports to `tracing`: spans of calls and attempts, events, and no values.

mod credentials_and_clock;
mod page;
mod transfers;
mod wire;
mod wire_hidden;
mod wire_protocols;
mod workflows;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{BoxFuture, ByteStream, ConfigBuilder, RandomSource, Timer};
use attache_tests::traced::Capture;
use attache_tests::transport::Answers;
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

/// Pauses of 812 of 1000 parts of the longest one.
#[derive(Debug)]
struct Part;

impl RandomSource for Part {
    fn next(&self) -> u64 {
        ((0.812 * (1_u64 << 53) as f64) as u64) << 11
    }
}

/// A timer whose pauses take no time, although it counts them. Time limits are never reached.
#[derive(Clone, Debug, Default)]
struct Counting(Arc<AtomicU64>);

impl Timer for Counting {
    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let counter = self.clone();
        Box::pin(async move {
            if duration > Duration::from_secs(20) {
                return std::future::pending().await;
            }
            let milliseconds = u64::try_from(duration.as_millis()).expect("20000 at most");
            counter.0.fetch_add(milliseconds, Ordering::Relaxed);
        })
    }
}

fn builder(answers: &Answers) -> ConfigBuilder {
    let timer = Counting::default();
    answers.builder().random_source(Part).timer(timer)
}

/// The lines of what a future does on this thread, with the beginnings and ends of spans.
async fn lines_of(future: impl Future) -> String {
    lines_at(Level::TRACE, FmtSpan::NEW | FmtSpan::CLOSE, future).await
}

/// The lines of what a future does on this thread, down to a level.
async fn lines_at(level: Level, spans: FmtSpan, future: impl Future) -> String {
    let capture = Capture::begin(level, spans);
    future.await;
    capture.end()
}

/// A service that throttles the first attempt.
fn throttled_once() -> Answers {
    let throttled =
        r#"{"__type": "ThrottlingException", "message": "say nothing of confidential"}"#;
    Answers::default()
        .then(400, &[("x-amzn-requestid", "first")], throttled)
        .then(
            200,
            &[("x-amzn-requestid", "second")],
            r#"{"caseId": "case-secret"}"#,
        )
}

fn create_case(answers: &Answers) -> attache_support::operation::CreateCase {
    let config = builder(answers).build();
    let client = attache_support::Client::new(&config.expect("nothing is missing"));
    client
        .create_case()
        .subject("confidential")
        .communication_body("confidential, too")
}

fn one_line<'a>(lines: &'a str, text: &str) -> &'a str {
    let found: Vec<&str> = lines.lines().filter(|line| line.contains(text)).collect();
    assert_eq!(found.len(), 1, "{text} in {lines}");
    found[0]
}

fn assert_parts(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "{part} in {line}");
    }
}

#[tokio::test]
async fn a_call_is_a_span_with_a_span_and_an_event_for_each_attempt() {
    let call = create_case(&throttled_once());
    let lines = lines_of(async { call.send().await.expect("the second attempt succeeds") }).await;
    assert_parts(
        one_line(&lines, "attempt 1 ended"),
        &[
            "attache.call{otel.name=Support.CreateCase otel.kind=\"client\" rpc.system.name=\"aws-api\" \
             rpc.method=Support/CreateCase cloud.region=\"us-east-1\" invocation_id=",
            "server.address=\"support.us-east-1.amazonaws.com\" server.port=443",
            "attache.attempt{otel.name=POST otel.kind=\"client\" http.request.method=POST attempt=1",
            "http.response.status_code=400",
            "aws.request_id=first",
            "error.type=ThrottlingException",
            "duration_ms=",
        ],
    );
    let second = one_line(&lines, "attempt 2 ended");
    assert_parts(
        second,
        &["aws.request_id=second", "http.request.resend_count=1"],
    );
    let closed = lines
        .lines()
        .find(|line| line.contains("attempts=2") && line.contains("close"))
        .expect("the span ends");
    assert_parts(
        closed,
        &[
            "attache::call: close",
            "http.response.status_code=200",
            "aws.request_id=second",
        ],
    );
    for value in ["confidential", "case-secret", "AKIDEXAMPLE", "AWS4-HMAC"] {
        assert!(!lines.contains(value), "{value} in {lines}");
    }
}

#[tokio::test]
async fn a_retry_and_the_end_of_a_call_are_events_at_info() {
    let call = create_case(&throttled_once());
    let call = async { call.send().await.expect("the second attempt succeeds") };
    let lines = lines_at(Level::INFO, FmtSpan::NONE, call).await;
    assert_eq!(lines.lines().count(), 2, "{lines}");
    let retry = one_line(&lines, "retrying in");
    assert_parts(
        retry,
        &[
            "INFO",
            "attache::retry: retrying in 812 ms after ThrottlingException, attempt 2 of 3",
            "rpc.method=Support/CreateCase attempt=2 max_attempts=3 delay_ms=812",
            "error.type=ThrottlingException http.response.status_code=400 aws.request_id=first",
        ],
    );
    let end = one_line(&lines, "succeeded");
    assert_parts(
        end,
        &[
            "INFO",
            "attache::call: Support.CreateCase succeeded after 2 attempts in 812 ms",
            "http.response.status_code=200 aws.request_id=second attempts=2 duration_ms=812",
        ],
    );
}

#[tokio::test]
async fn a_call_that_fails_is_a_warning() {
    let denied = r#"{"__type": "AccessDeniedException", "message": "not confidential"}"#;
    let answers = Answers::with(400, denied);
    let call = create_case(&answers);
    let call = async { drop(call.send().await.expect_err("it is denied")) };
    let lines = lines_at(Level::INFO, FmtSpan::NONE, call).await;
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert_parts(
        &lines,
        &[
            "WARN",
            "attache::call: Support.CreateCase failed with AccessDeniedException after 1 attempt in 0 ms",
            "http.response.status_code=400 error.type=AccessDeniedException attempts=1 duration_ms=0 \
             may_have_taken_effect=false",
        ],
    );
    assert!(!lines.contains("confidential"), "{lines}");
}

#[tokio::test]
async fn a_response_that_cannot_be_decoded_is_the_failure_of_its_call() {
    let answers = Answers::with(200, r#"{"caseId": {"confidential": 1}}"#);
    let call = create_case(&answers);
    let call = async { drop(call.send().await.expect_err("an object is no string")) };
    let lines = lines_at(Level::INFO, FmtSpan::NONE, call).await;
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert_parts(
        &lines,
        &[
            "failed with an unreadable response after 1 attempt",
            "http.response.status_code=200 error.type=decode",
            "may_have_taken_effect=true",
        ],
    );
    assert!(!lines.contains("confidential"), "{lines}");
}

#[tokio::test]
async fn an_invalid_request_is_a_warning_that_names_the_members() {
    let client = attache_support::Client::new(&Answers::default().config());
    let call = client.create_case().subject("confidential".repeat(1000));
    let call = async { drop(call.send().await.expect_err("it is not valid")) };
    let lines = lines_at(Level::INFO, FmtSpan::NONE, call).await;
    assert_parts(
        one_line(&lines, "attache::validation"),
        &[
            "WARN",
            "not valid and was not sent: 1 violation",
            "/communicationBody Required",
        ],
    );
    assert_parts(
        one_line(&lines, "attache::call"),
        &[
            "failed with an invalid request after 0 attempts",
            "error.type=validation",
        ],
    );
    assert!(!lines.contains("confidential"), "{lines}");
}

#[tokio::test]
async fn a_dropped_call_is_reported() {
    #[derive(Debug)]
    struct Silent;
    impl Transport for Silent {
        fn send(
            &self,
            _: http::Request<attache_runtime::Body>,
        ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
            Box::pin(std::future::pending())
        }
    }
    let config = Answers::default().builder().transport(Silent).build();
    let client = attache_support::Client::new(&config.expect("nothing is missing"));
    let lines = lines_at(Level::INFO, FmtSpan::NONE, async {
        let mut call = client.describe_services().send();
        let once = std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut call).poll(context)));
        assert!(once.await.is_pending());
        drop(call);
    })
    .await;
    assert_parts(
        &lines,
        &[
            "Support.DescribeServices was dropped after 1 attempt",
            "attempts=1",
        ],
    );
}

#[tokio::test]
async fn what_a_service_names_is_one_safe_line() {
    let body = format!(
        r#"{{"__type": "Denied\u001b[2J\n\u202e{}", "message": "no"}}"#,
        "x".repeat(1 << 20)
    );
    let id = "id\u{202e}\u{9b}https://a/?X-Amz-Signature=5f2c9d";
    let answers = Answers::default().then(400, &[("x-amzn-requestid", id)], &body);
    let client = attache_support::Client::new(&answers.config());
    let call = client.describe_services().send();
    let lines = lines_of(async { drop(call.await.expect_err("it is denied")) }).await;
    one_line(&lines, "attempt 1 ended");
    assert!(lines.contains(r"Denied\u{1b}[2J\n\u{202e}xxx"), "{lines}");
    assert!(lines.contains(r"id\u{202e}\u{9b}https://a/?…"), "{lines}");
    assert!(!lines.contains(['\u{1b}', '\u{202e}', '\u{9b}']) && lines.len() < 8_000);
}

#[tokio::test]
async fn what_happens_in_a_call_is_inside_of_its_span() {
    #[derive(Debug)]
    struct Chatty;
    impl attache_runtime::Interceptor for Chatty {
        fn before_attempt(&self, _: &attache_runtime::Attempt<'_>, _: &mut http::HeaderMap) {
            tracing::info!("from the hook");
        }
    }
    let answers = Answers::default();
    let config = answers.builder().interceptor(Chatty).build();
    let client = attache_security_ir::Client::new(&config.expect("nothing is missing"));
    let lines = lines_of(async { client.list_cases().send().await.expect("an empty list") }).await;
    let line = lines
        .lines()
        .find(|line| line.contains("from the hook"))
        .expect("the hook ran");
    assert_parts(
        line,
        &[
            "rpc.method=Security IR/ListCases",
            "attache.attempt{",
            " attempt=1",
        ],
    );
}
