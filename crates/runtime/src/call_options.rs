//! Settings of one call, which take precedence over those of the client.
//!
//! They are in one structure, so that the builder of an operation needs only one method for them, and so that the same
//! settings can be used for many calls.

use std::time::Duration;

use crate::validation::Level;

/// The settings of one call. A setting that is `None` is taken from the client.
///
/// ```
/// use std::time::Duration;
/// use attache_runtime::CallOptions;
///
/// let hurried = CallOptions::default()
///     .operation_timeout(Duration::from_secs(2))
///     .max_attempts(1);
/// assert_eq!(hurried.max_attempts, Some(1));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CallOptions {
    /// How long the call may take, all attempts and the pauses between them included. [`Duration::MAX`] means no limit.
    pub operation_timeout: Option<Duration>,
    /// How long one attempt may take, until its body is read, or, for a streaming response, until its head has arrived.
    /// [`Duration::MAX`] means no limit.
    pub attempt_timeout: Option<Duration>,
    /// How often the request is sent at most. 1 means no retries; 0 counts as 1.
    pub max_attempts: Option<u32>,
    /// Whether a request may be sent again although the service may have acted on it already, and acting twice makes
    /// a difference.
    pub retry_ambiguous: Option<bool>,
    /// Which constraints are checked before the request is sent. See [`validation`](crate::validation).
    pub validation: Option<Level>,
    /// The name of the feature that makes the call for the user, for the `User-Agent`.
    pub(crate) feature: Option<Feature>,
}

/// A part of a client that calls operations for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feature {
    Waiter,
    Paginator,
}

impl CallOptions {
    /// Sets [`operation_timeout`](Self::operation_timeout).
    #[must_use]
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.operation_timeout = Some(timeout);
        self
    }

    /// Sets [`attempt_timeout`](Self::attempt_timeout).
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets [`max_attempts`](Self::max_attempts).
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts);
        self
    }

    /// Sets [`validation`](Self::validation).
    #[must_use]
    pub fn validation(mut self, level: Level) -> Self {
        self.validation = Some(level);
        self
    }

    /// Sets [`retry_ambiguous`](Self::retry_ambiguous).
    #[must_use]
    pub fn retry_ambiguous(mut self, allow: bool) -> Self {
        self.retry_ambiguous = Some(allow);
        self
    }
}
