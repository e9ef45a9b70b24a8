//! The standard mode, as of Retry 2.1: pauses with full jitter, and a quota.
//!
//! Numbers and rules: botocore 1.44.5, `retries/standard.py` (`ExponentialBackoff`, `RetryQuotaChecker`). The pause
//! before attempt `i + 2` is `rand(0, 1) * min(scale * 2^i, 20 s)`.

use std::sync::Arc;
use std::time::Duration;

use super::token_bucket::TokenBucket;
use super::{FailedAttempt, Retry, RetryPolicy, RetryReason};
use crate::random::{RandomSource, SystemRandomSource};

/// How often a request is sent at most.
const MAX_ATTEMPTS: u32 = 3;
/// DynamoDB responds fast, so its clients try once more, and sooner.
const DYNAMODB_MAX_ATTEMPTS: u32 = 4;
/// The cost of a retry.
const COST: u32 = 14;
/// The cost of a retry after throttling.
const THROTTLING_COST: u32 = 5;
/// The tokens that a success without a retry adds to the quota.
const REFUND: u32 = 1;
const SCALE: Duration = Duration::from_millis(50);
const DYNAMODB_SCALE: Duration = Duration::from_millis(25);
const THROTTLING_SCALE: Duration = Duration::from_secs(1);
/// The longest pause, before jitter.
const CAP: Duration = Duration::from_secs(20);
/// The maximum addition to the client's own pause at the request of the service.
const RETRY_AFTER_EXTRA: Duration = Duration::from_secs(5);

/// The standard mode of the AWS SDKs (Retry 2.1).
///
/// Throttling and transient failures are retried, up to three attempts (four for DynamoDB). A retry takes 14 tokens
/// from a bucket of 500, or 5 after throttling. A successful call returns the tokens of its last retry, or one token if
/// there was no retry. The pause is random, between zero and 50 ms (1 s after throttling), doubled for each earlier
/// attempt, 20 s at most; `x-amz-retry-after` can extend it by up to 5 s. An operation that polls, such as `ReceiveMessage`
/// of SQS, also waits for the pause if the bucket has too few tokens for a retry, and then returns the failure.
#[derive(Debug)]
pub struct StandardRetry {
    bucket: TokenBucket,
    random: Arc<dyn RandomSource>,
    max_attempts: u32,
    scale: Duration,
}

impl Default for StandardRetry {
    fn default() -> Self {
        Self {
            bucket: TokenBucket::default(),
            random: Arc::new(SystemRandomSource),
            max_attempts: MAX_ATTEMPTS,
            scale: SCALE,
        }
    }
}

impl StandardRetry {
    #[inline(never)]
    pub(super) fn for_service(sdk_id: &str) -> Self {
        if matches!(sdk_id, "DynamoDB" | "DynamoDB Streams") {
            Self {
                max_attempts: DYNAMODB_MAX_ATTEMPTS,
                scale: DYNAMODB_SCALE,
                ..Self::default()
            }
        } else {
            Self::default()
        }
    }

    /// Takes the jitter from another source.
    #[must_use]
    pub fn random_source(mut self, random: Arc<dyn RandomSource>) -> Self {
        self.random = random;
        self
    }

    /// How many tokens the quota has now; 500 at most.
    pub fn quota(&self) -> u32 {
        self.bucket.tokens()
    }

    fn delay(&self, failed: &FailedAttempt<'_>) -> Duration {
        let scale = match failed.reason {
            RetryReason::Throttling => THROTTLING_SCALE,
            _ => self.scale,
        };
        let doublings = failed.attempt.saturating_sub(1).min(31);
        let longest = scale.saturating_mul(1 << doublings).min(CAP);
        let own = longest.mul_f64(self.random.fraction());
        match failed.retry_after {
            Some(asked) => asked.clamp(own, own + RETRY_AFTER_EXTRA),
            None => own,
        }
    }
}

impl RetryPolicy for StandardRetry {
    fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    fn retry(&self, failed: &FailedAttempt<'_>) -> Option<Retry> {
        let cost = match failed.reason {
            RetryReason::Throttling => THROTTLING_COST,
            RetryReason::Transient => COST,
            RetryReason::Permanent => return None,
        };
        self.bucket.acquire(cost).then(|| Retry {
            delay: self.delay(failed),
            cost,
        })
    }

