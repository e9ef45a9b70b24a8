//! Which failures are retried, and which are not.

use attache_runtime::transport::TransportErrorKind::{Connect, Io, Timeout};
use attache_runtime::{CallOptions, ErrorKind};

use crate::stage::{
    ALL, Answer, CREATE, CreateRequest, Network, PUT, READ, call, call_with, config, core, request,
    streamed,
};

const THROTTLED: &str = r#"{"__type":"ThrottlingException"}"#;

/// A transient failure: the result of the transport, and whether the service may have acted.
type Passing = (&'static str, fn() -> Answer, bool);

fn transient_failures() -> Vec<Passing> {
    vec![
        ("no connection", || Answer::Lost(Connect), false),
        ("connection lost", || Answer::Lost(Io), true),
        ("transport timeout", || Answer::Lost(Timeout), true),
        ("no answer", || Answer::Silence, true),
        ("500", || Answer::Status(500, ""), true),
        ("502", || Answer::Status(502, "<html>"), true),
        ("503", || Answer::Status(503, ""), true),
        ("504", || Answer::Status(504, ""), true),
        ("429", || Answer::Status(429, ""), false),
        ("throttled 400", || Answer::Status(400, THROTTLED), false),
        ("throttled 503", || Answer::Status(503, THROTTLED), false),
        (
            "modelled throttling",
            || Answer::Status(400, r#"{"__type":"Busy"}"#),
            false,
        ),
        (
            "modelled retryable",
            || Answer::Status(423, r#"{"__type":"Broken"}"#),
            false,
        ),
        (
            "server waited",
            || Answer::Status(408, r#"{"__type":"RequestTimeout"}"#),
            true,
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn transient_failures_are_retried_if_the_operation_is_idempotent() {
    for (name, answer, may_have_acted) in transient_failures() {
        for operation in ALL {
            let network = Network::new([answer(), answer()]);
            let result = call(&core(config(&network)), operation).await;
            let harmless = operation.read_only || operation.idempotent;
            let repeated = harmless || !may_have_acted;
            assert_eq!(result.is_ok(), repeated, "{name} in {}", operation.name);
            let attempts = if repeated { 3 } else { 1 };
            assert_eq!(
                network.seen().len(),
                attempts,
                "{name} in {}",
                operation.name
            );
            if let Err(error) = result {
                assert!(error.may_have_taken_effect(), "{name}: {error}");
                assert!(
                    format!("{error:#}").contains("may have taken effect"),
                    "{error}"
                );
                assert_eq!(error.attempts(), 1);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_status_that_is_no_refusal_the_call_may_have_acted() {
    for (status, is_open) in [
        (303, true),
        (400, false),
        (404, false),
        (408, true),
        (409, false),
        (421, true),
        (499, true),
        (500, true),
    ] {
        let network = Network::new([Answer::Status(status, r#"{"__type":"Unheard"}"#)]);
        let error = call(&core(config(&network)), &CREATE).await.unwrap_err();
        assert_eq!(error.may_have_taken_effect(), is_open, "{status}");
        assert_eq!(network.seen().len(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_ambiguous_failure_is_retried_if_the_call_or_the_client_permits_it() {
    let allowed = CallOptions::default().retry_ambiguous(true);
    let forbidden = CallOptions::default().retry_ambiguous(false);
    for (of_client, of_call, attempts) in [
        (false, CallOptions::default(), 1),
        (false, allowed.clone(), 2),
        (true, CallOptions::default(), 2),
        (true, forbidden, 1),
    ] {
        let network = Network::new([Answer::Lost(Io)]);
        let core = core(config(&network).retry_ambiguous(of_client));
        let result = call_with(&core, &CREATE, request(), of_call).await;
        assert_eq!(result.is_ok(), attempts == 2);
        assert_eq!(network.seen().len(), attempts);
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_reports_a_possible_effect_of_an_earlier_attempt() {
    // The response to the first attempt is lost, and the second is refused: the first may have acted.
    let network = Network::new([
        Answer::Lost(Io),
        Answer::Status(400, r#"{"__type":"Denied"}"#),
    ]);
    let error = call(&core(config(&network)), &PUT).await.unwrap_err();
    assert_eq!((error.code(), error.attempts()), (Some("Denied"), 2));
    assert!(error.may_have_taken_effect());
    // A refused call had no effect, and a read-only operation never has one.
    let network = Network::new([Answer::Status(400, r#"{"__type":"Denied"}"#)]);
    let error = call(&core(config(&network)), &CREATE).await.unwrap_err();
    assert!(!error.may_have_taken_effect());
    let network = Network::new([Answer::Lost(Io), Answer::Lost(Io), Answer::Lost(Io)]);
    let error = call(&core(config(&network)), &READ).await.unwrap_err();
    assert!(!error.may_have_taken_effect());
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Io, 3));
}

#[tokio::test(start_paused = true)]
async fn refused_calls_are_not_retried() {
    for answer in [
        || Answer::Status(400, r#"{"__type":"Denied"}"#),
        || Answer::Status(404, "<html>not here</html>"),
        || Answer::Status(301, ""),
        // The model has this code and does not mark it as retryable.
        || Answer::Status(429, r#"{"__type":"Denied"}"#),
    ] {
        for operation in ALL {
            let network = Network::new([answer()]);
            let error = call(&core(config(&network)), operation).await.unwrap_err();
            assert_eq!(network.seen().len(), 1, "{error}");
            assert_eq!(error.kind(), ErrorKind::Service);
            assert!(!error.may_have_taken_effect());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_successful_response_cannot_be_read_has_taken_effect() {
    let network = Network::new([Answer::Status(200, "<html>")]);
    let core = core(config(&network));
    let error = core
        .send(CreateRequest::default(), CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    assert!(error.may_have_taken_effect());
    assert_eq!(network.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_sends_the_same_idempotency_token() {
    let network = Network::new([Answer::Lost(Io), Answer::Status(500, "")]);
    let core = core(config(&network));
    core.send(CreateRequest::default(), CallOptions::default())
        .await
        .unwrap();
    let seen = network.seen();
    assert_eq!(seen.len(), 3);
    let token = seen[0].body.as_ref().expect("in memory");
    assert_eq!(token.len(), 36);
    assert!(seen.iter().all(|seen| seen.body.as_ref() == Some(token)));
}

#[tokio::test(start_paused = true)]
async fn a_streamed_body_is_sent_once() {
    for answer in [Answer::Lost(Connect), Answer::Status(500, "")] {
        let network = Network::new([answer]);
        let core = core(config(&network));
        let result = call_with(&core, &PUT, streamed(), CallOptions::default()).await;
        assert!(result.is_err());
        assert_eq!(network.seen().len(), 1);
    }
}
