//! The one error of every call.
//!
//! [`Error`] is a single pointer, so that results stay small. It contains the kind of the failure, the response of the
//! service if there was one, and the modelled error of the service as a typed value. Everything except the service's
//! own error type is the same for all services and is in [`Failure`].

mod class;
mod construct;
mod description;
mod failure;
mod kind;
mod meaning;

use std::error::Error as StdError;

use self::failure::Facts;
pub use self::failure::Failure;
pub(crate) use self::failure::ResponseDetails;
pub use self::kind::ErrorKind;
use crate::operation::ServiceError;
use crate::plumbing::message::HttpResponse;
use crate::texts::ToText as _;
use crate::validation::Violations;

/// Why a call failed.
///
/// | format | what it shows |
/// |---|---|
/// | `{}` | the operation, the code, the message of the service, the status, the request id and the attempts; not the cause |
/// | `{:#}` | the same and all causes, in one line |
/// | `{:?}` | the same and all causes, one per line: what `main` prints if it returns the error |
/// | `{:#?}` | the fields |
///
/// `{}` and [`source`](std::error::Error::source) follow the rule of the error handling working group: a text is in
/// `Display` or is a source, never both. A reporter such as `anyhow` or `tracing-error` therefore shows everything once.
/// The error of the service is part of `Display`, so it is no source; [`service`](Self::service) returns it. The same
/// applies to the violations of a request that was not sent, which [`violations`](Self::violations) returns:
///
/// ```text
/// CreateCase: communication_body: 8001 characters, at most 8000 (not sent)
/// ```
///
/// All texts are safe to print: control characters are escaped, queries of URLs are left out, and long texts are
/// truncated. The functions return all texts unchanged.
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
        self.0.facts.violations()
    }

    /// Whether the service responded with an error.
    pub fn is_service(&self) -> bool {
        self.kind() == ErrorKind::Service
    }
}

impl<S: ServiceError> From<Failure> for Error<S> {
    fn from(failure: Failure) -> Self {
        let mut facts = *failure.0;
        // A modelled error whose members do not fit its model is still an error with a code and a message.
        let service = match (&facts.shape, &facts.response) {
            (Some(shape), Some(response)) => S::decode(shape, response).and_then(Result::ok),
            _ => None,
        };
        // In the query protocol, the response contains the code, which may not be the name of the shape.
        if let Some(modelled) = service.as_ref().and_then(ServiceError::modelled)
            && facts.shape.as_deref() != Some(modelled.shape)
        {
            facts.shape = Some(modelled.shape.to_text());
        }
        Self(Box::new(Parts { facts, service }))
    }
}

impl<S: StdError + 'static> StdError for Error<S> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.facts.source()
    }
}
