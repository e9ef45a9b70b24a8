//! Attempts, pauses and retry quotas of a client.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use attache_runtime::plumbing::endpoint::Endpoint;
use attache_runtime::plumbing::operation::{Operation, Protocol, Service};
use attache_runtime::retry::{FailedAttempt, Retry, RetryPolicy, RetryReason};
use attache_runtime::transport::TransportErrorKind::Io;
use attache_runtime::{CallOptions, RetryMode};

use crate::stage::{Answer, Network, READ, call, call_with, config, core, operation, request};

const THROTTLED: &str = r#"{"__type":"ThrottlingException"}"#;

fn storm(attempts: usize, status: u16, body: &'static str) -> Network {
    Network::new((0..attempts).map(|_| Answer::Status(status, body)))
}

#[tokio::test(start_paused = true)]
async fn a_call_has_three_attempts_with_pauses_of_up_to_50_and_100_milliseconds() {
    let network = storm(10, 503, "");
    let start = tokio::time::Instant::now();
    let error = call(&core(config(&network)), &READ).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 3));
    assert_eq!(network.pauses(), [25, 50]);
    assert!(
        start.elapsed() < Duration::from_millis(80),
        "no pause after the last attempt"
    );
}

#[tokio::test(start_paused = true)]
async fn pauses_after_throttling_are_up_to_one_and_two_seconds() {
    let network = storm(10, 400, THROTTLED);
    let error = call(&core(config(&network)), &READ).await.unwrap_err();
    assert!(error.is_throttled());
    assert_eq!(network.pauses(), [500, 1_000]);
}