    /// If the quota is used up, the pause that a retry would have had.
    fn pause_of_long_poll(&self, failed: &FailedAttempt<'_>) -> Duration {
        match failed.reason {
            RetryReason::Permanent => Duration::ZERO,
            RetryReason::Throttling | RetryReason::Transient => self.delay(failed),
        }
    }

    fn after_unused(&self, retry: Retry) {
        self.bucket.release(retry.cost);
    }

    fn after_success(&self, last: Option<Retry>) {
        self.bucket.release(last.map_or(REFUND, |retry| retry.cost));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorKind, Failure};

    /// Always the same fraction.
    #[derive(Debug)]
    struct Fixed(f64);

    impl RandomSource for Fixed {
        fn next(&self) -> u64 {
            ((self.0 * (1_u64 << 53) as f64) as u64) << 11
        }
    }

    fn policy(fraction: f64) -> StandardRetry {
        StandardRetry::default().random_source(Arc::new(Fixed(fraction)))
    }

    fn retry(
        policy: &StandardRetry,
        attempt: u32,
        reason: RetryReason,
        after: Option<u64>,
    ) -> Option<Retry> {
        let failure = Failure::new(ErrorKind::Io, "lost");
        let failed = FailedAttempt::new(attempt, reason, &failure)
            .retry_after(after.map(Duration::from_millis));
        policy.retry(&failed)
    }

    fn milliseconds(attempt: u32, reason: RetryReason, after: Option<u64>) -> u128 {
        let retry = retry(&policy(0.5), attempt, reason, after).expect("quota for one retry");
        retry.delay.as_millis()
    }

    #[test]
    fn pauses_double_from_50_milliseconds_or_a_second_up_to_20_seconds() {
        use RetryReason::{Throttling, Transient};
        assert_eq!(
            [1, 2, 3, 9, 10, 40, u32::MAX].map(|attempt| milliseconds(attempt, Transient, None)),
            [25, 50, 100, 6_400, 10_000, 10_000, 10_000]
        );
        assert_eq!(
            [1, 2, 5, 6].map(|attempt| milliseconds(attempt, Throttling, None)),
            [500, 1_000, 8_000, 10_000]
        );
    }

    #[test]
    fn the_pause_that_the_service_asks_for_is_kept_within_five_seconds_of_our_own() {
        let pause = |asked| milliseconds(1, RetryReason::Throttling, Some(asked));
        assert_eq!(
            [0, 499, 1_500, 5_499, 5_501, u64::MAX].map(pause),
            [500, 500, 1_500, 5_499, 5_500, 5_500]
        );
    }

    #[test]
    fn retries_cost_14_or_5_and_a_success_puts_the_last_cost_back() {
        let policy = policy(0.0);
        let first = retry(&policy, 1, RetryReason::Transient, None);
        assert_eq!(
            (first.map(|retry| retry.cost), policy.quota()),
            (Some(14), 486)
        );
        let second = retry(&policy, 2, RetryReason::Throttling, None);
        assert_eq!(
            (second.map(|retry| retry.cost), policy.quota()),
            (Some(5), 481)
        );
        policy.after_success(second);
        assert_eq!(policy.quota(), 486);
        policy.after_success(None);
        assert_eq!(policy.quota(), 487);
        for _ in 0..20 {
            policy.after_success(None);
        }
        assert_eq!(policy.quota(), 500);
    }

    #[test]
    fn an_empty_quota_ends_retries_and_permanent_failures_take_nothing() {
        let policy = policy(0.0);
        assert_eq!(retry(&policy, 1, RetryReason::Permanent, None), None);
        assert_eq!(policy.quota(), 500);
        let granted = (0..100)
            .filter(|_| retry(&policy, 1, RetryReason::Transient, None).is_some())
            .count();
        assert_eq!((granted, policy.quota()), (35, 10));
        assert!(retry(&policy, 1, RetryReason::Throttling, None).is_some());
    }
}
