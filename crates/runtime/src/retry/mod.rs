//! When a request is sent again, and after which pause.
//!
//! Two questions are kept apart. *Is it safe?* The service may have acted on a request whose answer got lost, and
//! acting twice may make a difference: that is judged in `classification`, by rules that no policy can change. *Is it
//! sensible?* That is what a [`RetryPolicy`] says: the standard and the adaptive mode of the AWS SDKs are two of them,
//! and a user may write another.

mod adaptive;
pub(crate) mod classification;
mod cubic;
mod rate_limiter;
mod standard;
mod token_bucket;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

pub use self::adaptive::AdaptiveRetry;
pub use self::standard::StandardRetry;
use crate::error::Failure;
use crate::random::RandomSource;

/// Decides when a request is sent again.
///
/// One object serves all calls of a client and its clones, at the same time, so that it can hold a quota.
pub trait RetryPolicy: fmt::Debug + Send + Sync {
    /// How often a request is sent at most, where neither the call nor the configuration says so.
    fn max_attempts(&self) -> u32 {
        3
    }

    /// Returns how long to wait before a request may be sent. After a wait it is called again; zero lets the request go.
    /// `now` is the time of the client's [`Timer`](crate::Timer).
    fn before_attempt(&self, _now: Duration) -> Duration {
        Duration::ZERO
    }

    /// Called after every attempt, with whether it failed and whether another one follows. It is not called for a call
    /// that is dropped or runs out of time.
    fn after_attempt(&self, _now: Duration, _throttled: bool) {}

    /// Whether a request is sent again, and after which pause. It is only asked where there is an attempt left, where
    /// the request can be sent again, and where doing so is safe.
    fn retry(&self, failed: &FailedAttempt<'_>) -> Option<Retry>;

    /// Called when a call succeeds; `last` is what [`retry`](Self::retry) returned before the last attempt.
    fn after_success(&self, _last: Option<Retry>) {}
}

/// An attempt that failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedAttempt<'a> {
    /// Which attempt it was, counted from 1.
    pub attempt: u32,
    /// Why another attempt may end better.
    pub reason: RetryReason,
    /// The pause that the service asks for: the header `x-amz-retry-after`, in milliseconds.
    pub retry_after: Option<Duration>,
    /// What happened.
    pub failure: &'a Failure,
}

impl<'a> FailedAttempt<'a> {
    /// Describes a failed attempt to a policy, for example in a test of one.
    pub fn new(attempt: u32, reason: RetryReason, failure: &'a Failure) -> Self {
        Self {
            attempt,
            reason,
            retry_after: None,
            failure,
        }
    }

    /// Adds the pause that the service asks for.
    #[must_use]
    pub fn retry_after(mut self, pause: Option<Duration>) -> Self {
        self.retry_after = pause;
        self
    }
}

/// Why another attempt may end better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryReason {
    /// The service asks for fewer calls.
    Throttling,
    /// Something that passes: a lost connection, a timeout, an error of the server, a clock that was wrong.
    Transient,
    /// Nothing suggests that another attempt would end better.
    Permanent,
}

/// Leave to send a request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How long to wait first.
    pub delay: Duration,
    /// What it took from the policy's quota.
    pub cost: u32,
}

/// The ways to retry that come with the runtime. Their names are those of `AWS_RETRY_MODE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryMode {
    /// Pauses that grow, and a quota for retries: [`StandardRetry`].
    #[default]
    Standard,
    /// The same, and a limit on the rate of requests that follows how much the service throttles: [`AdaptiveRetry`].
    Adaptive,
}

impl RetryMode {
    /// The policy of a new client of a service.
    pub(crate) fn policy(
        self,
        sdk_id: &str,
        random: Arc<dyn RandomSource>,
    ) -> Arc<dyn RetryPolicy> {
        let standard = StandardRetry::for_service(sdk_id).random_source(random);
        match self {
            Self::Standard => Arc::new(standard),
            Self::Adaptive => Arc::new(AdaptiveRetry::new(standard)),
        }
    }
}

impl FromStr for RetryMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "standard" => Ok(Self::Standard),
            "adaptive" => Ok(Self::Adaptive),
            _ => Err("the retry mode must be `standard` or `adaptive`".to_owned()),
        }
    }
}
