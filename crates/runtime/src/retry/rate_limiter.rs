//! The limit on the rate of requests in the adaptive mode.
//!
//! It has no effect until the service throttles for the first time. From then on each attempt takes a token from a
//! bucket. The bucket fills at a rate that [`Cubic`] sets, which is at most twice the rate of sent requests. Numbers
//! and order of steps: botocore 1.44.5, `retries/adaptive.py` and `retries/bucket.py`.

use std::time::Duration;

use super::cubic::Cubic;

/// The minimum rate, in requests per second.
const MIN_RATE: f64 = 0.5;
/// The maximum factor above the measured rate.
const MAX_RATE_ADJUST_SCALE: f64 = 2.0;
/// The weight of the last half second in the average.
const SMOOTHING: f64 = 0.8;
/// Into how many slices a second is divided.
const SLICES_A_SECOND: f64 = 2.0;

#[derive(Debug)]
pub(super) struct RateLimiter {
    started: bool,
    enabled: bool,
    cubic: Cubic,
    fill_rate: f64,
    capacity: f64,
    tokens: f64,
    filled_at: f64,
    measured_rate: f64,
    slice: f64,
    responses: f64,
}

impl Default for RateLimiter {
    fn default() -> Self {
        Self {
            started: false,
            enabled: false,
            cubic: Cubic::new(0.0),
            fill_rate: 1.0,
            capacity: 1.0,
            tokens: 0.0,
            filled_at: 0.0,
            measured_rate: 0.0,
            slice: 0.0,
            responses: 0.0,
        }
    }
}

impl RateLimiter {
    /// Takes a token and returns zero, or takes none and returns how long to wait for one.
    pub(super) fn acquire(&mut self, now: Duration) -> Duration {
        self.start(now.as_secs_f64());
        if !self.enabled {
            return Duration::ZERO;
        }
        self.fill(now.as_secs_f64());
        let missing = 1.0 - self.tokens;
        if missing <= 0.0 {
            self.tokens -= 1.0;
            return Duration::ZERO;
        }
        // One nanosecond is added, so that the caller never calls too early because of rounding.
        Duration::from_secs_f64(missing / self.fill_rate) + Duration::from_nanos(1)
    }

    /// Updates the rate after a response.
    pub(super) fn record(&mut self, now: Duration, throttled: bool) {
        let now = now.as_secs_f64();
        self.start(now);
        let measured = self.measure(now);
        let cubic = &mut self.cubic;
        let rate = if throttled {
            let rate = if self.enabled {
                measured.min(self.fill_rate)
            } else {
                measured
            };
            self.enabled = true;
            cubic.rate_after_throttling(rate, now)
        } else {
            cubic.rate_after_success(now)
        };
        self.set_rate(rate.min(MAX_RATE_ADJUST_SCALE * measured), now);
    }

    /// Time begins with the first request.
    fn start(&mut self, now: f64) {
        if !self.started {
            self.started = true;
            self.cubic = Cubic::new(now);
            self.filled_at = now;
            self.slice = now.floor();
        }
    }

    fn set_rate(&mut self, rate: f64, now: f64) {
        // The tokens until now were added at the old rate.
        self.fill(now);
        self.fill_rate = rate.max(MIN_RATE);
        self.capacity = rate.max(1.0);
        self.tokens = self.tokens.min(self.capacity);
    }

    fn fill(&mut self, now: f64) {
        let added = (now - self.filled_at).max(0.0) * self.fill_rate;
        self.tokens = (self.tokens + added).min(self.capacity);
        self.filled_at = now;
    }

    fn measure(&mut self, now: f64) -> f64 {
        let slice = (now * SLICES_A_SECOND).floor() / SLICES_A_SECOND;
        self.responses += 1.0;
        if slice > self.slice {
            let rate = self.responses / (slice - self.slice);
            self.measured_rate = rate * SMOOTHING + self.measured_rate * (1.0 - SMOOTHING);
            self.responses = 0.0;
            self.slice = slice;
        }
        self.measured_rate
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RateLimiter;

    /// Time of an answer, whether it throttled, and then the rate and the tokens of botocore 1.44.5's
    /// `ClientRateLimiter`, made at 0.25 s, fed with the same answers. One token is taken after each, where there is one.
    const ANSWERS: [(f64, bool, f64, f64); 30] = [
        (0.375, false, 0.5, 0.125),
        (0.625, false, 0.5, 0.25),
        (1.0, false, 0.5, 0.4375),
        (1.5, false, 0.78125, 0.6875),
        (1.625, false, 1.039844, 0.785156),
        (1.875, false, 1.716406, 1.039844),
        (2.25, false, 3.2, 1.683496),
        (2.75, true, 1.849344, 1.849344),
        (2.875, false, 2.06321, 1.080512),
        (3.125, false, 2.36839, 0.596314),
        (3.5, false, 2.590095, 1.484461),
        (4.0, false, 2.64192, 1.779508),
        (4.125, true, 1.448395, 1.109748),
        (4.375, false, 1.769932, 0.471847),
        (4.75, false, 2.008651, 1.135571),
        (5.25, false, 2.069121, 1.139897),
        (5.375, false, 2.069449, 0.398537),
        (5.625, false, 2.08517, 0.915899),
        (6.0, false, 2.216727, 1.697838),
        (6.5, false, 2.790565, 1.806202),
        (6.625, true, 1.448399, 1.155022),
        (6.875, false, 1.769938, 0.517122),
        (7.25, false, 2.008657, 1.180849),
        (7.75, false, 2.069128, 1.185178),
        (7.875, false, 2.069456, 0.443819),
        (8.125, false, 2.085177, 0.961183),
        (8.5, false, 2.216733, 1.743124),
        (9.0, false, 2.790569, 1.851491),
        (9.125, false, 3.036426, 1.200312),
        (9.375, false, 3.68383, 0.959418),
    ];

    #[test]
    fn the_rate_is_that_of_botocore_after_every_response() {
        let mut limiter = RateLimiter::default();
        assert_eq!(limiter.acquire(Duration::from_millis(250)), Duration::ZERO);
        for (seconds, throttled, rate, tokens) in ANSWERS {
            let now = Duration::from_secs_f64(seconds);
            limiter.record(now, throttled);
            assert!(
                (limiter.fill_rate - rate).abs() < 1e-5 && (limiter.tokens - tokens).abs() < 1e-5,
                "at {seconds}: {rate} and {tokens} expected, {limiter:?}"
            );
            let enough = limiter.enabled && limiter.tokens >= 1.0;
            assert_eq!(
                enough || !limiter.enabled,
                limiter.acquire(now).is_zero(),
                "at {seconds}"
            );
        }
    }

    #[test]
    fn a_wait_ends_with_a_token_and_the_bucket_is_never_below_empty() {
        let mut limiter = RateLimiter::default();
        limiter.record(Duration::from_secs(1), true);
        let mut now = Duration::from_secs(1);
        for _ in 0..10 {
            let wait = limiter.acquire(now);
            assert!(
                wait > Duration::ZERO && wait <= Duration::from_millis(2_001),
                "{wait:?}"
            );
            assert!(
                limiter.acquire(now) > Duration::ZERO,
                "waiting takes no token"
            );
            now += wait;
            assert_eq!(limiter.acquire(now), Duration::ZERO);
            assert!(limiter.tokens >= 0.0);
        }
    }
}
