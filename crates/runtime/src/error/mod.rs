//! The one error of every call.
//!
//! [`Error`] is a single pointer, so that results stay small. It contains the kind of the failure, the response of the
//! service if there was one, and the modelled error of the service as a typed value. Everything except the service's
//! own error type is the same for all services and is in [`Failure`].

mod construct;
mod description;

use std::error::Error as StdError;
use std::fmt;

use crate::body::BoxError;
use crate::operation::ServiceError;
use crate::plumbing::message::{DecodeError, EncodeError, HttpResponse};
use crate::validation::Violations;

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request violates constraints that the service documents ([`Error::violations`]). Nothing was sent. Change
    /// the request, or lower the level of [validation](crate::validation) if the service now accepts such requests.
    Validation,
    /// The request cannot be sent at all: an empty path label, a header with a line break. Nothing was sent; change the
    /// request.
    Request,
    /// The client is not set up: no region, no endpoint, settings that contradict each other. Nothing was sent.
    Configuration,
    /// No credentials were found, or they have expired. Nothing was sent.
    Credentials,
    /// No connection to the service was made. Nothing was sent; look at the network, the proxy and the endpoint.
    Connect,
    /// There was no response in time. The service may have acted on the request.
    Timeout,
    /// The connection broke. The service may have acted on the request.
    Io,
    /// The response does not match the model of the service.
    Decode,
    /// The service responded with an error.
    Service,
    /// The token of the next page is one that the service returned before. The pages until then are complete.
    Pagination,
    /// The state for which a [waiter](crate::waiter) waits can no longer be reached: the service reports a failure.
    WaitFailed,
    /// The state for which a [waiter](crate::waiter) waits was not reached in time. It may still be reached.
    WaitTimeout,
}

/// The failure of a call, before its service is known.
#[derive(Debug)]
pub struct Failure(Box<Facts>);

struct Facts {
    kind: ErrorKind,
    operation: &'static str,
    status: Option<u16>,
    code: Option<String>,
    shape: Option<String>,
    message: Option<String>,
    /// A description of a body that is not JSON, in one safe line.
    description: Option<String>,
    request_id: Option<String>,
    throttling: bool,
    attempts: u32,
    may_have_taken_effect: bool,
    source: Option<BoxError>,
    response: Option<HttpResponse>,
}

impl Failure {
    /// A failure of this kind.
    pub fn new(kind: ErrorKind, source: impl Into<BoxError>) -> Self {
        Self(Box::new(Facts {
            kind,
            operation: "",
            status: None,
            code: None,
            shape: None,
            message: None,
            description: None,
            request_id: None,
            throttling: false,
            attempts: 0,
            may_have_taken_effect: false,
            source: Some(source.into()),
            response: None,
        }))
    }

    /// The failure of an error response.
    pub(crate) fn from_response(response: HttpResponse, details: ResponseDetails) -> Self {
        Self(Box::new(Facts {
            kind: ErrorKind::Service,
            operation: "",
            status: Some(response.status()),
            code: details.code,
            shape: details.shape,
            message: details.message,
            description: details.description,
            request_id: details.request_id,
            throttling: details.throttling,
            attempts: 0,
            may_have_taken_effect: false,
            source: None,
            response: Some(response),
        }))
    }

    /// A response that could not be read.
    pub(crate) fn from_decode(error: DecodeError, status: u16, request_id: Option<String>) -> Self {
        Self::new(ErrorKind::Decode, error).with_head(status, request_id)
    }

    /// The same without the quotation of a body that cannot be read.
    #[cfg(feature = "credential-chain")]
    pub(crate) fn without_quotation(mut self) -> Self {
        self.0.description = None;
        self
    }

    /// Names the operation.
    pub(crate) fn during(mut self, operation: &'static str, attempts: u32) -> Self {
        self.0.operation = operation;
        self.0.attempts = attempts;
        self
    }

    /// Adds what is known about a response that could not be read.
    pub(crate) fn with_head(mut self, status: u16, request_id: Option<String>) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id;
        self
    }

    /// Sets whether the service may have acted nevertheless.
    pub(crate) fn with_effect(mut self, may_have_taken_effect: bool) -> Self {
        self.0.may_have_taken_effect = may_have_taken_effect;
        self
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether this is the modelled error of that name.
    pub(crate) fn is_shape(&self, name: &str) -> bool {
        self.0.shape.as_deref() == Some(name) || self.0.code.as_deref() == Some(name)
    }

    /// The HTTP status of the response, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The error code of the service, known to its model or not.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The name of the error's shape, which is the code without the change by `awsQueryCompatible`.
    pub(crate) fn shape(&self) -> Option<&str> {
        self.0.shape.as_deref()
    }

    /// The request id that AWS assigned.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Whether the call was throttled.
    pub fn is_throttled(&self) -> bool {
        self.0.throttling
    }

    /// The violations, if validation refused the request.
    #[cfg(feature = "tracing")]
    pub(crate) fn violations(&self) -> Option<&Violations> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// Whether the service may have acted nevertheless.
    #[cfg(feature = "tracing")]
    pub(crate) fn may_have_taken_effect(&self) -> bool {
        self.0.may_have_taken_effect
    }

    /// The response of the service.
    pub(crate) fn response(&self) -> Option<&HttpResponse> {
        self.0.response.as_ref()
    }
}

