//! What a client tells `tracing`: a span a call, a span an attempt, an event when the attempt ends, and no values.

use std::io::Write;
use std::sync::{Arc, Mutex};

use attache_runtime::RandomSource;
use attache_tests::transport::Answers;
use tracing_subscriber::fmt::format::FmtSpan;

/// Where the lines go.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// No pause between attempts.
#[derive(Debug)]
struct Least;

impl RandomSource for Least {
    fn next(&self) -> u64 {
        0
    }
}

/// The lines of what a future does on this thread.
async fn lines_of(future: impl Future) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    future.await;
    drop(guard);
    let bytes = lines.0.lock().expect("no panic").clone();
    String::from_utf8(bytes).expect("text")
}

#[tokio::test]
async fn a_call_is_a_span_with_a_span_and_an_event_for_each_attempt() {
    let throttled =
        r#"{"__type": "ThrottlingException", "message": "say nothing of confidential"}"#;
    let answers = Answers::default()
        .then(400, &[("x-amzn-requestid", "first")], throttled)
        .then(
            200,
            &[("x-amzn-requestid", "second")],
            r#"{"caseId": "case-secret"}"#,
        );
    let config = answers.builder().random_source(Least).build();
    let client = attache_support::Client::new(&config.expect("nothing is missing"));
    let call = client
        .create_case()
        .subject("confidential")
        .communication_body("confidential, too");
    let lines = lines_of(async { call.send().await.expect("the second attempt succeeds") }).await;
    let count = |text: &str| lines.matches(text).count();
    assert_eq!(count("attempt ended"), 2, "{lines}");
    let first = lines
        .lines()
        .find(|line| line.contains("attempt ended"))
        .expect("an event");
    for part in [
        "attache.call{service=\"Support\" operation=\"CreateCase\" invocation_id=",
        ":attache.attempt{attempt=1}",
        "status=400",
        "request_id=\"first\"",
        "kind=Service",
        "code=\"ThrottlingException\"",
    ] {
        assert!(first.contains(part), "{part} in {first}");
    }
    assert!(lines.contains("attache.attempt{attempt=2}"), "{lines}");
    assert!(lines.contains("request_id=\"second\""), "{lines}");
    for value in ["confidential", "case-secret", "AKIDEXAMPLE", "AWS4-HMAC"] {
        assert!(!lines.contains(value), "{value} in {lines}");
    }
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
    let ended = lines.lines().filter(|line| line.contains("attempt ended"));
    assert_eq!(ended.count(), 1, "{lines}");
    assert!(lines.contains(r"Denied\u{1b}[2J\n\u{202e}xxx"), "{lines}");
    assert!(lines.contains(r"id\u{202e}\u{9b}https://a/?…"), "{lines}");
    assert!(!lines.contains(['\u{1b}', '\u{202e}', '\u{9b}']) && lines.len() < 4_000);
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
    assert!(line.contains("operation=\"ListCases\""), "{line}");
    assert!(line.contains("attache.attempt{attempt=1}"), "{line}");
}
