//! HTTP messages of the server: what the generated code in [`api`](crate::api) calls.
//!
//! [`answer`] reads a request, validates it, executes it and writes the response, in this order, for every operation of
//! every service. An error is a [`Refusal`], which has a status, a code and the protocol in which it is written.

pub mod form;
mod refusal;
mod request;
mod response;
mod service;

use attache_runtime::validation::{Constraint, Level, Violations};

pub use self::refusal::Refusal;
pub use self::request::{DecodeError, Request};
pub use self::response::Response;
pub use self::service::{ErrorFacts, Protocol, Service};

/// A request of an operation.
pub trait Input: Sized {
    /// The service of the operation.
    const SERVICE: &'static Service;
    /// The name of the operation in the model.
    const OPERATION: &'static str;

    /// Reads the request from a message.
    ///
    /// # Errors
    /// The part that cannot be read.
    fn decode(message: &Request) -> Result<Self, DecodeError>;

    /// Validates the request.
    ///
    /// # Errors
    /// All violations, each with its place.
    fn validate(&self, level: Level) -> Result<(), Violations>;

    /// The response to a dry run that would succeed, if this is a dry run.
    fn dry_run_refusal(&self) -> Option<Refusal> {
        None
    }
}

/// A response of an operation.
pub trait Output {
    /// Writes the response as a message.
    fn encode(self) -> Response;
}

/// The parts that each service implements differently.
pub trait Handler: Clone {
    /// The protocol of the service.
    const PROTOCOL: Protocol;

    /// The validation level of requests.
    fn level(&self) -> Level {
        Level::Documented
    }

    /// The response to a request that violates constraints.
    fn invalid(&self, operation: &'static str, violations: &Violations) -> Refusal;
}

/// Reads a request, validates it, executes it and writes the response. A dry run is executed on a clone, so it finds
/// every reason against the request and changes nothing.
///
/// # Errors
/// A request that cannot be read or is not valid, and what the handler refuses.
pub fn answer<H: Handler, I: Input, O: Output>(
    handler: &mut H,
    operation: &'static str,
    message: &Request,
    act: impl Fn(&mut H, I) -> Result<O, Refusal>,
) -> Result<Response, Refusal> {
    let input = I::decode(message).map_err(|error| {
        Refusal::common(H::PROTOCOL, 400, "SerializationException", error.message())
    })?;
    let refuse = |violations: &Violations| handler.invalid(operation, violations);
    input
        .validate(handler.level())
        .map_err(|violations| refuse(&violations))?;
    // A server refuses unknown enum values; a mere recommendation of the documentation is no reason to refuse.
    if handler.level() >= Level::Documented
        && let Err(violations) = input.validate(Level::Strict)
        && violations
            .iter()
            .any(|violation| violation.constraint() == Constraint::Enum)
    {
        return Err(refuse(&violations));
    }
    if let Some(refusal) = input.dry_run_refusal() {
        act(&mut handler.clone(), input)?;
        return Err(refusal);
    }
    act(handler, input).map(|output| output.encode().finish(H::PROTOCOL))
}
