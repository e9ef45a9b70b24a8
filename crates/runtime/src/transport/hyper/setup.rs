//! Errors of the transport's settings, which retries cannot fix.

use std::error::Error;
use std::fmt;

use crate::body::BoxError;
use crate::transport::TransportErrorKind;

/// The transport cannot open the connection with its settings.
#[derive(Debug)]
pub(super) struct SetupError {
    message: String,
    source: Option<BoxError>,
}

impl SetupError {
    #[inline(never)]
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    #[cfg(any(
        feature = "rustls-ring",
        feature = "rustls-aws-lc-rs",
        feature = "native-tls"
    ))]
    #[inline(never)]
    pub(super) fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for SetupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

/// The kind of a failure to open a connection.
#[inline(never)]
pub(super) fn kind(error: &(dyn Error + 'static)) -> TransportErrorKind {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<SetupError>() {
            return TransportErrorKind::Setup;
        }
        cause = error.source();
    }
    TransportErrorKind::Connect
}
