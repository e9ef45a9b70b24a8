//! Events outside of calls that are not reported, for builds without the feature `tracing`.

use crate::Timestamp;

pub(crate) fn credentials_fetched(_: bool, _: Option<Timestamp>) {}

pub(crate) fn credentials_kept(_: Option<Timestamp>, _: &dyn std::error::Error) {}

/// What a view of the wire would need: nothing.
#[derive(Clone, Copy)]
pub(crate) struct View;
