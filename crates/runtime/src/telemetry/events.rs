//! The spans and events of the crate `tracing`. The page of the module above lists their names and fields.
//!
//! None contains a value of a request or a response: no member, no header, no URL. A service's error message may quote
//! the request, so only the error code is included. Texts of the service are quoted as one safe line.

use std::fmt;
use std::time::Duration;

use http::Method;
use tracing::field::{Empty, Value, display};
use tracing::{Span, debug, debug_span, info, info_span, warn};

use super::error_type::{ErrorType, Words};
use super::server::Server;
use crate::Timestamp;
use crate::error::{ErrorKind, Failure};
use crate::formatting::write;
use crate::interceptor::{Attempt, Outcome};
use crate::plumbing::operation::Operation;
use crate::plumbing::safe_line::{safe_line, safe_name};
use crate::validation::Violations;

/// How many violations an event lists.
const VIOLATIONS_SHOWN: usize = 10;

/// The name of the remote procedure: `Support/CreateCase`.
pub(super) struct RpcMethod(pub(super) &'static Operation);

impl fmt::Display for RpcMethod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.0.service.sdk_id, self.0.name)
    }
}

/// The name of a span and the beginning of a message: `Support.CreateCase`.
struct Name(&'static Operation);

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.0.service.sdk_id, self.0.name)
    }
}

/// A number of attempts in words.
struct Attempts(u32);

impl fmt::Display for Attempts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(formatter, "{} attempt{plural}", self.0)
    }
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

pub(super) fn call_span(operation: &'static Operation, region: Option<&str>) -> Span {
    info_span!(
        target: "attache::call",
        "attache.call",
        otel.name = %Name(operation),
        otel.kind = "client",
        otel.status_code = Empty,
        rpc.system.name = "aws-api",
        rpc.method = %RpcMethod(operation),
        cloud.region = region,
        server.address = Empty,
        server.port = Empty,
        invocation_id = Empty,
        http.response.status_code = Empty,
        aws.request_id = Empty,
        error.type = Empty,
        attempts = Empty,
    )
}

pub(super) fn attempt_span(call: &Span, attempt: &Attempt<'_>, method: &Method) -> Span {
    debug_span!(
        target: "attache::attempt",
        parent: call,
        "attache.attempt",
        otel.name = %method,
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = %method,
        http.request.resend_count = (attempt.number > 1).then(|| attempt.number - 1),
        attempt = attempt.number,
        server.address = Empty,
        server.port = Empty,
        http.response.status_code = Empty,
        aws.request_id = Empty,
        error.type = Empty,
    )
}

/// Adds a field to a span. The function of tracing is compiled for each type of a value.
fn add(span: &Span, field: &str, value: &dyn Value) {
    span.record(field, value);
}

/// Adds the host and the port to a span.
pub(super) fn address(span: &Span, server: &Server) {
    add(span, "server.address", &server.address.as_str());
    add(span, "server.port", &server.port);
}

/// Adds the result to a span.
fn result(span: &Span, status: Option<u16>, request_id: Option<&str>, failure: Option<&Failure>) {
    if let Some(status) = status {
        add(span, "http.response.status_code", &status);
    }
    if let Some(id) = request_id {
        add(span, "aws.request_id", &display(safe_name(id)));
    }
    if let Some(failure) = failure {
        add(span, "error.type", &display(ErrorType(failure.into())));
        add(span, "otel.status_code", &"ERROR");
    }
}

pub(super) fn attempt_ended(
    operation: &'static Operation,
    number: u32,
    span: &Span,
    outcome: &Outcome<'_>,
) {
    result(span, outcome.status, outcome.request_id, outcome.failure);
    debug!(
        target: "attache::attempt",
        parent: span,
        {
            rpc.method = %RpcMethod(operation),
            attempt = number,
            http.response.status_code = outcome.status,
            aws.request_id = outcome.request_id.map(|id| display(safe_name(id))),
            error.type = outcome.failure.map(|failure| display(ErrorType(failure.into()))),
            duration_ms = milliseconds(outcome.duration),
        },
        "attempt {number} ended",
    );
}

pub(super) fn retrying(
    operation: &'static Operation,
    next: u32,
    max_attempts: u32,
    delay: Duration,
    after: &Failure,
) {
    let delay = milliseconds(delay);
    info!(
        target: "attache::retry",
        {
            rpc.method = %RpcMethod(operation),
            attempt = next,
            max_attempts,
            delay_ms = delay,
            error.type = %ErrorType(after.into()),
            http.response.status_code = after.status(),
            aws.request_id = after.request_id().map(|id| display(safe_name(id))),
        },
        "retrying in {delay} ms after {}, attempt {next} of {max_attempts}",
        Words(after.into()),
    );
}

