//! The one error of every call.
//!
//! [`Error`] is a single pointer, so that results stay small. It says what kind of failure it is, what the service
//! answered where it answered, and holds the modelled error of the service as a typed value. Everything up to the
//! service's own error type is shared by all services and stands in [`Failure`].

mod description;

use std::error::Error as StdError;
use std::fmt;

use crate::body::BoxError;
use crate::operation::ServiceError;
use crate::plumbing::message::{DecodeError, EncodeError, HttpResponse};
use crate::validation::Violations;

/// What kind of failure a call ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request breaks what the service documents ([`Error::violations`]). Nothing was sent; change the request, or
    /// lower the level of [validation](crate::validation) where the service has changed its mind.
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
    /// The service did not answer in time. It may have acted on the request.
    Timeout,
    /// The connection broke. The service may have acted on the request.
    Io,
    /// The service answered with something that is not what its model says.
    Decode,
    /// The service answered with an error.
    Service,
    /// The service names as the next page one that it named before. What came until then is whole.
    Pagination,
    /// What a [waiter](crate::waiter) waits for cannot come any more: the service reports a failure.
    WaitFailed,
    /// What a [waiter](crate::waiter) waits for has not come in time. It may still come.
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
    /// What can be said of a body that is no JSON, in one safe line.
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

    /// The failure that an error response stands for.
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

    /// The same without what it quotes of a body that cannot be read.
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

    /// Adds what is known of a response that could not be read.
    pub(crate) fn with_head(mut self, status: u16, request_id: Option<String>) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id;
        self
    }

    /// Says whether the service may have acted all the same.
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

    /// The name of the error's shape, which is the code without what `awsQueryCompatible` makes of it.
    pub(crate) fn shape(&self) -> Option<&str> {
        self.0.shape.as_deref()
    }

    /// The id that AWS gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Whether the service asks for fewer calls.
    pub fn is_throttled(&self) -> bool {
        self.0.throttling
    }

    /// The response that the service answered with.
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
/// enough to ask AWS about it. It is one line, whatever the service wrote: control characters are escaped, queries of
/// URLs are left out, and long texts are cut. The functions give all as it came.
pub struct Error<S>(Box<Parts<S>>);

struct Parts<S> {
    facts: Facts,
    service: Option<S>,
}

impl<S> Error<S> {
    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.facts.kind
    }

    /// The error that the service answered with, where its model knows it.
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

    /// Whether the service answered with the error of this name: that of its shape in the model, or the code.
    pub fn is_shape(&self, name: &str) -> bool {
        let facts = &self.0.facts;
        facts.shape.as_deref() == Some(name) || facts.code.as_deref() == Some(name)
    }

    /// The message of the service. It is `None` where the model says that it must not be shown
    /// (`smithy.api#sensitive`): [`service`](Self::service) has it as a member of the error then.
    pub fn message(&self) -> Option<&str> {
        self.0.facts.message.as_deref()
    }

    /// The id that AWS gave the request.
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
    /// answer got lost, came too late or was an error of the server. Look before you call again.
    ///
    /// `false` is certain: the service refused, or the request never left, or it only reads.
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.facts.may_have_taken_effect
    }

    /// The response that the service answered with, body and headers as they came.
    pub fn response(&self) -> Option<&HttpResponse> {
        self.0.facts.response.as_ref()
    }

    /// Whether the service asks for fewer calls.
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

    /// Whether the request broke what the service documents, as found before it was sent.
    pub fn is_validation(&self) -> bool {
        self.kind() == ErrorKind::Validation
    }

    /// What is wrong with the request, all of it, where that was found before it was sent.
    pub fn violations(&self) -> Option<&Violations> {
        self.0.facts.source.as_deref()?.downcast_ref()
    }

    /// Whether the service answered with an error.
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
