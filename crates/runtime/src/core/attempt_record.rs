//! A record of the attempts of a call: their number, and whether one may have had an effect.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::error::Failure;
use crate::plumbing::message::HttpResponse;
use crate::plumbing::operation::Operation;

/// The attempts of a call. The record is kept outside of the future that a timeout drops.
#[derive(Default)]
pub(super) struct AttemptRecord {
    attempts: AtomicU32,
    /// Whether a request was sent whose result is unknown.
    in_flight: AtomicBool,
    /// Whether the service may have acted on an attempt that ended.
    may_have_acted: AtomicBool,
}

impl AttemptRecord {
    /// Records that an attempt begins. Its result is unknown until `ended`.
    pub(super) fn began(&self, number: u32) {
        self.attempts.store(number, Ordering::Relaxed);
        self.in_flight.store(true, Ordering::Relaxed);
    }

    pub(super) fn ended(&self, may_have_acted: bool) {
        self.in_flight.store(false, Ordering::Relaxed);
        self.may_have_acted
            .fetch_or(may_have_acted, Ordering::Relaxed);
    }

    /// The result of the call, with the number of attempts and whether it may have had an effect.
    pub(super) fn conclude(
        &self,
        operation: &Operation,
        result: Result<HttpResponse, Failure>,
    ) -> Result<HttpResponse, Failure> {
        let attempts = self.attempts.load(Ordering::Relaxed);
        match result {
            Ok(mut response) => {
                response.attempts = attempts;
                Ok(response)
            }
            Err(failure) => {
                let acted = self.in_flight.load(Ordering::Relaxed)
                    || self.may_have_acted.load(Ordering::Relaxed);
                Err(failure
                    .during(operation.name, attempts)
                    .with_effect(acted && !operation.read_only))
            }
        }
    }
}
