//! Injected faults, and how our clients handle them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use attache_local::fault::FAULT_HEADER;
use attache_local::{Effect, Fault, When};
use attache_runtime::{BoxFuture, Timer};

use crate::stage::{Stage, send, support_case};

async fn cases(stage: &Stage) -> usize {
    let listed = stage
        .support
        .describe_cases()
        .send()
        .await
        .expect("they are listed");
    listed.cases.map_or(0, |cases| cases.len())
}

#[tokio::test]
async fn a_throttled_call_is_tried_again() {
    let stage = Stage::new().await;
    let fault = Effect::Throttle(Some(Duration::from_millis(1)));
    stage
        .local
        .add_fault(Fault::new(fault).on("CreateCase").times(2));
    support_case(&stage).await;
    assert_eq!(stage.local.request_count("CreateCase"), 3);
    assert_eq!(cases(&stage).await, 1);
}

#[tokio::test]
async fn an_operation_executed_before_the_connection_broke_stays_executed() {
    let stage = Stage::new().await;
    let open = || {
        stage
            .support
            .create_case()
            .subject("s")
            .communication_body("b")
            .send()
    };
    for (when, done) in [(When::Before, 0), (When::After, 1)] {
        stage
            .local
            .add_fault(Fault::new(Effect::Drop(when)).on("CreateCase").times(1));
        let error = open().await.expect_err("nobody answers");
        // The client cannot tell one from the other, and says so.
        assert!(error.may_have_taken_effect(), "{error}");
        assert_eq!(cases(&stage).await, done);
    }
    // Reading is tried again.
    stage.local.add_fault(
        Fault::new(Effect::Drop(When::After))
            .on("DescribeCases")
            .times(2),
    );
    assert_eq!(cases(&stage).await, 1);
}

#[tokio::test]
async fn a_server_error_occurs_before_or_after_the_operation() {
    let stage = Stage::new().await;
    for (when, done) in [(When::Before, 0), (When::After, 1)] {
        stage.local.add_fault(
            Fault::new(Effect::Error(500, when))
                .on("CreateCase")
                .times(1),
        );
        let call = stage
            .support
            .create_case()
            .subject("s")
            .communication_body("b");
        let error = call.send().await.expect_err("it fails");
        assert_eq!((error.status(), error.attempts()), (Some(500), 1));
        assert_eq!(cases(&stage).await, done);
    }
}

#[tokio::test]
async fn an_answer_can_be_wrong_or_unknown() {
    let stage = Stage::new().await;
    stage.local.add_fault(Fault::new(Effect::Corrupt).times(3));
    let error = stage
        .support
        .describe_services()
        .send()
        .await
        .expect_err("it is not JSON");
    assert_eq!(error.code(), None, "{error}");
    stage.local.clear_faults();
    stage
        .local
        .add_fault(Fault::new(Effect::UnknownError).times(1));
    let error = stage
        .security_ir
        .list_cases()
        .send()
        .await
        .expect_err("it is refused");
    assert_eq!(
        (error.code(), error.service()),
        (Some("BadDayException"), None)
    );
}

#[tokio::test]
async fn one_request_can_ask_for_a_fault() {
    let stage = Stage::with(|builder| builder.accept_any_signature(true)).await;
    let target = ("x-amz-target", "AWSSupport_20130415.DescribeSeverityLevels");
    let ask = |fault: &'static str| {
        let headers = [target, (FAULT_HEADER, fault)];
        let url = stage.local.endpoint().to_owned();
        async move { send("POST", &url, &headers, b"{}".to_vec()).await }
    };
    ask("drop:before").await.expect_err("nobody answers");
    let skewed = ask("skew:3600").await.expect("it is answered");
    assert_eq!(skewed.headers()["date"], "Thu, 01 Jan 2026 01:00:00 GMT");
    let failed = ask("error:503:after").await.expect("it is answered");
    assert_eq!(failed.status(), 503);
    let wrong = ask("explode").await.expect("it is answered");
    assert!(String::from_utf8_lossy(wrong.body()).contains("is no fault"));
    // The fault does not apply to another operation.
    let other = ask("CreateCase=drop:before").await.expect("it is answered");
    assert_eq!(other.status(), 200);
}

/// A timer on which no time passes. It records the requested durations.
#[derive(Clone, Debug, Default)]
struct Sleeps(Arc<Mutex<Vec<Duration>>>);

impl Timer for Sleeps {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.lock().expect("nobody has panicked").push(duration);
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn late_answers_wait_on_the_timer_that_was_given() {
    let sleeps = Sleeps::default();
    let stage = Stage::with(|builder| builder.timer(sleeps.clone())).await;
    let minute = Duration::from_secs(60);
    stage
        .local
        .add_fault(Fault::new(Effect::Delay(minute)).times(1));
    stage
        .support
        .describe_severity_levels()
        .send()
        .await
        .expect("it is answered");
    assert_eq!(*sleeps.0.lock().expect("nobody has panicked"), [minute]);
    stage
        .local
        .add_fault(Fault::new(Effect::Drip(minute)).times(1));
    let levels = stage
        .support
        .describe_severity_levels()
        .send()
        .await
        .expect("it comes whole");
    assert_eq!(levels.severity_levels.map(|levels| levels.len()), Some(5));
    assert!(sleeps.0.lock().expect("nobody has panicked").len() >= 10);
}

/// The target of a call.
const TARGET: (&str, &str) = ("x-amz-target", "AWSSupport_20130415.CreateCase");

#[tokio::test]
async fn faults_in_refused_requests_have_no_effect() {
    let stage = Stage::new().await;
    let url = stage.local.endpoint();
    for fault in [
        "drop:before",
        "error:503:before",
        "throttle",
        "corrupt",
        "nonsense",
    ] {
        let headers = [TARGET, (FAULT_HEADER, fault)];
        let answer = send("POST", url, &headers, b"{}".to_vec()).await;
        let answer = answer.expect("the connection is not dropped");
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert_eq!(answer.status(), 403, "{fault}: {text}");
        assert!(
            text.contains("MissingAuthenticationTokenException"),
            "{fault}: {text}"
        );
    }
    let file = format!("{url}/_files/support/download/attachment-1?X-Amz-Signature=00");
    let answer = send("GET", &file, &[(FAULT_HEADER, "drop:before")], Vec::new()).await;
    assert_eq!(answer.expect("it is answered").status(), 403);
    // Faults of the test itself apply to every request.
    stage
        .local
        .add_fault(Fault::new(Effect::Error(503, When::Before)).times(1));
    let answer = send("POST", url, &[TARGET], b"{}".to_vec()).await;
    assert_eq!(answer.expect("it is answered").status(), 503);
}
