//! The report of one call: its span, the spans of its attempts, the events, and the metrics.
//!
//! A report is begun when a call is polled for the first time. It ends with the call; a call that is dropped ends its
//! report as well.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use http::Method;
#[cfg(feature = "tracing")]
use tracing::Instrument;

#[cfg(feature = "tracing")]
use super::events::{self, End};
#[cfg(feature = "metrics")]
use super::measures;
use super::server::Server;
#[cfg(feature = "tracing")]
use super::wire::Wire;
use crate::body::Body;
use crate::error::Failure;
use crate::interceptor::{Attempt, Outcome};
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::operation::Operation;
#[cfg(feature = "tracing")]
use crate::texts::ToText as _;
use crate::timer::Timer;

/// The report of one call.
pub(crate) struct CallReport {
    operation: &'static Operation,
    timer: Arc<dyn Timer>,
    start: Duration,
    last: Mutex<Last>,
    is_open: bool,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
    #[cfg(feature = "tracing")]
    wire: Option<Wire>,
}

/// What is known of the last attempt.
#[derive(Default)]
struct Last {
    #[cfg(feature = "tracing")]
    attempts: u32,
    #[cfg(feature = "metrics")]
    server: Option<Server>,
    #[cfg(feature = "tracing")]
    status: Option<u16>,
    #[cfg(feature = "tracing")]
    request_id: Option<String>,
}

impl CallReport {
    /// Begins the report of a call.
    pub(crate) fn begin(
        operation: &'static Operation,
        region: Option<&str>,
        timer: Arc<dyn Timer>,
    ) -> Self {
        #[cfg(feature = "metrics")]
        measures::call_begun(operation);
        #[cfg(not(feature = "tracing"))]
        let _ = region;
        Self {
            operation,
            start: timer.elapsed(),
            timer,
            last: Mutex::default(),
            is_open: true,
            #[cfg(feature = "tracing")]
            span: events::call_span(operation, region),
            #[cfg(feature = "tracing")]
            wire: None,
        }
    }

    /// Shows the messages of the call.
    #[cfg(feature = "tracing")]
    pub(crate) fn with_wire(mut self, wire: Option<Wire>) -> Self {
        self.wire = wire;
        self
    }

    /// Takes note of the request as the operation has written it.
    pub(crate) fn encoded(&self, request: &HttpRequest) {
        #[cfg(feature = "tracing")]
        if let Some(wire) = &self.wire {
            wire.encoded(request);
        }
        #[cfg(not(feature = "tracing"))]
        let _ = request;
    }

    /// Runs a future inside of the span of the call.
    pub(crate) fn within<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        #[cfg(feature = "tracing")]
        let future = future.instrument(self.span.clone());
        future
    }

    /// Adds the id that all attempts of the call share.
    pub(crate) fn identified(&self, invocation_id: &str) {
        #[cfg(feature = "tracing")]
        self.span.record("invocation_id", invocation_id);
        #[cfg(not(feature = "tracing"))]
        let _ = invocation_id;
    }

    /// Begins the report of an attempt.
    pub(crate) fn attempt(&self, attempt: &Attempt<'_>, method: &Method) -> AttemptReport<'_> {
        let _ = (attempt, method);
        AttemptReport {
            call: self,
            #[cfg(feature = "tracing")]
            number: attempt.number,
            #[cfg(feature = "metrics")]
            method: method.clone(),
            #[cfg(feature = "tracing")]
            span: events::attempt_span(&self.span, attempt, method),
        }
    }

    /// Reports that another attempt follows after a pause.
    pub(crate) fn retrying(&self, next: u32, max_attempts: u32, delay: Duration, after: &Failure) {
        #[cfg(feature = "metrics")]
        measures::retrying(self.operation, after);
        #[cfg(feature = "tracing")]
        events::retrying(self.operation, next, max_attempts, delay, after);
        #[cfg(not(feature = "tracing"))]
        let _ = (next, max_attempts, delay);
    }

    /// Reports that later requests are signed with the time of the service, which is ahead by `skew` milliseconds.
    pub(crate) fn clock_shifted(&self, skew: i64) {
        #[cfg(feature = "tracing")]
        events::clock_shifted(self.operation, skew);
        #[cfg(not(feature = "tracing"))]
        let _ = skew;
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
        let duration = self.timer.elapsed().saturating_sub(self.start);
        let last = self.last();
        #[cfg(feature = "metrics")]
        measures::call_ended(self.operation, last.server.as_ref(), duration, failure);
        #[cfg(feature = "tracing")]
        let end = End {
            operation: self.operation,
            status: last.status,
            request_id: last.request_id.as_deref(),
            attempts: last.attempts,
            duration,
        };
        #[cfg(feature = "tracing")]
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
    #[inline(never)]
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        let duration = self.timer.elapsed().saturating_sub(self.start);
        let last = self.last();
        #[cfg(feature = "metrics")]
        measures::call_ended(self.operation, last.server.as_ref(), duration, None);
        #[cfg(feature = "tracing")]
        events::call_dropped(&self.span, self.operation, last.attempts, duration);
    }
}

