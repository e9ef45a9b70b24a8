//! How an attempt to send or to fetch failed, and what may be done about it.

use attache_runtime::plumbing::causes::causes;
use attache_runtime::transport::TransportError;
use http::StatusCode;

use crate::error::{Error, ErrorKind};
use crate::plumbing::presigned::Purpose;

/// How an attempt failed.
pub enum Failed {
    /// Another attempt may succeed. It is unknown whether this one did.
    Passing(Error),
    /// The storage refused this attempt, and another one may succeed.
    Refused(Error),
    /// The URL is not valid any more, or never was.
    Expired(Error),
    /// The storage has an object already, and the request was to create one.
    Exists(Error),
    /// What has arrived is of no use. Another attempt may succeed from the first byte on.
    Restart(Error),
    /// No attempt will succeed.
    Final(Error),
}

impl Failed {
    pub fn into_error(self) -> Error {
        match self {
            Self::Passing(error)
            | Self::Refused(error)
            | Self::Expired(error)
            | Self::Exists(error)
            | Self::Restart(error)
            | Self::Final(error) => error,
        }
    }

    pub fn map(self, change: impl FnOnce(Error) -> Error) -> Self {
        match self {
            Self::Passing(error) => Self::Passing(change(error)),
            Self::Refused(error) => Self::Refused(change(error)),
            Self::Expired(error) => Self::Expired(change(error)),
            Self::Exists(error) => Self::Exists(change(error)),
            Self::Restart(error) => Self::Restart(change(error)),
            Self::Final(error) => Self::Final(change(error)),
        }
    }
}

/// What a status other than 200 means (S3 API reference, "Error responses").
pub fn sorted(status: StatusCode, code: Option<&str>, purpose: Purpose) -> Failed {
    let named = code.map_or_else(String::new, |code| format!(" ({code})"));
    let error = Error::new(
        ErrorKind::Transfer,
        format!("the response to a presigned URL was {status}{named}"),
    )
    .caused_by(code.map_or_else(|| status.as_str().to_owned(), str::to_owned));
    match status {
        StatusCode::FORBIDDEN => Failed::Expired(error),
        StatusCode::BAD_REQUEST if code == Some("ExpiredToken") => Failed::Expired(error),
        StatusCode::BAD_REQUEST if matches!(code, Some("RequestTimeout" | "IncompleteBody")) => {
            Failed::Refused(error)
        }
        StatusCode::PRECONDITION_FAILED if purpose == Purpose::Creation => Failed::Exists(error),
        StatusCode::PRECONDITION_FAILED if purpose == Purpose::Continuation => {
            Failed::Final(changed())
        }
        StatusCode::RANGE_NOT_SATISFIABLE if purpose == Purpose::Continuation => {
            Failed::Restart(error)
        }
        // Another request for the same object is under way (`ConditionalRequestConflict`, `OperationAborted`).
        StatusCode::CONFLICT | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            Failed::Refused(error)
        }
        status if status.is_server_error() || status.is_success() => Failed::Passing(error),
        _ => Failed::Final(error),
    }
}

/// The storage has another content now than that of which a part has arrived.
pub fn changed() -> Error {
    Error::new(
        ErrorKind::Changed,
        "the attachment changed while it was downloaded; what has arrived is of no use, so begin again",
    )
}

/// Whether a transport repeats the presigned URL, of which the path is confidential, too.
pub fn names_url(error: &TransportError) -> bool {
    causes(Some(error)).any(|cause| cause.to_string().contains("://"))
}
