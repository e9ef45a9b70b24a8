//! The events of what consists of several calls: waiters and pages. They contain no value of a request or a response.

use std::time::Duration;

use tracing::{debug, info};

use super::error_type::{Cause, ErrorType, Words};
use super::events::{RpcMethod, milliseconds};
use crate::error::Error;
use crate::formatting::write;
use crate::plumbing::operation::Operation;
use crate::texts::ToText as _;

/// The expected state is not reached yet, and the operation is called again after a pause.
#[inline]
pub(crate) fn waiter_continues(
    operation: &'static Operation,
    waiter: &str,
    calls: u32,
    delay: Duration,
) {
    let delay = milliseconds(delay);
    debug!(
        target: "attache::waiter",
        {
            rpc.method = %RpcMethod(operation),
            waiter,
            state = "retry",
            calls,
            delay_ms = delay,
        },
        "{waiter} calls again in {delay} ms after {}",
        Calls(calls),
    );
}

/// A waiter ended: in the expected state, or with an error.
pub(crate) fn waiter_ended<S>(
    operation: &'static Operation,
    waiter: &str,
    calls: u32,
    duration: Duration,
    error: Option<&Error<S>>,
) {
    ended(operation, waiter, calls, duration, error.map(Cause::from));
}

/// This is separate from [`waiter_ended`], which is compiled for every service.
#[inline]
fn ended(
    operation: &'static Operation,
    waiter: &str,
    calls: u32,
    duration: Duration,
    cause: Option<Cause<'_>>,
) {
    let duration = milliseconds(duration);
    let count = Calls(calls);
    let state = match cause {
        None => "success",
        Some(_) => "failure",
    };
    let words = match cause {
        None => "reached its state".to_text(),
        Some(cause) => format!("ended with {}", Words(cause)),
    };
    info!(
        target: "attache::waiter",
        {
            rpc.method = %RpcMethod(operation),
            waiter,
            state,
            error.type = cause.map(|cause| tracing::field::display(ErrorType(cause))),
            calls,
            duration_ms = duration,
        },
        "{waiter} {words} after {count} in {duration} ms",
    );
}

/// A page was received.
#[inline]
pub(crate) fn page_received(operation: &'static Operation, page: u64, is_last: bool) {
    let rest = if is_last { ", the last one" } else { "" };
    debug!(
        target: "attache::page",
        {
            rpc.method = %RpcMethod(operation),
            page,
            is_last,
        },
        "page {page} received{rest}",
    );
}

/// A number of calls in words.
struct Calls(u32);

impl std::fmt::Display for Calls {
    #[inline]
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(formatter, "{} call{plural}", self.0)
    }
}
