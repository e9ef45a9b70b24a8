//! The rate of the adaptive mode: the CUBIC function of TCP (RFC 9438), in requests a second.
//!
//! After throttling, the rate falls to 0.7 of the old rate, then rises fast towards the old rate, stays near it for a
//! while, and then exceeds it. Numbers: botocore 1.44.5, `retries/throttling.py`.

/// How fast the rate grows.
const SCALE: f64 = 0.4;
/// The factor of the rate after throttling.
const BETA: f64 = 0.7;

/// Times are in seconds.
#[derive(Debug)]
pub(super) struct Cubic {
    /// The rate at the last throttling.
    highest: f64,
    /// How long after throttling the old rate is reached again.
    plateau: f64,
    throttled_at: f64,
}

impl Cubic {
    pub(super) fn new(now: f64) -> Self {
        Self {
            highest: 0.0,
            plateau: 0.0,
            throttled_at: now,
        }
    }

    pub(super) fn rate_after_success(&self, now: f64) -> f64 {
        let since = now - self.throttled_at;
        SCALE * (since - self.plateau).powi(3) + self.highest
    }

    pub(super) fn rate_after_throttling(&mut self, rate: f64, now: f64) -> f64 {
        self.highest = rate;
        self.plateau = (rate * (1.0 - BETA) / SCALE).cbrt();
        self.throttled_at = now;
        rate * BETA
    }
}
