//! Why a workflow did not reach its end.

use std::fmt;

use attache_runtime::BoxError;
use attache_runtime::plumbing::safe_line::safe_line;

/// What kind of failure it is, which says who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file cannot be sent: it is not there, is no file, is empty, too large, or its name does not suit the service.
    /// Nothing was sent.
    Source,
    /// The file is not the one any more that the upload began with.
    Changed,
    /// A setting of the workflow is wrong. Nothing was sent.
    Settings,
    /// A saved state was changed, or is that of another upload. Nothing was sent.
    State,
    /// The place to download to cannot be used, or something is there already.
    Target,
    /// A call of the service failed. [`std::error::Error::source`] is the client's error.
    Service,
    /// Sending or fetching the content failed, after all attempts.
    Transfer,
    /// The case has another file under this name and this URL. It is not replaced.
    Conflict,
    /// The service got the file and does not take it: the upload failed, or the scan found something.
    Rejected,
    /// The service did not finish with the file in time. It may still.
    Timeout,
}

/// Why a workflow did not reach its end. `Display` says everything, and holds no URL.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<BoxError>,
    may_have_arrived: bool,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
            may_have_arrived: false,
        }
    }

    /// The bytes left, and nobody knows whether they arrived.
    pub(crate) fn perhaps_arrived(mut self, perhaps: bool) -> Self {
        self.may_have_arrived |= perhaps;
        self
    }

    pub(crate) fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The failure of a call or of a waiter.
    #[cfg(any(feature = "support", feature = "security-ir"))]
    pub(crate) fn of_call<S>(error: attache_runtime::Error<S>) -> Self
    where
        S: attache_runtime::operation::ServiceError,
    {
        let (kind, message) = match error.kind() {
            attache_runtime::ErrorKind::WaitFailed => {
                (ErrorKind::Rejected, "the service does not take the file")
            }
            attache_runtime::ErrorKind::WaitTimeout => (
                ErrorKind::Timeout,
                "the service has not finished with the file in time",
            ),
            _ => (ErrorKind::Service, "a call failed"),
        };
        Self::new(kind, message).because(error)
    }

    /// Whether the file may be in the case although the upload failed: all of it was sent, and no answer said
    /// whether it arrived. Look at the case before you upload it again, or continue the same upload, which looks itself.
    ///
    /// It is `false` for AWS Support, where a file is in no case until a call refers to it.
    pub fn may_have_arrived(&self) -> bool {
        self.may_have_arrived
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files and codes of the storage may be anybody's.
        write!(formatter, "{}", safe_line(&self.message))?;
        // The client's errors show their own causes.
        if let Some(source) = &self.source {
            write!(formatter, ": {}", safe_line(&source.to_string()))?;
        }
        if self.may_have_arrived {
            formatter.write_str("; the upload may have arrived")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}
