//! Classifies a failure: whether another attempt may succeed, and whether the service may have acted.
//!
//! The second question prevents that a support case is opened twice. The AWS SDKs send every request again after a lost
//! response or an error of the server; this runtime does so only if acting twice is harmless or permitted.
//!
//! The retryable failures are those of botocore 1.44.5, `retries/standard.py` and `retries/special.py`.

use std::time::Duration;

use http::{HeaderMap, HeaderName};

use super::RetryReason;
use crate::error::{ErrorKind, Failure};
use crate::headers;
use crate::plumbing::operation::{Operation, Service};

/// Codes of transient failures.
const TRANSIENT_CODES: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];
/// Codes of internal errors of services, whatever the status is.
const INTERNAL_CODES: [&str; 6] = [
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
];
const RETRY_AFTER: HeaderName = HeaderName::from_static("x-amz-retry-after");

/// The classification of a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) reason: RetryReason,
    /// Whether the service may have acted on the request.
    pub(crate) may_have_acted: bool,
}

impl Meaning {
    #[inline(never)]
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

    /// Whether another attempt may succeed.
    pub(crate) fn is_transient(self) -> bool {
        self.reason != RetryReason::Permanent
    }

    /// A refusal means that nothing was done, and throttling is a refusal. An error of the server, or of a proxy before
    /// it, does not mean that. This applies to 503 as well: it should mean a refusal (RFC 9110, section 15.6.4), but
    /// the common errors of AWS call it a "temporary failure of the server", which may come at any time.
    fn of_answer(service: &Service, failure: &Failure) -> Self {
        let status = failure.status().unwrap_or_default();
        if failure.is_throttled() {
            return Self::new(RetryReason::Throttling, false);
        }
        let mut modelled = false;
        for (name, _) in service.retryable_errors {
            modelled |= failure.shape() == Some(name);
        }
        let code = failure.code().unwrap_or_default();
        let federation = service.sdk_id == "STS" && code == "IDPCommunicationError";
        let transient = modelled
            || federation
            || TRANSIENT_CODES.contains(&code)
            || matches!(status, 500 | 502..=504);
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

/// Whether the service may have acted, judged by the head of a response whose body could not be read.
#[inline(never)]
fn head_leaves_open(failure: &Failure) -> bool {
    failure.status().is_none_or(|status| !is_refusal(status))
}

/// Whether a status means that nothing was done. Those below 500 that do not are 303, after an action; a request that took too long
/// and one for the wrong server, which a proxy may report without knowing what the service did; and a caller that disconnected.
fn is_refusal(status: u16) -> bool {
    matches!(status, 300..500) && !matches!(status, 303 | 408 | 421 | 499)
}

/// Whether two calls have the same effect as one.
pub(crate) fn is_repeatable(operation: &Operation) -> bool {
    operation.read_only || operation.idempotent
}

/// The pause that the service requests: whole milliseconds in `x-amz-retry-after`. Anything else in it is ignored, and
/// so is HTTP's own `Retry-After`.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers::get(headers, &RETRY_AFTER)?.to_str().ok()?;
    Some(Duration::from_millis(text.trim().parse().ok()?))
}
