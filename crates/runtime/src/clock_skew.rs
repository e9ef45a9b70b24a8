//! The difference between the clocks of this machine and of the service, and when to sign with the service's clock.
//!
//! A signature is valid for minutes only, so all calls of a machine with a wrong clock would fail. Each response
//! contains the service's time in `Date`. If the service refuses a signature and the clocks differ by minutes, the
//! client stores the difference, and signs and sends the request again. Rules and numbers: aws-runtime 1.10
//! (`service_clock_skew.rs`).

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use http::HeaderMap;

use crate::headers;
use crate::timestamp::{Timestamp, TimestampFormat};

/// Errors that a wrong clock causes, among other things.
const CODES: [&str; 5] = [
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "AuthFailure",
    "RequestTimeTooSkewed",
    "AccessDeniedException",
];
/// A difference that explains such an error, in milliseconds.
const THRESHOLD: i64 = 4 * 60 * 1_000;
/// A response that took longer is too imprecise to measure the difference.
const LONGEST_ROUND_TRIP: Duration = Duration::from_secs(15 * 60);
/// No difference was measured yet.
const UNKNOWN: i64 = i64::MIN;

/// The clocks of one client and its clones. Differences are in milliseconds; positive where the service is ahead.
#[derive(Debug)]
pub(crate) struct ClockSkew {
    measured: AtomicI64,
    correction: AtomicI64,
    corrects: bool,
}

impl ClockSkew {
    pub(crate) fn new(corrects: bool) -> Self {
        Self {
            measured: AtomicI64::new(UNKNOWN),
            correction: AtomicI64::new(0),
            corrects,
        }
    }

    /// The difference to sign with.
    pub(crate) fn correction(&self) -> i64 {
        self.correction.load(Ordering::Relaxed)
    }

    /// The time of the service, if a response contained it.
    pub(crate) fn service_time(&self, now: Timestamp) -> Option<Timestamp> {
        match self.measured.load(Ordering::Relaxed) {
            UNKNOWN => None,
            skew => shift(now, skew),
        }
    }

    /// Measures the difference between the `Date` of a response and the middle between sending and receiving. A cached
    /// response (with `Age`) has no current time.
    pub(crate) fn observe(
        &self,
        headers: &HeaderMap,
        received: Timestamp,
        round_trip: Duration,
    ) -> Option<i64> {
        if headers::has(headers, &http::header::AGE) || round_trip > LONGEST_ROUND_TRIP {
            return None;
        }
        let date = headers::get(headers, &http::header::DATE)?.to_str().ok()?;
        let date = Timestamp::parse(date, TimestampFormat::HttpDate).ok()?;
        let half = i64::try_from(round_trip.as_millis() / 2).ok()?;
        let skew = milliseconds(date)? - (milliseconds(received)? - half);
        self.measured.store(skew, Ordering::Relaxed);
        Some(skew)
    }

    /// The difference that explains a refusal, if one does. Later requests are signed with it. `signed_with` is what the
    /// refused request was signed with.
    pub(crate) fn correct(
        &self,
        code: Option<&str>,
        skew: Option<i64>,
        signed_with: i64,
    ) -> Option<i64> {
        let (code, skew) = (code?, skew?);
        let explains = CODES.contains(&code) && (skew - signed_with).abs() >= THRESHOLD;
        if !explains || !self.corrects {
            return None;
        }
        self.correction.store(skew, Ordering::Relaxed);
        Some(skew)
    }
}

/// Shifts a time; `None` if the result is outside the range of a timestamp.
pub(crate) fn shift(time: Timestamp, milliseconds: i64) -> Option<Timestamp> {
    let nanoseconds = i128::from(time.epoch_seconds()) * 1_000_000_000
        + i128::from(time.subsecond_nanoseconds())
        + i128::from(milliseconds) * 1_000_000;
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok()?;
    let rest = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).ok()?;
    Timestamp::from_epoch(seconds, rest).ok()
}

fn milliseconds(time: Timestamp) -> Option<i64> {
    time.epoch_seconds()
        .checked_mul(1_000)?
        .checked_add(i64::from(time.subsecond_nanoseconds() / 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn answer(date: &'static str, age: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::DATE, http::HeaderValue::from_static(date));
        if age {
            headers.insert(http::header::AGE, http::HeaderValue::from_static("1"));
        }
        headers
    }

    #[test]
    fn skew_is_measured_against_the_middle_of_the_round_trip() {
        let skew = ClockSkew::new(true);
        let headers = answer("Sun, 22 Nov 2026 12:10:00 GMT", false);
        let received = at("2026-11-22T12:00:10Z");
        let measured = skew.observe(&headers, received, Duration::from_secs(20));
        assert_eq!(measured, Some(600_000));
        assert_eq!(skew.correction(), 0, "a measurement alone changes nothing");
        assert_eq!(
            skew.service_time(received),
            Some(at("2026-11-22T12:10:10Z"))
        );
    }

    #[test]
    fn cached_slow_and_unreadable_responses_are_not_measured() {
        let skew = ClockSkew::new(true);
        let now = at("2026-11-22T12:00:00Z");
        let date = "Sun, 22 Nov 2026 12:10:00 GMT";
        let second = Duration::from_secs(1);
        assert_eq!(skew.observe(&answer(date, true), now, second), None);
        assert_eq!(skew.observe(&answer(date, false), now, second * 901), None);
        assert_eq!(skew.observe(&answer("yesterday", false), now, second), None);
        assert_eq!(skew.service_time(now), None);
    }

    #[test]
    fn only_a_refused_signature_and_four_minutes_correct_the_clock() {
        let four_minutes = Some(THRESHOLD);
        let corrects = |code, skew, signed_with| {
            ClockSkew::new(true)
                .correct(code, skew, signed_with)
                .is_some()
        };
        for code in CODES {
            assert!(corrects(Some(code), four_minutes, 0), "{code}");
            assert!(corrects(Some(code), Some(-THRESHOLD), 0), "{code}");
            assert!(!corrects(Some(code), Some(THRESHOLD - 1), 0), "{code}");
        }
        assert!(!corrects(Some("ValidationException"), four_minutes, 0));
        assert!(!corrects(Some(CODES[0]), None, 0));
        assert!(
            !corrects(Some(CODES[0]), four_minutes, THRESHOLD),
            "signed by it already"
        );
        assert_eq!(
            ClockSkew::new(false).correct(Some(CODES[0]), four_minutes, 0),
            None
        );
    }
}
