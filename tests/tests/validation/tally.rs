//! How many requests a test judged, and how they were judged.

use std::cell::Cell;
use std::fmt;

use crate::dispatch::{LEVELS, Verdict};

/// The requests of one operation in one test.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    requests: Cell<u64>,
    refused: [Cell<u64>; 4],
}

impl Tally {
    /// Counts one request with its verdict at each level.
    pub(crate) fn count(&self, verdicts: &[Verdict; 4]) {
        self.requests.set(self.requests.get() + 1);
        for (refused, verdict) in self.refused.iter().zip(verdicts) {
            refused.set(refused.get() + u64::from(!verdict.is_empty()));
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} requests, refused", self.requests.get())?;
        for (level, refused) in LEVELS.iter().zip(&self.refused).skip(1) {
            write!(formatter, " {level} {}", refused.get())?;
        }
        Ok(())
    }
}
