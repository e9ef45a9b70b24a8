//! Timestamps of the Smithy `timestamp` shape.
//!
//! This crate has its own type, so that neither the wire formats (Smithy has three) nor a date library is visible in the
//! types of a generated client. The features `chrono`, `jiff` and `time` add conversions to and from the
//! types of those libraries.

mod calendar;
mod convert;
mod format;
mod parse;
#[cfg(feature = "serde")]
mod serde;
mod tolerant;

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::SystemTime;

use crate::plumbing::causes;

/// A moment in UTC, to the nanosecond, in the years 0001 to 9999.
///
/// The range is what RFC 3339 can print. `Display` and `Debug` print RFC 3339 with a `Z`; [`FromStr`] reads it.
///
/// ```
/// use attache_runtime::timestamp::{Timestamp, TimestampFormat};
///
/// let moment: Timestamp = "1985-04-12T23:20:50.52Z".parse()?;
/// assert_eq!(moment.epoch_seconds(), 482_196_050);
/// assert_eq!(moment.format(TimestampFormat::EpochSeconds), "482196050.52");
/// # Ok::<(), attache_runtime::timestamp::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    // In the order of their significance: the comparison is derived.
    /// The number of the day: 1 is 0001-01-01. An `Option` of a timestamp needs no more memory.
    day: NonZeroU32,
    /// The second of the day, less than 86,400.
    second: u32,
    /// The nanosecond of the second, less than 1,000,000,000.
    nanosecond: u32,
}

/// The number of the day 1970-01-01.
const DAY_OF_EPOCH: i64 = 719_163;
/// The number of the day 9999-12-31.
const LAST_DAY: i64 = 3_652_059;
const SECONDS_OF_DAY: i64 = 86_400;

/// How a [`Timestamp`] is written, as the Smithy trait `timestampFormat` says
/// (Smithy 2.0, "Serialization and Protocol traits", section "Timestamp formats").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimestampFormat {
    /// `date-time`: RFC 3339 section 5.6, `1985-04-12T23:20:50.52Z`.
    ///
    /// Printed in UTC with up to 9 fraction digits, none if they are zero. Parsed with any offset, with a
    /// lower-case `t` or `z`, and with any number of fraction digits, of which 9 count.
    DateTime,
    /// `http-date`: the IMF-fixdate of RFC 9110 section 5.6.7, `Tue, 29 Apr 2014 18:30:38 GMT`.
    ///
    /// Printed in whole seconds (the rest is cut off), which is all that the grammar permits. Parsed with a fraction as
    /// well, because older versions of the Smithy specification required that.
    HttpDate,
    /// `epoch-seconds`: seconds since 1970-01-01T00:00:00Z, `1515531081.1234`.
    ///
    /// Printed with up to 9 fraction digits, none if they are zero. Parsed with exponents too (`1.5e9`).
    EpochSeconds,
}

impl TimestampFormat {
    /// Its name in the Smithy trait `timestampFormat`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DateTime => "date-time",
            Self::HttpDate => "http-date",
            Self::EpochSeconds => "epoch-seconds",
        }
    }
}

impl fmt::Display for TimestampFormat {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The epoch, 1970-01-01T00:00:00Z: the default for a required timestamp that a response lacks.
impl Default for Timestamp {
    fn default() -> Self {
        Self::UNIX_EPOCH
    }
}

impl Timestamp {
    /// The earliest: 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self {
        day: NonZeroU32::MIN,
        second: 0,
        nanosecond: 0,
    };
    /// The latest: 9999-12-31T23:59:59.999999999Z.
    pub const MAX: Self = Self::constant(253_402_300_799, 999_999_999);
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self::constant(0, 0);

    #[inline]
    const fn constant(seconds: i64, nanoseconds: u32) -> Self {
        match Self::at(seconds, nanoseconds) {
            Some(moment) => moment,
            None => panic!("the year is in 0001..=9999"),
        }
    }

    /// `None` if the year is not in 0001..=9999. The nanoseconds are less than a second.
    const fn at(seconds: i64, nanosecond: u32) -> Option<Self> {
        let day = seconds.div_euclid(SECONDS_OF_DAY) + DAY_OF_EPOCH;
        if day < 1 || day > LAST_DAY {
            return None;
        }
        match NonZeroU32::new(day as u32) {
            Some(day) => Some(Self {
                day,
                second: seconds.rem_euclid(SECONDS_OF_DAY) as u32,
                nanosecond,
            }),
            None => None,
        }
    }

    /// The moment `seconds` after 1970-01-01T00:00:00Z (before it, if negative).
    ///
    /// # Errors
    /// When the year is not in 0001..=9999.
    pub fn from_epoch_seconds(seconds: i64) -> Result<Self, TimestampError> {
        Self::from_epoch(seconds, 0)
    }

    /// The moment `seconds` and then `nanoseconds` after 1970-01-01T00:00:00Z.
    ///
    /// The nanoseconds always count forwards: half a second before the epoch is `(-1, 500_000_000)`.
    ///
    /// # Errors
    /// When the year is not in 0001..=9999, or `nanoseconds` is more than 999,999,999.
    #[inline(never)]
    pub fn from_epoch(seconds: i64, nanoseconds: u32) -> Result<Self, TimestampError> {
        if nanoseconds > 999_999_999 {
            return Err(TimestampError::nanoseconds());
        }
        Self::at(seconds, nanoseconds).ok_or_else(TimestampError::range)
    }

