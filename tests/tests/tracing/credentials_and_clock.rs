//! Events about credentials and about the clock of this machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use attache_runtime::{
    BoxFuture, CachedCredentials, Credentials, CredentialsError, ProvideCredentials, Timestamp,
};
use attache_tests::transport::Answers;
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{assert_parts, builder, lines_at, one_line};

/// Credentials that are valid for an hour from the second on, and then for an hour more.
#[derive(Debug, Default)]
struct Hourly(AtomicI64);

impl ProvideCredentials for Hourly {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            if number == 2 {
                return Err(CredentialsError::new("the source is away"));
            }
            let expiry = Timestamp::from_epoch((number + 1) * 3_600, 0).expect("a time");
            let key = Credentials::new(format!("AKID{number}"), "confidential");
            Ok(key.session_token("confidential").expires_at(expiry))
        })
    }
}

#[derive(Debug, Clone, Default)]
struct Clock(Arc<AtomicI64>);
impl attache_runtime::TimeSource for Clock {
    fn now(&self) -> Timestamp {
        Timestamp::from_epoch(self.0.load(Ordering::Relaxed), 0).expect("a time")
    }
}

/// Credentials that are fetched, renewed, and kept when they cannot be renewed.
pub(super) async fn credentials() {
    let clock = Clock::default();
    let cached = CachedCredentials::new(Hourly::default(), clock.clone());
    for minutes in [0, 1, 55, 110] {
        clock.0.store(minutes * 60, Ordering::Relaxed);
        cached.credentials().await.expect("there are valid ones");
    }
}

/// A call to a service whose clock is ten minutes ahead.
pub(super) async fn shifted_clock() {
    let late = [("date", "Thu, 01 Jan 1970 00:10:00 GMT")];
    let answers = Answers::default().then(403, &late, r#"{"__type": "InvalidSignatureException"}"#);
    let config = builder(&answers).build();
    let client = attache_support::Client::new(&config.expect("nothing is missing"));
    let call = client.describe_services().send();
    call.await.expect("the second succeeds");
}

#[tokio::test]
async fn fetched_renewed_and_kept_credentials_are_events() {
    let lines = lines_at(Level::INFO, FmtSpan::NONE, credentials()).await;
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_parts(
        lines[0],
        &[
            "INFO",
            "attache::credentials: credentials fetched expires=1970-01-01T01:00:00Z",
        ],
    );
    assert_parts(
        lines[1],
        &["INFO", "credentials renewed expires=1970-01-01T02:00:00Z"],
    );
    assert_parts(
        lines[2],
        &[
            "WARN",
            "could not be renewed",
            "expires=1970-01-01T02:00:00Z error=the source is away",
        ],
    );
    assert!(!format!("{lines:?}").contains("confidential"));
}

#[tokio::test]
async fn a_shifted_clock_is_a_warning() {
    let lines = lines_at(Level::INFO, FmtSpan::NONE, shifted_clock()).await;
    assert_parts(
        one_line(&lines, "attache::clock"),
        &[
            "WARN",
            "the clock of this machine is 600 s behind the clock of the service",
            "clock_skew_ms=600000",
        ],
    );
    one_line(
        &lines,
        "retrying in 40 ms after InvalidSignatureException, attempt 2 of 3",
    );
}
