//! Calls of a machine whose clock is wrong.

use std::time::Duration;

use attache_runtime::CallOptions;
use attache_runtime::FixedEnvironment;

use crate::stage::{Answer, CREATE, Network, READ, call, call_with, config, core, request};

const REFUSED: &str = r#"{"__type":"InvalidSignatureException"}"#;
/// Ten minutes after the clock of the tests.
const DATE: &str = "Sun, 22 Nov 2026 12:10:00 GMT";

fn answer(status: u16, body: &'static str, date: &str) -> Answer {
    Answer::Headers(status, body, vec![("date", date.to_owned())])
}

#[tokio::test(start_paused = true)]
async fn after_a_refused_signature_requests_are_signed_with_the_time_of_the_service() {
    let network = Network::new([answer(403, REFUSED, DATE)]);
    let core = core(config(&network));
    call(&core, &CREATE).await.unwrap();
    call(&core, &CREATE).await.unwrap();
    let dates: Vec<String> = network
        .seen()
        .iter()
        .map(|seen| seen.header("x-amz-date").to_owned())
        .collect();
    assert_eq!(
        dates,
        ["20261122T120000Z", "20261122T121000Z", "20261122T121000Z"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_signature_that_is_refused_although_the_clock_is_right_is_not_repeated() {
    let network = Network::new([answer(403, REFUSED, DATE), answer(403, REFUSED, DATE)]);
    let error = call(&core(config(&network)), &READ).await.unwrap_err();
    assert_eq!(
        (error.code(), error.attempts()),
        (Some("InvalidSignatureException"), 2)
    );
}

#[tokio::test(start_paused = true)]
async fn the_clock_is_not_corrected_if_it_is_right_or_correction_is_off() {
    let close = "Sun, 22 Nov 2026 12:03:59 GMT";
    let network = Network::new([answer(403, REFUSED, close)]);
    let error = call(&core(config(&network)), &READ).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    let network = Network::new([answer(403, REFUSED, DATE)]);
    let off = core(config(&network).clock_skew_correction(false));
    assert_eq!(call(&off, &READ).await.unwrap_err().attempts(), 1);
    let network = Network::new([answer(403, REFUSED, DATE)]);
    let builder = config(&network)
        .from_environment(
            FixedEnvironment::default().with_variable("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "TRUE"),
        )
        .unwrap();
    assert_eq!(call(&core(builder), &READ).await.unwrap_err().attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_sent_in_the_time_of_the_service_once_that_is_known() {
    let network = Network::new([answer(200, "{}", DATE)]);
    let core = core(config(&network).attempt_timeout(Duration::from_secs(30)));
    call(&core, &READ).await.unwrap();
    call(&core, &READ).await.unwrap();
    let endless = CallOptions::default().attempt_timeout(Duration::MAX);
    call_with(&core, &READ, request(), endless).await.unwrap();
    call_with(
        &core,
        &READ,
        crate::stage::streamed(),
        CallOptions::default(),
    )
    .await
    .unwrap();
    let seen = network.seen();
    let sent: Vec<&str> = seen
        .iter()
        .map(|seen| seen.header("amz-sdk-request"))
        .collect();
    assert_eq!(
        sent,
        [
            "attempt=1; max=3",
            "ttl=20261122T121030Z; attempt=1; max=3",
            "attempt=1; max=3",
            "attempt=1; max=3"
        ]
    );
}
