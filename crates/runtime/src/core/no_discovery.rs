//! What stands for the discovery of endpoints in clients of services that name none.

use std::future::{Ready, ready};

use super::attempt::Invocation;
use super::shared::Shared;
use crate::error::Failure;
use crate::plumbing::message::HttpRequest;

/// Nothing was discovered.
pub(super) struct Discovered;

impl Shared {
    pub(super) fn discover(
        &self,
        _: &Invocation,
        _: &mut HttpRequest,
    ) -> Ready<Result<Discovered, Failure>> {
        // The setting is for all clients of a program, and means nothing to this one.
        let _ = self.settings().endpoint_discovery;
        ready(Ok(Discovered))
    }

    pub(super) fn was_misdirected(&self, _: &Invocation, _: &Discovered, _: &Failure) -> bool {
        false
    }
}
