//! The source of the current time.

use std::fmt;

use crate::Timestamp;

/// The source of the current time.
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

/// A fixed clock.
impl TimeSource for Timestamp {
    fn now(&self) -> Timestamp {
        *self
    }
}
