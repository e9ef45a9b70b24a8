//! The quota for retries: a bucket of tokens that failures empty and successes fill.
//!
//! It prevents that many clients triple the load of a service during an outage. Numbers: Retry 2.1, botocore 1.44.5
//! (`retries/quota.py`, `RetryQuotaChecker`).

use std::sync::atomic::{AtomicU32, Ordering};

/// How many tokens a full bucket holds.
const CAPACITY: u32 = 500;

#[derive(Debug)]
pub(super) struct TokenBucket(AtomicU32);

impl Default for TokenBucket {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl TokenBucket {
    /// Takes tokens, all of them or none.
    pub(super) fn acquire(&self, amount: u32) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                tokens.checked_sub(amount)
            })
            .is_ok()
    }

    /// Returns tokens. Tokens beyond the capacity are lost.
    pub(super) fn release(&self, amount: u32) {
        let filled = |tokens: u32| Some(tokens.saturating_add(amount).min(CAPACITY));
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, filled);
    }

    pub(super) fn tokens(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}
