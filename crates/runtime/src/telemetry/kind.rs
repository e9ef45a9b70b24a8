//! The names of the kinds of failures in reports.

use crate::error::ErrorKind;

/// The name of a kind in reports.
pub(super) fn kind_name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Validation => "validation",
        ErrorKind::Request => "request",
        ErrorKind::Configuration => "configuration",
        ErrorKind::Credentials => "credentials",
        ErrorKind::Connect => "connect",
        ErrorKind::Timeout => "timeout",
        ErrorKind::Io => "io",
        ErrorKind::Decode => "decode",
        ErrorKind::Service => "service",
        ErrorKind::Pagination => "pagination",
        ErrorKind::WaitFailed => "wait_failed",
        ErrorKind::WaitTimeout => "wait_timeout",
    }
}
