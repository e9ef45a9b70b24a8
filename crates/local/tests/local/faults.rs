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
        .add_fault(Fault::new(fault).on("CreateCase").times(2))
        .expect("it can apply");
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
            .add_fault(Fault::new(Effect::Drop(when)).on("CreateCase").times(1))
            .expect("it can apply");
        let error = open().await.expect_err("nobody answers");
        // The client cannot tell one from the other, and says so.
        assert!(error.may_have_taken_effect(), "{error}");
        assert_eq!(cases(&stage).await, done);
    }
    // Reading is tried again.
    stage
        .local
        .add_fault(
            Fault::new(Effect::Drop(When::After))
                .on("DescribeCases")
                .times(2),
        )
        .expect("it can apply");
    assert_eq!(cases(&stage).await, 1);
}

#[tokio::test]
async fn a_server_error_occurs_before_or_after_the_operation() {
    let stage = Stage::new().await;
    for (when, done) in [(When::Before, 0), (When::After, 1)] {
        stage
            .local
            .add_fault(
                Fault::new(Effect::Error(500, when))
                    .on("CreateCase")
                    .times(1),
            )
            .expect("it can apply");
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
    stage
        .local
        .add_fault(Fault::new(Effect::Corrupt).times(3))
        .expect("it can apply");
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
        .add_fault(Fault::new(Effect::UnknownError).times(1))
        .expect("it can apply");
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
        .add_fault(Fault::new(Effect::Delay(minute)).times(1))
        .expect("it can apply");
    stage
        .support
        .describe_severity_levels()
        .send()
        .await
        .expect("it is answered");
    assert_eq!(*sleeps.0.lock().expect("nobody has panicked"), [minute]);
    stage
        .local
        .add_fault(Fault::new(Effect::Drip(minute)).times(1))
        .expect("it can apply");
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
        .add_fault(Fault::new(Effect::Error(503, When::Before)).times(1))
        .expect("it can apply");
    let answer = send("POST", url, &[TARGET], b"{}".to_vec()).await;
    assert_eq!(answer.expect("it is answered").status(), 503);
}

/// A refusal with every part given.
fn refusal(code: &str, status: u16, message: &str, pause: Option<Duration>) -> Effect {
    Effect::Refuse {
        code: code.to_owned(),
        status: Some(status),
        message: Some(message.to_owned()),
        retry_after: pause,
    }
}

#[tokio::test]
async fn every_modelled_error_can_be_sent_and_is_typed_at_the_client() {
    let stage = Stage::new().await;
    let once = stage.local.config().max_attempts(1).build();
    let once = once.expect("the configuration is whole");
    let support = attache_support::Client::new(&once);
    let security_ir = attache_security_ir::Client::new(&once);
    let add = |fault| stage.local.add_fault(fault).expect("it can apply");
    for error in attache_local::api::support::SERVICE.errors {
        let effect = refusal(error.code, error.status, "Not now.", None);
        add(Fault::new(effect).on("ResolveCase").times(1));
        let call = support.resolve_case().case_id("case-1").send();
        let met = call.await.expect_err("it is refused");
        assert_eq!(met.code(), Some(error.code));
        assert_eq!(met.status(), Some(error.status));
        assert_eq!(met.message(), Some("Not now."));
        assert!(met.service().is_some(), "{} is not typed", error.code);
    }
    for error in attache_local::api::security_ir::SERVICE.errors {
        let effect = refusal(error.code, error.status, "Not now.", None);
        add(Fault::new(effect).on("CloseCase").times(1));
        let call = security_ir.close_case().case_id("1234567890").send();
        let met = call.await.expect_err("it is refused");
        assert_eq!(
            (met.code(), met.status(), met.message()),
            (Some(error.code), Some(error.status), Some("Not now."))
        );
        assert!(met.service().is_some(), "{} is not typed", error.code);
    }
    assert_eq!(cases(&stage).await, 0);
}

#[tokio::test]
async fn a_refusal_has_the_form_of_its_protocol_and_the_status_of_the_model() {
    let stage = Stage::with(|builder| builder.accept_any_signature(true)).await;
    let url = stage.local.endpoint();
    let fault = (FAULT_HEADER, "refuse:CaseIdNotFound");
    let target = ("x-amz-target", "AWSSupport_20130415.ResolveCase");
    let answer = send("POST", url, &[target, fault], b"{}".to_vec()).await;
    let answer = answer.expect("it is answered");
    assert_eq!(answer.status(), 400);
    assert_eq!(
        answer.body().as_ref(),
        br#"{"__type":"CaseIdNotFound","message":"The request was refused on purpose."}"#
    );
    let url = format!("{url}/v1/cases/1234567890/close-case");
    let fault = (FAULT_HEADER, "refuse:ConflictException::1500: No.");
    let answer = send("POST", &url, &[fault], b"{}".to_vec()).await;
    let answer = answer.expect("it is answered");
    assert_eq!(answer.status(), 409);
    assert_eq!(answer.headers()["x-amzn-errortype"], "ConflictException");
    assert_eq!(answer.headers()["x-amz-retry-after"], "1500");
    assert_eq!(answer.headers()["retry-after"], "2");
    assert_eq!(
        answer.body().as_ref(),
        br#"{"message":"No.","resourceId":"","resourceType":""}"#
    );
}

#[tokio::test]
async fn a_refusal_that_may_be_retried_is_retried_and_its_pause_reaches_the_client() {
    let stage = Stage::new().await;
    let add = |fault| stage.local.add_fault(fault).expect("it can apply");
    let pause = Some(Duration::from_millis(2));
    let busy = refusal("ThrottlingException", 400, "Slow down.", pause);
    add(Fault::new(busy).on("DescribeCases").times(2));
    assert_eq!(cases(&stage).await, 0);
    assert_eq!(stage.local.request_count("DescribeCases"), 3);
    let pause = Some(Duration::from_millis(1200));
    let gone = refusal("ServiceClosedException", 410, "For good.", pause);
    add(Fault::new(gone).on("DescribeCases").times(1));
    let error = stage.support.describe_cases().send().await;
    let error = error.expect_err("no model has the code");
    assert_eq!(
        (error.code(), error.service()),
        (Some("ServiceClosedException"), None)
    );
    assert_eq!((error.attempts(), error.retry_after()), (1, pause));
}

#[tokio::test]
async fn without_a_status_the_code_must_be_one_of_the_operation() {
    let stage = Stage::new().await;
    let problem = |text: &str| {
        let fault = text.parse().expect("it is a fault");
        let error = stage.local.add_fault(fault).expect_err("it cannot apply");
        error.to_string()
    };
    let listed = problem("ResolveCase=refuse:ConflictException");
    assert!(
        listed.contains("of `ResolveCase`; the modelled codes are CaseIdNotFound, DryRun"),
        "{listed}"
    );
    assert!(
        problem("refuse:Nonsense").contains("no model has an error `Nonsense` of an operation")
    );
    assert!(problem("GetAttachment=refuse:NoSuchKey").contains("it has no codes"));
    assert!(problem("refuse:Nonsense:200").contains("from 400 to 599, not 200"));
    assert!(problem("refuse:No sense:400").contains("`No sense` is no error code"));
    assert!(problem("ResolveCas=throttle").contains("`ResolveCas` of a fault does not exist"));
    let wrong = attache_local::Local::builder().fault(Fault::new(Effect::refuse("Nonsense")));
    let error = wrong.start().await.expect_err("it cannot apply");
    assert!(
        error
            .to_string()
            .contains("no model has an error `Nonsense` of an operation"),
        "{error}"
    );
    // Without an operation, only operations with the error are refused.
    let conflict = Fault::new(Effect::refuse("ConflictException")).times(1);
    stage.local.add_fault(conflict).expect("it can apply");
    assert_eq!(cases(&stage).await, 0);
    let call = stage.security_ir.close_case().case_id("1234567890").send();
    let error = call.await.expect_err("it is refused");
    assert_eq!(error.code(), Some("ConflictException"));
}
