//! The failures, as spans and events name them: `error.type`, and words for a message.

use std::fmt;

use super::kind::kind_name;
use crate::error::{Error, ErrorKind, Failure};
use crate::formatting::write;
use crate::plumbing::safe_line::safe_name;

/// What is reported of a failure.
#[derive(Clone, Copy)]
pub(super) struct Cause<'a> {
    pub(super) kind: ErrorKind,
    pub(super) code: Option<&'a str>,
    pub(super) status: Option<u16>,
}

impl<'a> From<&'a Failure> for Cause<'a> {
    #[inline(never)]
    fn from(failure: &'a Failure) -> Self {
        Self {
            kind: failure.kind(),
            code: failure.code(),
            status: failure.status(),
        }
    }
}

impl<'a, S> From<&'a Error<S>> for Cause<'a> {
    fn from(error: &'a Error<S>) -> Self {
        Self {
            kind: error.kind(),
            code: error.code(),
            status: error.status(),
        }
    }
}

/// `error.type` of a failure: the code of the service, or the status of its response, or the kind of the failure.
///
/// No message of a service is part of it, because a message may quote the request.
pub(super) struct ErrorType<'a>(pub(super) Cause<'a>);

impl fmt::Display for ErrorType<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.kind, self.0.code, self.0.status) {
            (ErrorKind::Service, Some(code), _) => write!(formatter, "{}", safe_name(code)),
            (ErrorKind::Service, None, Some(status)) => write!(formatter, "{status}"),
            (kind, _, _) => formatter.write_str(kind_name(kind)),
        }
    }
}

/// The failure in words, to follow `after` or `with`.
pub(super) struct Words<'a>(pub(super) Cause<'a>);

impl fmt::Display for Words<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match (self.0.kind, self.0.code, self.0.status) {
            (ErrorKind::Service, Some(code), _) => return write!(formatter, "{}", safe_name(code)),
            (ErrorKind::Service, None, Some(status)) => {
                return write!(formatter, "status {status}");
            }
            (ErrorKind::Service, None, None) => "an error of the service",
            (ErrorKind::Validation, _, _) => "an invalid request",
            (ErrorKind::Request, _, _) => "a request that cannot be sent",
            (ErrorKind::Configuration, _, _) => "an incomplete configuration",
            (ErrorKind::Credentials, _, _) => "unusable credentials",
            (ErrorKind::Connect, _, _) => "a failed connection",
            (ErrorKind::Timeout, _, _) => "a timeout",
            (ErrorKind::Io, _, _) => "a broken connection",
            (ErrorKind::Decode, _, _) => "an unreadable response",
            (ErrorKind::Pagination, _, _) => "a repeated page",
            (ErrorKind::WaitFailed | ErrorKind::WaitTimeout, _, _) => "an unfinished wait",
        })
    }
}
