//! What a failure means for another attempt: whether it may end better, and whether the service may have acted.
//!
//! The second is what keeps a support case from being opened twice. The AWS SDKs send every request again after a lost
//! answer or an error of the server; this runtime does so only where acting twice is harmless, or allowed.
//!
//! What counts as retryable: botocore 1.44.5, `retries/standard.py` and `retries/special.py`.

use std::time::Duration;

use http::HeaderMap;

use super::RetryReason;
use crate::error::{ErrorKind, Failure};
use crate::plumbing::operation::{Operation, Service};

/// Statuses of passing failures.
const TRANSIENT_STATUSES: [u16; 4] = [500, 502, 503, 504];
/// Codes of passing failures.
const TRANSIENT_CODES: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];
/// Statuses below 500 that refuse nothing: "see other", for what was done; a request that took too long and one that
/// came to the wrong server, by whoever stands before the service and cannot know what it did; and a caller that left.
const OPEN_STATUSES: [u16; 4] = [303, 408, 421, 499];
/// Codes by which services say that something broke in them, whatever the status is.
const INTERNAL_CODES: [&str; 6] = [
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
];
const RETRY_AFTER: &str = "x-amz-retry-after";

/// What an attempt's failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) reason: RetryReason,
    /// Whether the service may have acted on the request.
    pub(crate) may_have_acted: bool,
}

impl Meaning {
    pub(crate) fn of(service: &Service, failure: &Failure) -> Self {
        match failure.kind() {
            ErrorKind::Connect => Self::new(RetryReason::Transient, false),
            ErrorKind::Timeout | ErrorKind::Io => {
                Self::new(RetryReason::Transient, head_leaves_open(failure))
            }
            ErrorKind::Decode => Self::new(RetryReason::Permanent, head_leaves_open(failure)),
            ErrorKind::Service => Self::of_answer(service, failure),
            ErrorKind::Validation
            | ErrorKind::Request
            | ErrorKind::Configuration
            | ErrorKind::Credentials
            | ErrorKind::Pagination
            | ErrorKind::WaitFailed
            | ErrorKind::WaitTimeout => Self::new(RetryReason::Permanent, false),
        }
    }

    fn new(reason: RetryReason, may_have_acted: bool) -> Self {
        Self {
            reason,
            may_have_acted,
        }
    }

    /// A refusal says that nothing was done, and throttling is one. An error of the server, or of a proxy before it,
    /// says nothing of the kind. That holds for 503 too: it should mean a refusal (RFC 9110, section 15.6.4), but the
    /// common errors of AWS call it a "temporary failure of the server", which may come at any time.
    fn of_answer(service: &Service, failure: &Failure) -> Self {
        let status = failure.status().unwrap_or_default();
        if failure.is_throttled() {
            return Self::new(RetryReason::Throttling, false);
        }
        let modelled = service
            .retryable_errors
            .iter()
            .any(|(name, _)| failure.shape() == Some(name));
        let code = failure.code().unwrap_or_default();
        let federation = service.sdk_id == "STS" && code == "IDPCommunicationError";
        let transient = modelled
            || federation
            || TRANSIENT_CODES.contains(&code)
            || TRANSIENT_STATUSES.contains(&status);
        let may_have_acted = !is_refusal(status)
            || TRANSIENT_CODES.contains(&code)
            || INTERNAL_CODES.contains(&code);
        if transient {
            Self::new(RetryReason::Transient, may_have_acted)
        } else {
            Self::new(RetryReason::Permanent, may_have_acted)
        }
    }
}

/// Whether the service may have acted, as far as the head of an answer says whose body could not be read.
fn head_leaves_open(failure: &Failure) -> bool {
    failure.status().is_none_or(|status| !is_refusal(status))
}

/// Whether a status says that nothing was done.
fn is_refusal(status: u16) -> bool {
    (300..500).contains(&status) && !OPEN_STATUSES.contains(&status)
}

/// Whether acting twice does no more than acting once.
pub(crate) fn is_repeatable(operation: &Operation) -> bool {
    operation.read_only || operation.idempotent
}

/// The pause that the service asks for: whole milliseconds in `x-amz-retry-after`. Anything else in it is ignored, and
/// so is HTTP's own `Retry-After`.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    Some(Duration::from_millis(text.trim().parse().ok()?))
}
