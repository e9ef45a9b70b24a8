//! The report of one call: its span, the spans of its attempts, and the event at its end.
//!
//! A report is begun when a call is polled for the first time. It ends with the call; a call that is dropped ends its
//! report as well.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use http::{Method, Uri};
use tracing::Instrument;

use super::events::{self, End};
use crate::error::Failure;
use crate::interceptor::{Attempt, Outcome};
use crate::plumbing::operation::Operation;
use crate::timer::Timer;

/// The report of one call.
pub(crate) struct CallReport {
    operation: &'static Operation,
    timer: Arc<dyn Timer>,
    start: Duration,
    last: Mutex<Last>,
    is_open: bool,
    span: tracing::Span,
}

/// What is known of the last attempt.
#[derive(Default)]
struct Last {
    attempts: u32,
    status: Option<u16>,
    request_id: Option<String>,
}

impl CallReport {
    /// Begins the report of a call.
    pub(crate) fn begin(
        operation: &'static Operation,
        region: Option<&str>,
        timer: Arc<dyn Timer>,
    ) -> Self {
        Self {
            operation,
            start: timer.elapsed(),
            timer,
            last: Mutex::default(),
            is_open: true,
            span: events::call_span(operation, region),
        }
    }

    /// Runs a future inside of the span of the call.
    pub(crate) fn within<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        future.instrument(self.span.clone())
    }

    /// Adds the id that all attempts of the call share.
    pub(crate) fn identified(&self, invocation_id: &str) {
        self.span.record("invocation_id", invocation_id);
    }

    /// Begins the report of an attempt.
    pub(crate) fn attempt(&self, attempt: &Attempt<'_>, method: &Method) -> AttemptReport<'_> {
        AttemptReport {
            call: self,
            number: attempt.number,
            span: events::attempt_span(&self.span, attempt, method),
        }
    }

    /// Reports that another attempt follows after a pause.
    pub(crate) fn retrying(&self, next: u32, max_attempts: u32, delay: Duration, after: &Failure) {
        events::retrying(self.operation, next, max_attempts, delay, after);
    }

    /// Reports that later requests are signed with the time of the service, which is ahead by `skew` milliseconds.
    pub(crate) fn clock_shifted(&self, skew: i64) {
        events::clock_shifted(self.operation, skew);
    }

    /// Reports the end of a call that failed.
    pub(crate) fn failed(mut self, failure: &Failure) {
        self.end(Some(failure));
    }

    /// Reports the end of a call that succeeded.
    pub(crate) fn succeeded(mut self) {
        self.end(None);
    }

    fn end(&mut self, failure: Option<&Failure>) {
        self.is_open = false;
        let last = self.last();
        let end = End {
            operation: self.operation,
            status: last.status,
            request_id: last.request_id.as_deref(),
            attempts: last.attempts,
            duration: self.timer.elapsed().saturating_sub(self.start),
        };
        events::call_ended(&self.span, &end, failure);
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        match self.last.lock() {
            Ok(last) => last,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

impl Drop for CallReport {
    fn drop(&mut self) {
        if self.is_open {
            let duration = self.timer.elapsed().saturating_sub(self.start);
            events::call_dropped(&self.span, self.operation, self.last().attempts, duration);
        }
    }
}

/// The report of one attempt.
pub(crate) struct AttemptReport<'a> {
    call: &'a CallReport,
    number: u32,
    span: tracing::Span,
}

impl AttemptReport<'_> {
    /// Runs a future inside of the span of the attempt.
    pub(crate) fn within<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        future.instrument(self.span.clone())
    }

    /// Reports that the request is passed to the transport, to be sent to this URL.
    pub(crate) fn sent(&self, uri: &Uri) {
        let before = std::mem::replace(
            &mut *self.call.last(),
            Last {
                attempts: self.number,
                ..Last::default()
            },
        );
        if before.attempts == 0 {
            events::address(&self.call.span, uri);
        }
        events::address(&self.span, uri);
    }

    /// Reports how the attempt ended.
    pub(crate) fn ended(&self, outcome: &Outcome<'_>) {
        let mut last = self.call.last();
        last.status = outcome.status;
        last.request_id = outcome.request_id.map(str::to_owned);
        drop(last);
        events::attempt_ended(self.call.operation, self.number, &self.span, outcome);
    }
}