    /// The time of the system clock.
    ///
    /// A time outside the years 0001 to 9999 becomes [`MAX`](Self::MAX).
    pub fn now() -> Self {
        Self::try_from(SystemTime::now()).unwrap_or(Self::MAX)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded towards the past.
    pub fn epoch_seconds(self) -> i64 {
        (i64::from(self.day.get()) - DAY_OF_EPOCH) * SECONDS_OF_DAY + i64::from(self.second)
    }

    /// Nanoseconds since the whole second, 0 to 999,999,999.
    pub fn subsecond_nanoseconds(self) -> u32 {
        self.nanosecond
    }

    /// Reads a moment that is written in `format`, and in no other.
    ///
    /// # Errors
    /// When the text is not in that format, or the year is not in 0001..=9999. The error does not repeat the
    /// text.
    #[inline(never)]
    pub fn parse(text: &str, format: TimestampFormat) -> Result<Self, TimestampError> {
        match format {
            TimestampFormat::DateTime => parse::date_time(text),
            TimestampFormat::HttpDate => parse::http_date(text),
            TimestampFormat::EpochSeconds => parse::epoch_seconds(text),
        }
    }

    /// Reads a time in any form that services write, as responses are read: the three formats, ISO 8601 with less or
    /// without a zone (which is UTC then), `Mon Aug 04 00:25:20 UTC 2025`, and any other form with an unambiguous year,
    /// month and day. Nothing is guessed: a year of two digits, `05/06/2023` and zones such as `PST` are refused.
    ///
    /// ```
    /// use attache_runtime::Timestamp;
    ///
    /// let moment = Timestamp::parse_any("Mon Aug 04 00:25:20 UTC 2025")?;
    /// assert_eq!(moment.to_string(), "2025-08-04T00:25:20Z");
    /// assert_eq!(Timestamp::parse_any("2025-08-04T00:25")?.to_string(), "2025-08-04T00:25:00Z");
    /// # Ok::<(), attache_runtime::timestamp::TimestampError>(())
    /// ```
    ///
    /// # Errors
    /// When the text is in no such form, or is outside the years 0001 to 9999. The error does not repeat the text.
    pub fn parse_any(text: &str) -> Result<Self, TimestampError> {
        [
            TimestampFormat::DateTime,
            TimestampFormat::EpochSeconds,
            TimestampFormat::HttpDate,
        ]
        .iter()
        .find_map(|format| Self::parse(text.trim(), *format).ok())
        .map_or_else(|| tolerant::read(text), Ok)
    }

    /// The same for a text that names its zone, and is no number.
    #[inline(never)]
    pub(crate) fn parse_zoned(text: &str) -> Result<Self, TimestampError> {
        [TimestampFormat::DateTime, TimestampFormat::HttpDate]
            .iter()
            .find_map(|format| Self::parse(text.trim(), *format).ok())
            .map_or_else(|| tolerant::read_zoned(text), Ok)
    }

    /// The same as [`parse_any`](Self::parse_any) for a text that should be in `format`, which the error names unless
    /// it has a more specific reason.
    pub(crate) fn parse_expecting(
        text: &str,
        format: TimestampFormat,
    ) -> Result<Self, TimestampError> {
        Self::parse(text, format).or_else(|expected| {
            Self::parse_any(text).map_err(|error| {
                if error == TimestampError::unknown() {
                    expected
                } else {
                    error
                }
            })
        })
    }

    /// Writes the moment in `format`; [`parse`](Self::parse) reads it back.
    #[inline(never)]
    pub fn format(self, format: TimestampFormat) -> String {
        match format {
            TimestampFormat::DateTime => format::date_time(self),
            TimestampFormat::HttpDate => format::http_date(self),
            TimestampFormat::EpochSeconds => format::epoch_seconds(self),
        }
    }

    /// `YYYYMMDD'T'HHMMSS'Z'`, the form of dates in Signature Version 4.
    pub(crate) fn format_basic(self) -> String {
        format::basic(self)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.format(TimestampFormat::DateTime))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Reads the `date-time` format.
impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        Self::parse(text, TimestampFormat::DateTime)
    }
}

/// The error of an invalid [`Timestamp`]. It says what was expected, but not what was found, which may be confidential.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TimestampError(&'static str);

impl TimestampError {
    pub(crate) const fn syntax(format: TimestampFormat) -> Self {
        Self(match format {
            TimestampFormat::DateTime => "expected a date-time such as 1985-04-12T23:20:50.52Z",
            TimestampFormat::HttpDate => {
                "expected an http-date such as Tue, 29 Apr 2014 18:30:38 GMT"
            }
            TimestampFormat::EpochSeconds => "expected epoch-seconds such as 1515531081.1234",
        })
    }

    const fn unknown() -> Self {
        Self("expected a time such as 1985-04-12T23:20:50.52Z")
    }

    const fn calendar() -> Self {
        Self("the date or the time of day does not exist")
    }

    const fn range() -> Self {
        Self("the year is not in 0001..=9999")
    }

    const fn nanoseconds() -> Self {
        Self("the nanoseconds are not in 0..=999999999")
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("invalid timestamp: ")?;
        formatter.write_str(self.0)
    }
}

impl fmt::Debug for TimestampError {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_tuple("TimestampError")
                .field(&self.0)
                .finish()
        })
    }
}

impl std::error::Error for TimestampError {}
