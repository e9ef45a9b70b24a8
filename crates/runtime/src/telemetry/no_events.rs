//! Events outside of calls that are not reported, for builds without the feature `tracing`.

use std::time::Duration;

use crate::Timestamp;
use crate::error::Error;
use crate::plumbing::operation::Operation;

pub(crate) fn credentials_fetched(_: bool, _: Option<Timestamp>) {}

pub(crate) fn credentials_kept(_: Option<Timestamp>, _: &dyn std::error::Error) {}

/// What a view of the wire would need: nothing.
#[derive(Clone, Copy)]
pub(crate) struct View;

pub(crate) fn waiter_continues(_: &'static Operation, _: &str, _: u32, _: Duration) {}

pub(crate) fn waiter_ended<S>(
    _: &'static Operation,
    _: &str,
    _: u32,
    _: Duration,
    _: Option<&Error<S>>,
) {
}

pub(crate) fn page_received(_: &'static Operation, _: u64, _: bool) {}
