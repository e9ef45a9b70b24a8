//! Timestamps to and from the types of the standard library and of other date libraries.

use std::time::{Duration, SystemTime};

use super::{Timestamp, TimestampError};

/// Fails when the year is not in 0001..=9999.
impl TryFrom<SystemTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: SystemTime) -> Result<Self, TimestampError> {
        let nanoseconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()),
            Err(error) => i128::try_from(error.duration().as_nanos()).map(|before| -before),
        };
        from_epoch_nanoseconds(nanoseconds.map_err(|_| TimestampError::range())?)
    }
}

#[inline(never)]
pub(super) fn from_epoch_nanoseconds(nanoseconds: i128) -> Result<Timestamp, TimestampError> {
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000));
    let rest = nanoseconds.rem_euclid(1_000_000_000) as u32;
    Timestamp::from_epoch(seconds.map_err(|_| TimestampError::range())?, rest)
}

/// Fails when the system cannot hold the moment: some systems know no time before 1970 or 1601.
impl TryFrom<Timestamp> for SystemTime {
    type Error = TimestampError;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, TimestampError> {
        let seconds = Duration::from_secs(timestamp.epoch_seconds().unsigned_abs());
        let whole = if timestamp.epoch_seconds() < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(seconds)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(seconds)
        };
        let nanoseconds = Duration::from_nanos(u64::from(timestamp.subsecond_nanoseconds()));
        whole
            .and_then(|whole| whole.checked_add(nanoseconds))
            .ok_or(TimestampError::range())
    }
}

/// A leap second of chrono's becomes the first second of the next minute. Fails when the year is not in
/// 0001..=9999.
#[cfg(feature = "chrono")]
impl TryFrom<chrono::DateTime<chrono::Utc>> for Timestamp {
    type Error = TimestampError;

    fn try_from(moment: chrono::DateTime<chrono::Utc>) -> Result<Self, TimestampError> {
        let nanoseconds = moment.timestamp_subsec_nanos();
        let seconds = moment.timestamp() + i64::from(nanoseconds / 1_000_000_000);
        Self::from_epoch(seconds, nanoseconds % 1_000_000_000)
    }
}

#[cfg(feature = "chrono")]
impl From<Timestamp> for chrono::DateTime<chrono::Utc> {
    fn from(timestamp: Timestamp) -> Self {
        // The range of chrono holds every `Timestamp`: the sum cannot overflow.
        Self::UNIX_EPOCH
            + chrono::TimeDelta::seconds(timestamp.epoch_seconds())
            + chrono::TimeDelta::nanoseconds(i64::from(timestamp.subsecond_nanoseconds()))
    }
}

/// Fails when the year is not in 0001..=9999.
#[cfg(feature = "jiff")]
impl TryFrom<jiff::Timestamp> for Timestamp {
    type Error = TimestampError;

    fn try_from(moment: jiff::Timestamp) -> Result<Self, TimestampError> {
        from_epoch_nanoseconds(moment.as_nanosecond())
    }
}

/// Fails in the last day of the year 9999, which jiff keeps free for offsets.
#[cfg(feature = "jiff")]
impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = TimestampError;

    fn try_from(timestamp: Timestamp) -> Result<Self, TimestampError> {
        let nanoseconds = i128::from(timestamp.epoch_seconds()) * 1_000_000_000
            + i128::from(timestamp.subsecond_nanoseconds());
        Self::from_nanosecond(nanoseconds).map_err(|_| TimestampError::range())
    }
}

/// Fails when the year in UTC is not in 0001..=9999.
#[cfg(feature = "time")]
impl TryFrom<time::OffsetDateTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(moment: time::OffsetDateTime) -> Result<Self, TimestampError> {
        Self::from_epoch(moment.unix_timestamp(), moment.nanosecond())
    }
}

/// In UTC.
#[cfg(feature = "time")]
impl From<Timestamp> for time::OffsetDateTime {
    fn from(timestamp: Timestamp) -> Self {
        // The range of `time` holds every `Timestamp`: the sum cannot overflow.
        Self::UNIX_EPOCH
            + time::Duration::new(
                timestamp.epoch_seconds(),
                timestamp.subsecond_nanoseconds() as i32,
            )
    }
}
