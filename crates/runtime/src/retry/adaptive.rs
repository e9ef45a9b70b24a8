//! The adaptive mode: the standard one, and a limit on the rate of requests.
//!
//! The limit applies to the client, not to an operation, so it suits a client of one resource that throttles.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::rate_limiter::RateLimiter;
use super::{FailedAttempt, Retry, RetryPolicy, StandardRetry};

/// The adaptive mode of the AWS SDKs (Retry 2.1): [`StandardRetry`] behind a rate limit that follows the service's
/// throttling, from the first throttled response on. The limit applies to every attempt, including the first one of a
/// call.
#[derive(Debug, Default)]
pub struct AdaptiveRetry {
    standard: StandardRetry,
    limiter: Mutex<RateLimiter>,
}

impl AdaptiveRetry {
    /// Adds the rate limit to a standard policy.
    pub fn new(standard: StandardRetry) -> Self {
        Self {
            standard,
            limiter: Mutex::default(),
        }
    }

    fn limiter(&self) -> std::sync::MutexGuard<'_, RateLimiter> {
        self.limiter.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RetryPolicy for AdaptiveRetry {
    fn max_attempts(&self) -> u32 {
        self.standard.max_attempts()
    }

    fn before_attempt(&self, now: Duration) -> Duration {
        self.limiter().acquire(now)
    }

    fn after_attempt(&self, now: Duration, throttled: bool) {
        self.limiter().record(now, throttled);
    }

    fn retry(&self, failed: &FailedAttempt<'_>) -> Option<Retry> {
        self.standard.retry(failed)
    }

    fn pause_of_long_poll(&self, failed: &FailedAttempt<'_>) -> Duration {
        self.standard.pause_of_long_poll(failed)
    }

    fn after_unused(&self, retry: Retry) {
        self.standard.after_unused(retry);
    }

    fn after_success(&self, last: Option<Retry>) {
        self.standard.after_success(last);
    }
}
