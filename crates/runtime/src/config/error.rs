//! The error of settings.

use std::error::Error;
use std::fmt;

use crate::body::BoxError;
use crate::error::{ErrorKind, Failure};
use crate::operation::ServiceError;
use crate::plumbing::causes::{self, safe_causes};
use crate::plumbing::safe_line::safe_line;

/// Settings that cannot be used. `{}` shows the setting and its problem, `{:#}` also the causes in one line, and `{:?}`
/// the causes with a line for each.
pub struct ConfigError {
    message: String,
    source: Option<BoxError>,
}

impl ConfigError {
    /// Creates an error that names the setting and its problem.
    #[inline(never)]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// Adds the cause. If its text must not be printed as it is, the cause is replaced by a safe text.
    #[must_use]
    #[inline(never)]
    pub fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(safe_causes(source));
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::display(formatter, safe_line(&self.message), self.source())
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_struct("ConfigError")
                .field("message", &safe_line(&self.message))
                .field("source", &self.source)
                .finish()
        })
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(ErrorKind::Configuration, error)
    }
}

/// So that `?` returns it from a function that makes a configuration and calls with it.
impl<S: ServiceError> From<ConfigError> for crate::error::Error<S> {
    fn from(error: ConfigError) -> Self {
        Failure::from(error).into()
    }
}
