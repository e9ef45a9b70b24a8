//! Spans and events for the crate `tracing`, if the feature `tracing` is on.
//!
//! A call is a span `attache.call`, an attempt a span `attache.attempt` in it, and the end of an attempt an event, all
//! at level `DEBUG`. None contains a value of a request or a response: no member, no header, no URL. A service's error
//! message may quote the request, so only the error code is included.
//!
//! The feature is on by default: hyper-util, which the default features need, has the crate `tracing` in the tree
//! already, so it adds none.

use std::future::Future;

use crate::interceptor::{Attempt, Outcome};
use crate::plumbing::operation::Operation;
#[cfg(feature = "tracing")]
use crate::plumbing::safe_line::safe_name;

#[cfg(feature = "tracing")]
pub(crate) fn call<F: Future>(
    operation: &Operation,
    invocation_id: &str,
    future: F,
) -> impl Future<Output = F::Output> {
    use tracing::Instrument;

    future.instrument(tracing::debug_span!(
        "attache.call",
        service = operation.service.sdk_id,
        operation = operation.name,
        invocation_id,
    ))
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn call<F: Future>(
    _operation: &Operation,
    _invocation_id: &str,
    future: F,
) -> impl Future<Output = F::Output> {
    future
}

#[cfg(feature = "tracing")]
pub(crate) fn attempt<F: Future>(
    attempt: &Attempt<'_>,
    future: F,
) -> impl Future<Output = F::Output> {
    use tracing::Instrument;

    future.instrument(tracing::debug_span!(
        "attache.attempt",
        attempt = attempt.number
    ))
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn attempt<F: Future>(
    _attempt: &Attempt<'_>,
    future: F,
) -> impl Future<Output = F::Output> {
    future
}

/// The end of an attempt. Durations are in milliseconds.
#[cfg(feature = "tracing")]
pub(crate) fn ended(attempt: &Attempt<'_>, outcome: &Outcome<'_>) {
    let duration = u64::try_from(outcome.duration.as_millis()).unwrap_or(u64::MAX);
    // Texts of the service are quoted as one safe line.
    let name = |text| tracing::field::debug(safe_name(text));
    let code = outcome.failure.and_then(|failure| failure.code());
    tracing::debug!(
        attempt = attempt.number,
        status = outcome.status,
        request_id = outcome.request_id.map(name),
        duration,
        kind = outcome
            .failure
            .map(|failure| tracing::field::debug(failure.kind())),
        code = code.map(name),
        "attempt ended"
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn ended(_attempt: &Attempt<'_>, _outcome: &Outcome<'_>) {}
