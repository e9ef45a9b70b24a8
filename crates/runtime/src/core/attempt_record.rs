//! A record of the attempts of a call: their number, and whether one may have had an effect.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    /// The failure of the last attempt that was repeated.
    failure: Mutex<Option<String>>,
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

    /// Records the failure of an attempt that is repeated.
    #[inline(never)]
    pub(super) fn repeated(&self, failure: &Failure) {
        *self.failure() = Some(format!("{failure:#}"));
    }

    /// The failure of the attempt before the last one.
    pub(super) fn earlier_failure(&self) -> Option<String> {
        self.failure().take()
    }

    fn failure(&self) -> MutexGuard<'_, Option<String>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
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
