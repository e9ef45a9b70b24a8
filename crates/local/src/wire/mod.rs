//! HTTP messages from the server's end: the verbs of the generated code in [`api`](crate::api).
//!
//! A request is read, checked, acted on and answered by [`answer`], in this order, for every operation of every
//! service. What is wrong comes back as a [`Refusal`], which knows its status, its code and the protocol to say it in.

mod refusal;
mod request;
mod response;
mod service;

use attache_runtime::validation::{Constraint, Level, Violations};

pub use self::refusal::Refusal;
pub use self::request::{DecodeError, Request};
pub use self::response::Response;
pub use self::service::{Protocol, Service};

/// A request of an operation.
pub trait Input: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// What cannot be read.
    fn decode(message: &Request) -> Result<Self, DecodeError>;

    /// Checks it.
    ///
    /// # Errors
    /// What is wrong, each with its place.
    fn validate(&self, level: Level) -> Result<(), Violations>;

    /// What answers a dry run that would succeed, where this is one.
    fn dry_run_refusal(&self) -> Option<Refusal> {
        None
    }
}

/// A response of an operation.
pub trait Output {
    /// Writes it.
    fn encode(self) -> Response;
}

/// What every service does in its own words.
pub trait Handler: Clone {
    /// The protocol of the service.
    const PROTOCOL: Protocol;

    /// How much of a request is checked.
    fn level(&self) -> Level {
        Level::Documented
    }

    /// What answers a request that breaks constraints.
    fn invalid(&self, operation: &'static str, violations: &Violations) -> Refusal;
}

/// Reads a request, checks it, acts on it and writes the response. A dry run acts on a clone, so that it finds all that
/// stands against the request and leaves no trace.
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
    // A server knows its enums; what documentation only recommends is no reason to refuse.
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
    act(handler, input).map(Output::encode)
}