/// The report of one attempt.
pub(crate) struct AttemptReport<'a> {
    call: &'a CallReport,
    #[cfg(feature = "tracing")]
    number: u32,
    #[cfg(feature = "metrics")]
    method: Method,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl AttemptReport<'_> {
    /// Runs a future inside of the span of the attempt.
    pub(crate) fn within<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        #[cfg(feature = "tracing")]
        let future = future.instrument(self.span.clone());
        future
    }

    /// Reports that the request is passed to the transport.
    pub(crate) fn sent(
        &self,
        request: http::Request<Body>,
        hides_host: bool,
    ) -> http::Request<Body> {
        let server = Server::of(request.uri(), hides_host);
        #[cfg(feature = "tracing")]
        if let Some(wire) = &self.call.wire {
            wire.sent(self.call.operation, &request);
        }
        #[cfg(feature = "tracing")]
        {
            if self.call.last().attempts == 0 {
                events::address(&self.call.span, &server);
            }
            events::address(&self.span, &server);
        }
        *self.call.last() = Last {
            #[cfg(feature = "tracing")]
            attempts: self.number,
            #[cfg(feature = "metrics")]
            server: Some(server),
            #[cfg(feature = "tracing")]
            status: None,
            #[cfg(feature = "tracing")]
            request_id: None,
        };
        #[cfg(feature = "metrics")]
        let request = measures::attempt_begun(self.call.operation, request);
        request
    }

    /// Reports what was received.
    pub(crate) fn received(
        &self,
        result: Result<HttpResponse, Failure>,
    ) -> Result<HttpResponse, Failure> {
        #[cfg(feature = "tracing")]
        if let Some(wire) = &self.call.wire {
            match &result {
                Ok(response) => wire.received(self.call.operation, response, None),
                Err(failure) => {
                    if let Some(response) = failure.response() {
                        let shape = failure.shape().or(failure.code());
                        wire.received(self.call.operation, response, shape);
                    }
                }
            }
        }
        #[cfg(feature = "metrics")]
        let result = measures::received(self.call.operation, result);
        result
    }

    /// Reports how the attempt ended.
    #[inline(never)]
    pub(crate) fn ended(&self, outcome: &Outcome<'_>) {
        #[cfg(feature = "tracing")]
        {
            let mut last = self.call.last();
            last.status = outcome.status;
            last.request_id = outcome.request_id.map(str::to_text);
        }
        #[cfg(feature = "metrics")]
        let server = self.call.last().server.clone();
        #[cfg(feature = "metrics")]
        measures::attempt_ended(self.call.operation, &self.method, server.as_ref(), outcome);
        #[cfg(feature = "tracing")]
        events::attempt_ended(self.call.operation, self.number, &self.span, outcome);
    }
}
