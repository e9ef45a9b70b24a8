//! What the generated cases call: a client with a transport that records the request and returns the response of the
//! suite. Requests are not judged here; they are printed for `cargo xtask conformance`.
//!
//! These files are not a module of xtask, but of the crate that it writes.

mod comparison;
mod events;
mod outcome;
mod poll;
mod report;
mod settings;
mod transport;

use std::fmt::Debug;
use std::time::Duration;

use attache_runtime::operation::ServiceError;
use attache_runtime::validation::Level;
use attache_runtime::{
    BoxFuture, Call, CallOptions, Config, Credentials, Error, Timer, Timestamp, TokenSource,
};

pub use self::comparison::{Same, compare, compare_streams, different, fact};
pub use self::events::{Sending, events, exchange, succeeded};
pub use self::outcome::Outcome;
use self::poll::run;
pub use self::report::report;
pub use self::transport::Answer;
use self::transport::Wire;

#[derive(Debug)]
struct FixedToken;

impl TokenSource for FixedToken {
    fn token(&self) -> String {
        "00000000-0000-4000-8000-000000000000".to_owned()
    }
}

/// Nothing in a case takes time.
#[derive(Debug)]
struct NoTime;

impl Timer for NoTime {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

fn configure(endpoint: &str, wire: &Wire) -> Config {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let builder = match endpoint.strip_prefix("settings\n") {
        None => Config::builder().region("us-east-1").endpoint_url(endpoint).credentials(credentials),
        Some(settings) => settings::apply(Config::builder(), settings, credentials),
    };
    builder
        .time_source(Timestamp::UNIX_EPOCH)
        .token_source(FixedToken)
        .timer(NoTime)
        .transport(wire.clone())
        .build()
        .expect("a configuration with a transport")
}

/// Suites test the wire format, also with values that a service would refuse, and have one exchange for each case.
pub fn options() -> CallOptions {
    CallOptions::default()
        .validation(Level::Off)
        .max_attempts(1)
}

/// Calls, and returns the request that was sent.
pub fn sent<T, S: ServiceError>(
    endpoint: &str,
    call: impl FnOnce(&Config) -> Call<T, S>,
) -> Outcome {
    let wire = Wire::new(Answer {
        status: 200,
        headers: &[],
        body: b"",
    });
    let outcome = run(call(&configure(endpoint, &wire)));
    match (wire.sent(), outcome) {
        (Some(sent), _) => Outcome::Sent(sent),
        (None, Err(error)) => Outcome::Failed(format!("nothing was sent: {}", describe(&error))),
        (None, Ok(_)) => Outcome::Failed("nothing was sent".to_owned()),
    }
}

/// Calls, and checks the response.
pub fn received<T, S: ServiceError>(
    endpoint: &str,
    answer: Answer,
    call: impl FnOnce(&Config) -> Call<T, S>,
    check: impl FnOnce(T) -> Outcome,
) -> Outcome {
    match run(call(&configure(endpoint, &Wire::new(answer)))) {
        Ok(response) => check(response),
        Err(error) => Outcome::Failed(format!("the call failed: {}", describe(&error))),
    }
}

/// Calls, and checks the error.
pub fn refused<T: Debug, S: ServiceError>(
    endpoint: &str,
    answer: Answer,
    call: impl FnOnce(&Config) -> Call<T, S>,
    check: impl FnOnce(&Error<S>) -> Outcome,
) -> Outcome {
    match run(call(&configure(endpoint, &Wire::new(answer)))) {
        Ok(response) => Outcome::Failed(format!("the call succeeded: {response:?}")),
        Err(error) => check(&error),
    }
}

fn describe<S: ServiceError>(error: &Error<S>) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    text
}

pub fn time(seconds: i64, nanoseconds: u32) -> Timestamp {
    Timestamp::from_epoch(seconds, nanoseconds).expect("a time of the suite")
}