impl From<EncodeError> for Failure {
    fn from(error: EncodeError) -> Self {
        Self::new(ErrorKind::Request, error)
    }
}

impl From<Violations> for Failure {
    fn from(violations: Violations) -> Self {
        Self::new(ErrorKind::Validation, violations)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.describe(formatter)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// What an error response says about itself, apart from its modelled members.
#[derive(Debug, Default)]
pub(crate) struct ResponseDetails {
    pub(crate) code: Option<String>,
    pub(crate) shape: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) throttling: bool,
}

/// Why a call failed.
///
/// `Display` carries the operation, the code, the service's message and the request id, so that one logged line is
/// enough to ask AWS about it. It is always one line: control characters are escaped, queries of URLs are left out, and
/// long texts are truncated. The functions return all texts unchanged.
pub struct Error<S>(Box<Parts<S>>);

struct Parts<S> {
    facts: Facts,
    service: Option<S>,
}

impl<S> Error<S> {
    /// The kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.facts.kind
    }

    /// The modelled error with which the service responded.
    pub fn service(&self) -> Option<&S> {
        self.0.service.as_ref()
    }

    /// The same, by value.
    pub fn into_service(self) -> Option<S> {
        self.0.service
    }

    /// The name of the operation that was called.
    pub fn operation(&self) -> &'static str {
        self.0.facts.operation
    }

    /// The error code of the service, known to its model or not.
    pub fn code(&self) -> Option<&str> {
        self.0.facts.code.as_deref()
    }

    /// Whether the service responded with the error of this name: that of its shape in the model, or the code.
    pub fn is_shape(&self, name: &str) -> bool {
        let facts = &self.0.facts;
        facts.shape.as_deref() == Some(name) || facts.code.as_deref() == Some(name)
    }

    /// The message of the service. It is `None` where the model says that it must not be shown
    /// (`smithy.api#sensitive`): [`service`](Self::service) has it as a member of the error then.
    pub fn message(&self) -> Option<&str> {
        self.0.facts.message.as_deref()
    }

    /// The request id that AWS assigned.
    pub fn request_id(&self) -> Option<&str> {
        self.0.facts.request_id.as_deref()
    }

    /// The HTTP status of the response, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.facts.status
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.facts.attempts
    }

    /// Whether the call may have had its effect although it failed: the service may have acted on an attempt whose
    /// response was lost, arrived too late or was an error of the server. Check the state before you call again.
    ///
    /// `false` is certain: the service refused the request, or the request was never sent, or it only reads.
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.facts.may_have_taken_effect
    }

    /// The response of the service, with its unchanged body and headers.
    pub fn response(&self) -> Option<&HttpResponse> {
        self.0.facts.response.as_ref()
    }

    /// Whether the call was throttled.
    pub fn is_throttled(&self) -> bool {
        self.0.facts.throttling
    }

    /// Whether time ran out, for a call or for a [waiter](crate::waiter).
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Timeout | ErrorKind::WaitTimeout)
    }

    /// Whether no connection was made.
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether validation refused the request before it was sent.
    pub fn is_validation(&self) -> bool {
        self.kind() == ErrorKind::Validation
    }

    /// All violations of the request, if validation refused it before it was sent.
    pub fn violations(&self) -> Option<&Violations> {
        self.0.facts.source.as_deref()?.downcast_ref()
    }

    /// Whether the service responded with an error.
    pub fn is_service(&self) -> bool {
        self.kind() == ErrorKind::Service
    }
}

impl<S: ServiceError> From<Failure> for Error<S> {
    fn from(failure: Failure) -> Self {
        let facts = *failure.0;
        // A modelled error whose members do not fit its model is still an error with a code and a message.
        let service = match (&facts.shape, &facts.response) {
            (Some(shape), Some(response)) => S::decode(shape, response).and_then(Result::ok),
            _ => None,
        };
        Self(Box::new(Parts { facts, service }))
    }
}

impl<S> fmt::Display for Error<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.facts.describe(formatter)
    }
}

impl<S: StdError + 'static> StdError for Error<S> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.service {
            Some(service) => Some(service),
            None => self
                .0
                .facts
                .source
                .as_deref()
                .map(|source| source as &(dyn StdError + 'static)),
        }
    }
}
