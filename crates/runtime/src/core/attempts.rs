//! The attempts of a call, the pauses between them, and the time limit of the whole call.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::Method;

use super::attempt::{Ended, Invocation};
use super::attempt_record::AttemptRecord;
use super::region::resource;
use super::shared::Shared;
use crate::call_options::CallOptions;
use crate::endpoint::validate_region;
use crate::error::Failure;
use crate::error_code;
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::operation::Operation;
use crate::random;
use crate::retry::classification::{Meaning, is_repeatable, retry_after};
use crate::retry::long_poll::is_long_poll;
use crate::retry::{FailedAttempt, Retry, RetryReason};
use crate::telemetry::CallReport;
use crate::timer::within;

impl Shared {
    /// A call with its identifier and its limits.
    pub(super) fn invocation(
        &self,
        operation: &'static Operation,
        options: CallOptions,
        request: &HttpRequest,
    ) -> Invocation {
        let calls = self.calls();
        let limits = calls.limits(&options, request.timed_length());
        Invocation {
            operation,
            #[cfg(feature = "endpoint-discovery")]
            discovery: None,
            id: random::uuid(&*calls.random),
            max_attempts: options
                .max_attempts
                .or(calls.max_attempts)
                .unwrap_or_else(|| self.policy.max_attempts())
                .max(1),
            attempt_timeout: limits.attempt,
            operation_timeout: limits.operation,
            options,
        }
    }

    /// Runs a call within the time that it may take.
    pub(super) async fn run(
        self: &Arc<Self>,
        invocation: &Invocation,
        request: Box<HttpRequest>,
        record: &AttemptRecord,
        report: &CallReport,
    ) -> Result<HttpResponse, Failure> {
        report.identified(&invocation.id);
        let limit = invocation.operation_timeout;
        let attempts = pin!(self.attempts(invocation, request, record, report));
        match within(&*self.calls().timer, limit, attempts).await {
            Some(result) => result,
            None => Err(Failure::of_limit(limit, record.earlier_failure())),
        }
    }

    async fn attempts(
        self: &Arc<Self>,
        invocation: &Invocation,
        mut request: Box<HttpRequest>,
        record: &AttemptRecord,
        report: &CallReport,
    ) -> Result<HttpResponse, Failure> {
        self.complete(invocation.operation, &mut request).await?;
        report.encoded(&request);
        let timer = &*self.calls().timer;
        let begun = timer.elapsed();
        let (mut last, mut number) = (None, 0_u32);
        loop {
            number = number.saturating_add(1);
            let (replayable, is_read_once) = (request.is_replayable(), request.is_read_once());
            self.wait_for_policy().await;
            let discovered = self.discover(invocation, &mut request).await?;
            let ended = self.one(invocation, number, &mut request, record, report);
            let ended = ended.await;
            let Some(failure) = ended.result.as_ref().err() else {
                record.ended(false);
                self.policy.after_success(last);
                return ended.result;
            };
            let attempts_left = number < invocation.max_attempts && replayable;
            let region = self.other_region(&request, failure);
            if region.is_some() || self.was_misdirected(invocation, &discovered, failure) {
                // The endpoint did nothing but refuse the request. The next attempt goes to another one at once.
                record.ended(false);
                let may_move = replayable && !request.region.redirected;
                if !region.as_ref().map_or(attempts_left, |_| may_move) {
                    return ended.result.map_err(|failure| failure.of_region(region));
                }
                report.retrying(number + 1, invocation.max_attempts, Duration::ZERO, failure);
                self.regions.learn(&mut request, region);
                continue;
            }
            let meaning = self.meaning(&ended, failure, report);
            record.ended(meaning.may_have_acted);
            let is_final = number >= invocation.max_attempts
                || (meaning.may_have_acted && !self.may_repeat(invocation));
            if is_final || !replayable {
                let lacks_body = !is_final && is_read_once && meaning.is_transient();
                return ended.result.map_err(|of| of.of_body(lacks_body));
            }
            let left = self.left(invocation, begun);
            let retry = self.retry(invocation, (number, meaning), failure, left);
            let Some(retry) = retry.await else {
                return ended.result;
            };
            if left <= retry.delay {
                self.policy.after_unused(retry);
                return ended.result.map_err(|of| of.of_pause(retry.delay, left));
            }
            report.retrying(number + 1, invocation.max_attempts, retry.delay, failure);
            record.repeated(failure);
            timer.sleep(retry.delay).await;
            last = Some(retry);
        }
    }

