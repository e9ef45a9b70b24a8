//! Snapshots of a server, which tests can return to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use attache_runtime::plumbing::causes;

use crate::fault::Waiting;
use crate::store::Hold;
use crate::tenants::Tenants;

/// The state of a server at one moment: see [`Local::snapshot`](crate::Local::snapshot).
///
/// It is cheap to clone. While it or a clone exists, files that it contains are kept, also if the server no longer needs
/// them.
#[derive(Clone)]
pub struct Snapshot(pub(crate) Arc<State>);

/// What a snapshot contains.
pub(crate) struct State {
    pub(crate) tenants: Tenants,
    /// Keeps the files of the tenants.
    pub(crate) files: Hold,
    /// How far the clock was advanced.
    pub(crate) advanced: Duration,
    pub(crate) faults: Waiting,
    /// How many requests had been listed.
    pub(crate) requests: u64,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

/// The error of a snapshot that cannot be restored. The server has not changed.
#[derive(Clone, PartialEq, Eq)]
pub struct RestoreError(pub(crate) String);

impl fmt::Display for RestoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for RestoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_tuple("RestoreError")
                .field(&self.0)
                .finish()
        })
    }
}

impl std::error::Error for RestoreError {}
