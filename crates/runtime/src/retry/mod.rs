//! Retries: when a request is sent again, and after which pause.
//!
//! There are two separate questions. *Is it safe?* The service may have acted on a request whose response was lost, and
//! acting twice may make a difference. `classification` decides this, with rules that no policy can change. *Is it
//! useful?* A [`RetryPolicy`] decides this. The standard and the adaptive mode of the AWS SDKs are two policies, and a
//! user may write another.

mod adaptive;
pub(crate) mod classification;
mod cubic;
pub(crate) mod long_poll;
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
use crate::texts::ToText as _;

/// Decides when a request is sent again.
///
/// All concurrent calls of a client and its clones use one object, so that it can have a quota.
pub trait RetryPolicy: fmt::Debug + Send + Sync {
    /// How often a request is sent at most, if neither the call nor the configuration sets it.
    fn max_attempts(&self) -> u32 {
        3
    }

    /// Returns how long to wait before a request may be sent. After a wait the function is called again; zero permits
    /// the request. `now` is the time of the client's [`Timer`](crate::Timer).
    fn before_attempt(&self, _now: Duration) -> Duration {
        Duration::ZERO
    }

    /// Called after every attempt, with whether it failed and whether another one follows. It is not called for a call
    /// that is dropped or runs out of time.
    fn after_attempt(&self, _now: Duration, _throttled: bool) {}

    /// Whether a request is sent again, and after which pause. It is called only if an attempt is left, the request can
    /// be sent again, and doing so is safe.
    fn retry(&self, failed: &FailedAttempt<'_>) -> Option<Retry>;

    /// How long a long poll waits before it returns a failure for which [`retry`](Self::retry) returned `None`. A program
    /// polls in a loop, which would call a service that has a problem again at once. By default there is no wait.
    fn pause_of_long_poll(&self, _failed: &FailedAttempt<'_>) -> Duration {
        Duration::ZERO
    }

    /// Called with what [`retry`](Self::retry) returned if the request is not sent again, because the pause is longer than the
    /// time that the call has left. A policy with a quota takes the cost back.
    fn after_unused(&self, _retry: Retry) {}

    /// Called when a call succeeds; `last` is what [`retry`](Self::retry) returned before the last attempt.
    fn after_success(&self, _last: Option<Retry>) {}
}

/// An attempt that failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedAttempt<'a> {
    /// Which attempt it was, counted from 1.
    pub attempt: u32,
    /// Why another attempt may succeed.
    pub reason: RetryReason,
    /// The pause that the service requests: the header `x-amz-retry-after`, in milliseconds.
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

    /// Adds the pause that the service requests.
    #[must_use]
    pub fn retry_after(mut self, pause: Option<Duration>) -> Self {
        self.retry_after = pause;
        self
    }
}

/// Why another attempt may succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryReason {
    /// The service throttles calls.
    Throttling,
    /// A transient failure: a lost connection, a timeout, an error of the server, a wrong clock.
    Transient,
    /// Another attempt would fail in the same way.
    Permanent,
}

/// The permission to send a request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How long to wait first.
    pub delay: Duration,
    /// The cost that was taken from the policy's quota.
    pub cost: u32,
}

/// The retry modes of the runtime. Their names are those of `AWS_RETRY_MODE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryMode {
    /// Growing pauses, and a quota for retries: [`StandardRetry`].
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

    #[inline(never)]
    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "standard" => Ok(Self::Standard),
            "adaptive" => Ok(Self::Adaptive),
            _ => Err("the retry mode must be `standard` or `adaptive`".to_text()),
        }
    }
}