    /// The time that a call has left.
    fn left(&self, invocation: &Invocation, begun: Duration) -> Duration {
        let passed = self.calls().timer.elapsed().saturating_sub(begun);
        invocation.operation_timeout.saturating_sub(passed)
    }

    /// Makes an attempt with a copy of the request.
    async fn one(
        &self,
        invocation: &Invocation,
        number: u32,
        request: &mut HttpRequest,
        record: &AttemptRecord,
        report: &CallReport,
    ) -> Ended {
        let copy = Box::new(request.take_copy());
        let sent = || record.began(number);
        let ended = self.attempt(invocation, number, copy, report, sent).await;
        let failure = ended.result.as_ref().err();
        let elapsed = self.calls().timer.elapsed();
        self.policy
            .after_attempt(elapsed, failure.is_some_and(Failure::is_throttled));
        ended
    }

    /// Completes a request. This is done once, so that every attempt sends the same bytes, and each to the region that is
    /// known.
    #[cfg_attr(
        not(feature = "form"),
        expect(clippy::unused_async, reason = "the copy for another region is signed")
    )]
    async fn complete(
        &self,
        operation: &'static Operation,
        request: &mut HttpRequest,
    ) -> Result<(), Failure> {
        crate::payload::query_as_form(request);
        #[cfg(feature = "form")]
        self.add_presigned_copy(operation, request).await?;
        #[cfg(feature = "request-compression")]
        crate::payload::compress(request, self.settings().compression_minimum);
        #[cfg(feature = "content-md5")]
        crate::payload::content_md5(request);
        #[cfg(feature = "http-checksum")]
        crate::checksum::choose(request, self.settings().checksums)?;
        self.regions.remember(request);
        #[cfg(not(feature = "form"))]
        let _ = operation;
        Ok(())
    }

    /// Waits until the policy permits a request.
    async fn wait_for_policy(&self) {
        let timer = &*self.calls().timer;
        loop {
            let wait = self.policy.before_attempt(timer.elapsed());
            if wait.is_zero() {
                return;
            }
            timer.sleep(wait).await;
        }
    }

    /// Classifies a failure. A refusal because of a wrong clock, which is now corrected, is transient.
    #[inline(never)]
    fn meaning(&self, ended: &Ended, failure: &Failure, report: &CallReport) -> Meaning {
        let meaning = Meaning::of(self.service, failure);
        let refused = meaning.reason == RetryReason::Permanent && !meaning.may_have_acted;
        let code = failure.code();
        if refused && let Some(skew) = self.clock_skew.correct(code, ended.skew, ended.signed_with)
        {
            report.clock_shifted(skew);
            return Meaning {
                reason: RetryReason::Transient,
                may_have_acted: false,
            };
        }
        meaning
    }

    /// Whether a request may be sent again although the service may have acted on it.
    fn may_repeat(&self, invocation: &Invocation) -> bool {
        is_repeatable(invocation.operation)
            || invocation
                .options
                .retry_ambiguous
                .unwrap_or(self.calls().retry_ambiguous)
    }

    /// How the policy repeats a request. If it does not, a long poll waits, but not until its time limit ends it.
    async fn retry(
        &self,
        invocation: &Invocation,
        (attempt, meaning): (u32, Meaning),
        failure: &Failure,
        left: Duration,
    ) -> Option<Retry> {
        let asked = failure
            .response()
            .map(HttpResponse::headers)
            .and_then(retry_after);
        let failed = FailedAttempt::new(attempt, meaning.reason, failure).retry_after(asked);
        let retry = self.policy.retry(&failed);
        if retry.is_none() && is_long_poll(invocation.operation) {
            let pause = self.policy.pause_of_long_poll(&failed);
            if !pause.is_zero() && pause < left {
                self.calls().timer.sleep(pause).await;
            }
        }
        retry
    }

    /// The region that the service names in a refusal, if it is another one than the request was sent to.
    fn other_region(&self, request: &HttpRequest, failure: &Failure) -> Option<String> {
        let redirect = request.region.redirect?;
        let response = failure.response()?;
        let code = failure.code().unwrap_or_default();
        let is_other = match response.status() {
            301 | 302 | 307 => true,
            400 if request.method == Method::HEAD => true,
            _ => redirect.codes.contains(&code),
        };
        if !is_other || resource(request).is_none() {
            return None;
        }
        let named = response.header(redirect.header);
        let region = named.or_else(|| error_code::region(response))?;
        let own = self.settings().parameters.region.as_ref();
        let is_same = request.region.name.as_ref().or(own) == Some(&region);
        (!is_same && validate_region(&region).is_ok()).then_some(region)
    }
}