pub(super) fn clock_shifted(operation: &'static Operation, skew: i64) {
    let seconds = skew.unsigned_abs() / 1_000;
    let side = if skew > 0 { "behind" } else { "ahead of" };
    warn!(
        target: "attache::clock",
        {
            rpc.method = %RpcMethod(operation),
            clock_skew_ms = skew,
        },
        "the clock of this machine is {seconds} s {side} the clock of the service; requests are signed with the time \
         of the service from now on",
    );
}

/// How a call ended.
pub(super) struct End<'a> {
    pub(super) operation: &'static Operation,
    pub(super) status: Option<u16>,
    pub(super) request_id: Option<&'a str>,
    pub(super) attempts: u32,
    pub(super) duration: Duration,
}

pub(super) fn call_ended(span: &Span, end: &End<'_>, failure: Option<&Failure>) {
    result(span, end.status, end.request_id, failure);
    add(span, "attempts", &end.attempts);
    match failure {
        None => succeeded(span, end),
        Some(failure) => {
            if failure.kind() == ErrorKind::Validation {
                invalid(span, end.operation, failure);
            }
            failed(span, end, failure);
        }
    }
}

fn succeeded(span: &Span, end: &End<'_>) {
    let duration = milliseconds(end.duration);
    info!(
        target: "attache::call",
        parent: span,
        {
            rpc.method = %RpcMethod(end.operation),
            http.response.status_code = end.status,
            aws.request_id = end.request_id.map(|id| display(safe_name(id))),
            attempts = end.attempts,
            duration_ms = duration,
        },
        "{} succeeded after {} in {duration} ms",
        Name(end.operation),
        Attempts(end.attempts),
    );
}

fn failed(span: &Span, end: &End<'_>, failure: &Failure) {
    let duration = milliseconds(end.duration);
    warn!(
        target: "attache::call",
        parent: span,
        {
            rpc.method = %RpcMethod(end.operation),
            http.response.status_code = end.status,
            aws.request_id = end.request_id.map(|id| display(safe_name(id))),
            error.type = %ErrorType(failure.into()),
            attempts = end.attempts,
            duration_ms = duration,
            may_have_taken_effect = failure.may_have_taken_effect(),
        },
        "{} failed with {} after {} in {duration} ms",
        Name(end.operation),
        Words(failure.into()),
        Attempts(end.attempts),
    );
}

pub(super) fn call_dropped(
    span: &Span,
    operation: &'static Operation,
    attempts: u32,
    duration: Duration,
) {
    let duration = milliseconds(duration);
    info!(
        target: "attache::call",
        parent: span,
        {
            rpc.method = %RpcMethod(operation),
            attempts,
            duration_ms = duration,
        },
        "{} was dropped after {} in {duration} ms",
        Name(operation),
        Attempts(attempts),
    );
}

fn invalid(span: &Span, operation: &'static Operation, failure: &Failure) {
    let violations = failure.violations();
    let count = violations.map_or(1, Violations::count);
    let plural = if count == 1 { "" } else { "s" };
    warn!(
        target: "attache::validation",
        parent: span,
        {
            rpc.method = %RpcMethod(operation),
            violations = violations.map(|violations| tracing::field::debug(Places(violations))),
        },
        "the request is not valid and was not sent: {count} violation{plural}",
    );
}

/// Where the violations are, and which constraints they are of. What was found there is not shown.
struct Places<'a>(&'a Violations);

impl fmt::Debug for Places<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = formatter.debug_list();
        for violation in self.0.iter().take(VIOLATIONS_SHOWN) {
            list.entry(&format!(
                "{} {:?}",
                safe_name(violation.path()),
                violation.constraint()
            ));
        }
        list.finish()
    }
}

/// Credentials were fetched, for the first time or instead of others.
pub(crate) fn credentials_fetched(renewed: bool, expires: Option<Timestamp>) {
    let what = if renewed { "renewed" } else { "fetched" };
    info!(
        target: "attache::credentials",
        {
            expires = expires.map(display),
        },
        "credentials {what}",
    );
}

/// Credentials could not be renewed; the old ones, which are valid still, are used.
pub(crate) fn credentials_kept(expires: Option<Timestamp>, error: &dyn std::error::Error) {
    warn!(
        target: "attache::credentials",
        {
            expires = expires.map(display),
            error = %safe_line(&format!("{error:#}")),
        },
        "credentials could not be renewed; the old ones are used until they expire",
    );
}
