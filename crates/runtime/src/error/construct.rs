//! Errors that code makes itself, so that code which handles errors can be tested without a network.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::failure::{Failure, ResponseDetails};
use super::kind::ErrorKind;
use super::{Error, Parts};
use crate::body::BoxError;
use crate::error_code;
use crate::operation::ServiceError;
use crate::plumbing::message::HttpResponse;
use crate::retry::classification::{self, Meaning};
use crate::texts::ToText as _;
use crate::validation::Violations;

/// The header with the pause in milliseconds.
const PAUSE: HeaderName = HeaderName::from_static("x-amz-retry-after");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// Errors for tests of code that handles errors.
///
/// ```
/// # fn retry_later<S: attache_runtime::operation::ServiceError>(error: &attache_runtime::Error<S>) -> bool {
/// #     error.is_throttled() || error.is_timeout()
/// # }
/// # fn example<S: attache_runtime::operation::ServiceError>(denied: S) {
/// use attache_runtime::Error;
///
/// let timeout = Error::<S>::timeout();
/// assert!(retry_later(&timeout) && timeout.may_have_taken_effect());
///
/// let error = Error::from_service(denied).with_request_id("4f1c").with_throttling(true);
/// assert!(retry_later(&error));
/// # }
/// ```
impl<S: ServiceError> Error<S> {
    /// An error of this kind with its cause, for the kinds that have no function of their own.
    ///
    /// It was sent once if a connection was made, and not at all otherwise.
    pub fn new(kind: ErrorKind, source: impl Into<BoxError>) -> Self {
        let was_sent = matches!(
            kind,
            ErrorKind::Timeout | ErrorKind::Io | ErrorKind::Decode | ErrorKind::Service
        );
        let may_have_acted = matches!(kind, ErrorKind::Timeout | ErrorKind::Io);
        Failure::new(kind, source)
            .during("", u32::from(was_sent))
            .with_effect(may_have_acted)
            .into()
    }

    /// The modelled error of a service, with the code, the status, the message and the throttling that its model
    /// states. [`response`](Self::response) has these, too, but no body.
    pub fn from_service(error: S) -> Self {
        let (status, details, service) = match error.modelled() {
            Some(modelled) => {
                let code = modelled.query_code.unwrap_or(modelled.shape);
                let names = [Some(modelled.shape), Some(code)];
                let details = ResponseDetails {
                    code: Some(code.to_text()),
                    shape: Some(modelled.shape.to_text()),
                    message: modelled.message.map(str::to_text),
                    throttling: error_code::is_throttling(modelled.service, names, modelled.status),
                    ..ResponseDetails::default()
                };
                (modelled.status, details, Some(modelled.service))
            }
            None => (400, ResponseDetails::default(), None),
        };
        let response = HttpResponse::new(status, HeaderMap::new(), "");
        let failure = Failure::from_response(response, details).during("", 1);
        let may_have_acted =
            service.is_some_and(|service| Meaning::of(service, &failure).may_have_acted);
        let failure = failure.with_effect(may_have_acted);
        Self(Box::new(Parts {
            facts: *failure.0,
            service: Some(error),
        }))
    }

    /// An error of the service that its model does not name.
    pub fn from_code(code: impl Into<String>, message: impl Into<String>) -> Self {
        let code = code.into();
        let details = ResponseDetails {
            shape: Some(code.clone()),
            code: Some(code),
            message: Some(message.into()),
            ..ResponseDetails::default()
        };
        let response = HttpResponse::new(400, HeaderMap::new(), "");
        let failure = Failure::from_response(response, details).during("", 1);
        Self(Box::new(Parts {
            facts: *failure.0,
            service: None,
        }))
    }

    /// No response arrived in time. The service may have acted.
    pub fn timeout() -> Self {
        Self::new(ErrorKind::Timeout, "no response arrived in time")
    }

    /// The connection broke. The service may have acted.
    pub fn io(source: impl Into<BoxError>) -> Self {
        Self::new(ErrorKind::Io, source)
    }

    /// No connection was made.
    pub fn connect(source: impl Into<BoxError>) -> Self {
        Self::new(ErrorKind::Connect, source)
    }

    /// No usable credentials were found.
    pub fn credentials(source: impl Into<BoxError>) -> Self {
        Self::new(ErrorKind::Credentials, source)
    }

    /// The request violates constraints. The function `validate` of a request returns the violations.
    pub fn validation(violations: Violations) -> Self {
        Failure::from(violations).into()
    }

    /// The same error as one of this operation.
    #[must_use]
    pub fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.facts.operation = operation;
        self
    }

    /// The same error with another HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.facts.status = Some(status);
        if let Some(response) = &mut self.0.facts.response {
            response.status = status;
        }
        self
    }

    /// The same error with another code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.facts.code = Some(code.into());
        self
    }

    /// The same error with another message of the service.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.facts.message = Some(message.into());
        self
    }

    /// The same error with this request id.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.set_header(REQUEST_ID, &id);
        self.0.facts.request_id = Some(id);
        self
    }

    /// The same error as one of throttling, or not.
    #[must_use]
    pub fn with_throttling(mut self, throttling: bool) -> Self {
        self.0.facts.throttling = throttling;
        self
    }

    /// The same error with the pause that the service asks for. It is kept in whole milliseconds.
    #[must_use]
    pub fn with_retry_after(mut self, pause: Duration) -> Self {
        self.set_header(PAUSE, &pause.as_millis().to_string());
        self
    }

    /// The same error after this number of attempts.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.facts.attempts = attempts;
        self
    }

    /// The same error as one of a call that may have taken effect, or not.
    #[must_use]
    pub fn with_may_have_taken_effect(mut self, may_have: bool) -> Self {
        self.0.facts.may_have_taken_effect = may_have;
        self
    }

    /// Sets a header of the response, which is created if there is none.
    fn set_header(&mut self, name: HeaderName, value: &str) {
        let facts = &mut self.0.facts;
        let status = facts.status.unwrap_or(400);
        let response = facts
            .response
            .get_or_insert_with(|| HttpResponse::new(status, HeaderMap::new(), ""));
        // What cannot stand in a header stays out of it.
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers.insert(name, value);
        }
    }
}

impl<S> Error<S> {
    /// The pause that the service asks for before the next call: the header `x-amz-retry-after` in milliseconds, or
    /// `Retry-After` in seconds. `None` if it asks for none.
    pub fn retry_after(&self) -> Option<Duration> {
        let headers = self.response()?.headers();
        let seconds = || {
            let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?;
            text.trim().parse().ok().map(Duration::from_secs)
        };
        classification::retry_after(headers).or_else(seconds)
    }
}

impl<S: ServiceError> From<S> for Error<S> {
    fn from(error: S) -> Self {
        Self::from_service(error)
    }
}
