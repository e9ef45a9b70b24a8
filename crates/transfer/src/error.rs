//! The errors of the workflows.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;

use attache_runtime::BoxError;
use attache_runtime::plumbing::causes::{self, safe_causes};
use attache_runtime::plumbing::safe_line::safe_line;

/// The kind of a failure. It shows whether the file, the settings, the service or the network caused the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file cannot be sent: it does not exist, is not a regular file, is empty or too large, or the service does
    /// not accept its name. Nothing was sent.
    Source,
    /// The content of the file is no longer the one with which the upload began.
    Changed,
    /// A setting of the workflow is wrong, or there is no runtime of Tokio, on whose threads files are read and
    /// written. Nothing was sent.
    Settings,
    /// A saved state was changed, or belongs to another upload, and nothing was sent; or the file of a state cannot be
    /// read or written, or another process uses it.
    State,
    /// The target of a download cannot be used, or it exists already.
    Target,
    /// A call of the service failed. [`std::error::Error::source`] is the client's error.
    Service,
    /// Sending or fetching the content failed, after all attempts.
    Transfer,
    /// The case has another file under this name and this URL. It is not replaced.
    Conflict,
    /// The service received the file and rejected it: the upload failed, or the scan found something.
    Rejected,
    /// The service did not finish processing the file in time. It may still finish.
    Timeout,
}

impl ErrorKind {
    /// The name of the kind in events.
    pub(crate) fn name(self) -> String {
        format!("{self:?}").to_ascii_lowercase()
    }
}

/// The error of a workflow.
///
/// `{}` shows what failed, `{:#}` also all causes in one line, `{:?}` the causes with a line for each, and `{:#?}` the
/// fields. None of them shows the query of a URL.
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    may_have_arrived: bool,
    /// A code or a status of the storage, or another short name of the cause.
    cause: Option<String>,
}

impl Error {
    #[doc(hidden)]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
            may_have_arrived: false,
            cause: None,
        }
    }

    /// A short name of the cause, for events.
    #[doc(hidden)]
    pub fn caused_by(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The short name of the cause, or of the kind.
    pub(crate) fn cause(&self) -> String {
        self.cause.clone().unwrap_or_else(|| self.kind.name())
    }

    /// The same failure, for another file that was sent in the same call.
    #[doc(hidden)]
    pub fn again(&self) -> Self {
        Self {
            kind: self.kind,
            message: self.message.clone(),
            source: self.source.clone(),
            may_have_arrived: self.may_have_arrived,
            cause: self.cause.clone(),
        }
    }

    /// The bytes were sent, and it is unknown whether they arrived.
    #[doc(hidden)]
    pub fn perhaps_arrived(mut self, perhaps: bool) -> Self {
        self.may_have_arrived |= perhaps;
        self
    }

    #[doc(hidden)]
    pub fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(safe_causes(source).into());
        self
    }

    /// The same failure with another message.
    #[doc(hidden)]
    pub fn saying(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// The failure of a call or of a waiter.
    #[doc(hidden)]
    pub fn of_call<S>(error: attache_runtime::Error<S>) -> Self
    where
        S: attache_runtime::operation::ServiceError,
    {
        let (kind, message) = match error.kind() {
            attache_runtime::ErrorKind::WaitFailed => {
                (ErrorKind::Rejected, "the service rejects the file")
            }
            attache_runtime::ErrorKind::WaitTimeout => (
                ErrorKind::Timeout,
                "the service has not finished with the file in time",
            ),
            _ => (ErrorKind::Service, "a call failed"),
        };
        Self::new(kind, message).because(error)
    }

    /// Whether the file may be in the case although the upload failed: all of it was sent, and no response confirmed
    /// that it arrived. Check the case before you upload the file again, or continue the same upload, which checks the
    /// case itself.
    ///
    /// It is `false` for AWS Support, because there a file is in no case until a call refers to it.
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
        // Names of files and error codes of the storage come from outside.
        let message = safe_line(&self.message);
        let remark = if self.may_have_arrived {
            "; the upload may have arrived"
        } else {
            ""
        };
        causes::display(formatter, format_args!("{message}{remark}"), self.source())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_struct("Error")
                .field("kind", &self.kind)
                .field("message", &safe_line(&self.message))
                .field("may_have_arrived", &self.may_have_arrived)
                .field("source", &self.source)
                .finish()
        })
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
