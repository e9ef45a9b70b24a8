//! Where a client gets the time from.

use std::fmt;

use crate::Timestamp;

/// Where a client gets the time from.
pub trait TimeSource: fmt::Debug + Send + Sync {
    /// The time now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The clock of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemTimeSource;

impl TimeSource for SystemTimeSource {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still.
impl TimeSource for Timestamp {
    fn now(&self) -> Timestamp {
        *self
    }
}
