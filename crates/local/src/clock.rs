//! The clock of the services: the system's, or one that a test sets.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use attache_runtime::{TimeSource, Timestamp};

/// The time for signatures, links, attachment sets and scans.
///
/// It is cheap to clone, and clones share their time. It is a [`TimeSource`]: pass a clone to the configuration of a
/// client, so that client and server have the same time.
///
/// ```
/// use std::time::Duration;
/// use attache_local::Clock;
///
/// let clock = Clock::fixed("2026-01-01T00:00:00Z".parse()?);
/// clock.advance(Duration::from_secs(3600));
/// assert_eq!(clock.now().to_string(), "2026-01-01T01:00:00Z");
/// # Ok::<(), attache_runtime::timestamp::TimestampError>(())
/// ```
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    /// The fixed time; without it, the system's clock is used.
    base: Option<Timestamp>,
    advanced: Mutex<Duration>,
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Clock {
    /// The system's clock. It can be advanced, too.
    pub fn system() -> Self {
        Self::new(None)
    }

    /// A clock that is fixed until it is advanced.
    pub fn fixed(time: Timestamp) -> Self {
        Self::new(Some(time))
    }

    fn new(base: Option<Timestamp>) -> Self {
        Self(Arc::new(Inner {
            base,
            advanced: Mutex::new(Duration::ZERO),
        }))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let mut advanced = self.advanced();
        *advanced = advanced.saturating_add(by);
    }

    /// The time, in whole milliseconds, as the services show it.
    pub fn now(&self) -> Timestamp {
        let base = self.0.base.unwrap_or_else(Timestamp::now);
        let now = after(base, *self.advanced());
        let nanoseconds = now.subsecond_nanoseconds() / 1_000_000 * 1_000_000;
        Timestamp::from_epoch(now.epoch_seconds(), nanoseconds).unwrap_or(now)
    }

    /// How far the clock was advanced.
    pub(crate) fn position(&self) -> Duration {
        *self.advanced()
    }

    /// Sets how far the clock is advanced.
    pub(crate) fn set_position(&self, position: Duration) {
        *self.advanced() = position;
    }

    fn advanced(&self) -> std::sync::MutexGuard<'_, Duration> {
        self.0
            .advanced
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl TimeSource for Clock {
    fn now(&self) -> Timestamp {
        Clock::now(self)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Clock").field(&self.now()).finish()
    }
}

/// The time after a duration, at most the last representable one in the year 9999.
pub(crate) fn after(time: Timestamp, by: Duration) -> Timestamp {
    let nanoseconds = time.subsecond_nanoseconds() + by.subsec_nanos();
    let seconds = i64::try_from(by.as_secs())
        .unwrap_or(i64::MAX)
        .saturating_add(time.epoch_seconds())
        .saturating_add(i64::from(nanoseconds / 1_000_000_000));
    Timestamp::from_epoch(seconds, nanoseconds % 1_000_000_000)
        .or_else(|_| Timestamp::from_epoch_seconds(253_402_300_799))
        .unwrap_or(time)
}

/// How many milliseconds the first time is after the second; negative if it is before.
pub(crate) fn milliseconds_between(later: Timestamp, earlier: Timestamp) -> i64 {
    let milliseconds = |time: Timestamp| {
        time.epoch_seconds() * 1000 + i64::from(time.subsecond_nanoseconds() / 1_000_000)
    };
    milliseconds(later) - milliseconds(earlier)
}