#[tokio::test(start_paused = true)]
async fn x_amz_retry_after_sets_the_pause_in_milliseconds_and_retry_after_is_ignored() {
    let asked = |name, value: &str| Answer::Headers(503, "", vec![(name, value.to_owned())]);
    for (name, value, pause) in [
        ("x-amz-retry-after", "1500", 1_500),
        ("x-amz-retry-after", "5", 25),
        ("x-amz-retry-after", "60000", 5_025),
        ("x-amz-retry-after", "-1", 25),
        ("x-amz-retry-after", "soon", 25),
        ("retry-after", "60", 25),
    ] {
        let network = Network::new([asked(name, value)]);
        call(&core(config(&network)), &READ).await.unwrap();
        let pauses = network.pauses();
        assert!(
            pauses[0].abs_diff(pause) <= 1,
            "{name}: {value}: {pauses:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn max_attempts_of_the_call_override_the_client_and_those_of_the_client_the_policy() {
    for (of_client, of_call, attempts) in [
        (None, None, 3),
        (Some(5), None, 5),
        (Some(5), Some(1), 1),
        (None, Some(2), 2),
        (Some(0), None, 1),
    ] {
        let network = storm(10, 500, "");
        let mut builder = config(&network);
        if let Some(attempts) = of_client {
            builder = builder.max_attempts(attempts);
        }
        let mut options = CallOptions::default();
        options.max_attempts = of_call;
        let error = call_with(&core(builder), &READ, request(), options)
            .await
            .unwrap_err();
        assert_eq!(error.attempts(), attempts);
        let max = format!("attempt=1; max={attempts}");
        assert_eq!(network.seen()[0].header("amz-sdk-request"), max);
    }
}

#[tokio::test(start_paused = true)]
async fn clones_of_a_client_share_a_retry_quota_and_other_clients_have_their_own() {
    // 500 tokens are 35 retries of 14, so 17 calls with two retries each, and one with one.
    let network = storm(1_000, 500, "");
    let builder = config(&network);
    let first = core(builder.clone());
    let mut attempts = 0;
    for _ in 0..100 {
        attempts += call(&first.clone(), &READ).await.unwrap_err().attempts();
    }
    assert_eq!(attempts, 100 + 35);
    let other = core(builder);
    assert_eq!(call(&other, &READ).await.unwrap_err().attempts(), 3);
}

/// Nothing is sent after such a pause, so other calls of the client keep the whole quota.
#[tokio::test(start_paused = true)]
async fn a_pause_that_is_not_begun_costs_no_quota() {
    for mode in [RetryMode::Standard, RetryMode::Adaptive] {
        let core = core(config(&storm(1_000, 500, "")).retry_mode(mode));
        let options = CallOptions::default().operation_timeout(Duration::from_millis(20));
        for _ in 0..100 {
            let sent = call_with(&core, &READ, request(), options.clone()).await;
            assert_eq!(sent.unwrap_err().attempts(), 1);
        }
        assert_eq!(call(&core, &READ).await.unwrap_err().attempts(), 3);
    }
}

static SQS: Service = Service {
    sdk_id: "SQS",
    version: "2012-11-05",
    protocol: Protocol::AwsJson,
    signing_name: "sqs",
    default_region: None,
    endpoint: |_| Ok(Endpoint::new("https://sqs.example.com")),
    modelled_errors: &[],
    sensitive_messages: &[],
    retryable_errors: &[],
    query_compatible: false,
};
static RECEIVE: Operation = Operation {
    service: &SQS,
    ..operation("ReceiveMessage", false, true)
};
static SEND: Operation = Operation {
    service: &SQS,
    ..operation("SendMessage", false, true)
};

/// botocore 1.44.8, `RetryHandler.needs_retry`: half of 50 ms, or of a second after throttling.
#[tokio::test(start_paused = true)]
async fn a_long_poll_pauses_before_it_fails_without_a_quota() {
    for mode in [RetryMode::Standard, RetryMode::Adaptive] {
        let core = core(config(&storm(200, 500, "")).retry_mode(mode));
        for _ in 0..18 {
            call(&core, &READ).await.unwrap_err();
        }
        for (operation, limit, pause) in [
            (&SEND, 60_000, 0),
            (&RECEIVE, 60_000, 25),
            // The pause would hide the failure.
            (&RECEIVE, 20, 0),
        ] {
            let start = tokio::time::Instant::now();
            let options = CallOptions::default().operation_timeout(Duration::from_millis(limit));
            let error = call_with(&core, operation, request(), options).await;
            let error = error.unwrap_err();
            assert_eq!((error.status(), error.attempts()), (Some(500), 1));
            assert_eq!(start.elapsed(), Duration::from_millis(pause));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_adaptive_mode_limits_the_rate_after_throttling_only() {
    let send = async |network: &Network| {
        let core = core(
            config(network)
                .retry_mode(RetryMode::Adaptive)
                .max_attempts(1),
        );
        let start = tokio::time::Instant::now();
        for _ in 0..20 {
            let _ = call(&core, &READ).await;
        }
        start.elapsed()
    };
    let calm = send(&Network::default()).await;
    assert!(calm < Duration::from_millis(50), "{calm:?}");
    let throttled = send(&storm(1, 400, THROTTLED)).await;
    assert!(throttled > Duration::from_secs(3), "{throttled:?}");
}

/// Retries after a millisecond, and counts.
#[derive(Debug, Default)]
struct Stubborn(Arc<AtomicU32>);

impl RetryPolicy for Stubborn {
    fn max_attempts(&self) -> u32 {
        7
    }

    fn retry(&self, failed: &FailedAttempt<'_>) -> Option<Retry> {
        assert_eq!(failed.reason, RetryReason::Transient);
        self.0.fetch_add(1, Ordering::Relaxed);
        Some(Retry {
            delay: Duration::from_millis(1),
            cost: 0,
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_custom_policy_cannot_repeat_a_call_that_may_have_acted() {
    let network = storm(20, 500, "");
    let policy = Stubborn::default();
    let asked = policy.0.clone();
    let core = core(config(&network).retry_policy(policy));
    assert_eq!(call(&core, &READ).await.unwrap_err().attempts(), 7);
    assert_eq!(asked.load(Ordering::Relaxed), 6);
    let network_lost = Network::new([Answer::Lost(Io)]);
    let policy = Stubborn::default();
    let core = crate::stage::core(config(&network_lost).retry_policy(policy));
    let error = call(&core, &crate::stage::CREATE).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
}
