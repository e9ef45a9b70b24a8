//! How patient and how busy a workflow is.

use std::fmt;
use std::time::Duration;

use crate::progress::{Listener, Progress};

/// The settings of a workflow.
///
/// ```
/// use attache_evidence::Settings;
///
/// let settings = Settings::default()
///     .parallel_parts(2)
///     .on_progress(|progress| println!("{} of {}", progress.bytes, progress.total_bytes));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Settings {
    /// How many parts are on their way at the same time: 4.
    pub parallel_parts: usize,
    /// How often a part, or a download, is tried: 5 times.
    pub attempts: u32,
    /// How long a transfer may stand still: 60 seconds.
    pub stall: Duration,
    /// How long the service may work on a file after it has all bytes: 15 minutes.
    pub processing: Duration,
    pub(crate) listener: Option<Listener>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            parallel_parts: 4,
            attempts: 5,
            stall: Duration::from_secs(60),
            processing: Duration::from_secs(15 * 60),
            listener: None,
        }
    }
}

impl Settings {
    /// Sets [`parallel_parts`](Self::parallel_parts); 0 counts as 1.
    #[must_use]
    pub fn parallel_parts(mut self, parts: usize) -> Self {
        self.parallel_parts = parts.max(1);
        self
    }

    /// Sets [`attempts`](Self::attempts); 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets [`stall`](Self::stall).
    #[must_use]
    pub fn stall(mut self, limit: Duration) -> Self {
        self.stall = limit;
        self
    }

    /// Sets [`processing`](Self::processing).
    #[must_use]
    pub fn processing(mut self, limit: Duration) -> Self {
        self.processing = limit;
        self
    }

    /// Calls a function whenever bytes have moved or a part is complete. It must not block.
    #[must_use]
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(std::sync::Arc::new(listener));
        self
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("parallel_parts", &self.parallel_parts)
            .field("attempts", &self.attempts)
            .field("stall", &self.stall)
            .field("processing", &self.processing)
            .finish_non_exhaustive()
    }
}
