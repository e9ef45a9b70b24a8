//! The common part of every call: attempts, the pauses between them, and time limits.
//!
//! The core does not depend on an operation and has no type parameters, so it is compiled once for all of them. A
//! generated operation passes an encoded request and its metadata to the core, and decodes the response.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::BoxFuture;
use crate::attempt::{Ended, Invocation, headers};
use crate::call::Call;
use crate::call_options::CallOptions;
use crate::clock_skew::ClockSkew;
use crate::config::{CallSettings, Config, Settings};
use crate::error::{ErrorKind, Failure};
use crate::operation::{DryRun, Request};
use crate::plumbing::endpoint::{ContextValue, Endpoint, is_valid_host_label};
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::operation::{Operation, Service};
use crate::random::RandomSource;
use crate::retry::classification::{Meaning, is_repeatable, retry_after};
use crate::retry::{FailedAttempt, Retry, RetryPolicy, RetryReason};
use crate::signing::Destination;
use crate::timer::{Timer, within};
use crate::validation::Level;
use crate::{random, trace, user_agent};

/// The part of a client that is the same for every service. Clones share everything.
#[derive(Clone)]
pub struct Core(Arc<Shared>, Level);

pub(crate) struct Shared {
    pub(crate) service: &'static Service,
    config: Config,
    destination: OnceLock<Result<Destination, String>>,
    user_agent: HeaderValue,
    policy: Arc<dyn RetryPolicy>,
    pub(crate) clock_skew: ClockSkew,
}

impl fmt::Debug for Core {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Core")
            .field("service", &self.0.service.sdk_id)
            .field("config", &self.0.config)
            .finish_non_exhaustive()
    }
}

impl Core {
    /// A core for one service.
    pub fn new(service: &'static Service, config: &Config) -> Self {
        let calls = &config.0.calls;
        let shared = Shared {
            service,
            config: config.clone(),
            destination: OnceLock::new(),
            user_agent: user_agent::header(service, calls),
            policy: calls.policy(service.sdk_id),
            clock_skew: ClockSkew::new(calls.clock_skew_correction),
        };
        Self(Arc::new(shared), config.0.validation)
    }

    /// The same core with another validation level.
    #[must_use]
    pub fn with_validation(&self, level: Level) -> Self {
        Self(Arc::clone(&self.0), level)
    }

    /// The configuration that it was made with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Calls an operation.
    pub fn send<R: Request>(
        &self,
        request: R,
        options: CallOptions,
    ) -> Call<R::Response, R::ServiceError> {
        Call::new(R::OPERATION, self.start(request, options), R::decode)
    }

    /// Calls an operation as a dry run, which the request states ([`Request::is_dry_run`]).
    pub fn dry_run<R: Request>(
        &self,
        request: R,
        options: CallOptions,
    ) -> Call<DryRun, R::ServiceError> {
        Call::new(R::OPERATION, self.start(request, options), |_| Ok(DryRun))
    }

    pub(crate) fn timer(&self) -> &dyn Timer {
        &*self.0.calls().timer
    }

    pub(crate) fn random(&self) -> &dyn RandomSource {
        &*self.0.calls().random
    }

    fn start<R: Request>(
        &self,
        mut request: R,
        options: CallOptions,
    ) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        request.fill_idempotency_token(&|| self.0.config.0.tokens.token());
        let is_dry_run = request.is_dry_run();
        // Before the first poll and before any I/O.
        let encoded = match request.validate(options.validation.unwrap_or(self.1)) {
            Ok(()) => request.encode().map_err(Failure::from),
            Err(violations) => Err(Failure::from(violations)),
        };
        self.dispatch(R::OPERATION, is_dry_run, encoded, options)
    }

    /// The part for every operation. It has no type parameters, so that no client compiles it again.
    #[inline(never)]
    fn dispatch(
        &self,
        operation: &'static Operation,
        is_dry_run: bool,
        encoded: Result<HttpRequest, Failure>,
        options: CallOptions,
    ) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let response = self.call_encoded(operation, encoded, options);
        match operation.dry_run_error.filter(|_| is_dry_run) {
            Some(error) => Box::pin(async move { dry_run_outcome(response.await, error) }),
            None => response,
        }
    }

    /// Sends an encoded request, with retries where these are necessary and safe, and returns the successful response.
    pub fn call(
        &self,
        operation: &'static Operation,
        request: Result<HttpRequest, impl Into<Failure>>,
        options: CallOptions,
    ) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        self.call_encoded(operation, request.map_err(Into::into), options)
    }

    /// An async block is compiled together with its function, so this function must not be generic.
    #[inline(never)]
    fn call_encoded(
        &self,
        operation: &'static Operation,
        request: Result<HttpRequest, Failure>,
        options: CallOptions,
    ) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let core = self.clone();
        Box::pin(async move {
            let progress = Progress::default();
            let result = match request {
                Ok(request) => core.0.run(operation, request, options, &progress).await,
                Err(failure) => Err(failure),
            };
            progress.conclude(operation, result)
        })
    }
}

/// The progress of a call, which is kept outside of the future that a timeout drops.
#[derive(Default)]
struct Progress {
    attempts: AtomicU32,
    /// Whether a request was sent whose result is unknown.
    in_flight: AtomicBool,
    /// Whether the service may have acted on an attempt that ended.
    may_have_acted: AtomicBool,
}

impl Progress {
    fn ended(&self, may_have_acted: bool) {
        self.in_flight.store(false, Ordering::Relaxed);
        self.may_have_acted
            .fetch_or(may_have_acted, Ordering::Relaxed);
    }

    fn conclude(
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

impl Shared {
    /// The invocation header of a call.
    pub(crate) fn user_agent(&self, invocation: &Invocation) -> HeaderValue {
        match invocation.options.feature {
            Some(feature) => user_agent::with_feature(&self.user_agent, feature),
            None => self.user_agent.clone(),
        }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.config.0
    }

    pub(crate) fn calls(&self) -> &CallSettings {
        &self.config.0.calls
    }

    /// The endpoint of this client: the result of the endpoint rules, evaluated once.
    pub(crate) fn destination(&self) -> Result<&Destination, Failure> {
        let resolved = self.destination.get_or_init(|| self.resolve(None, &[]));
        resolved
            .as_ref()
            .map_err(|message| Failure::new(ErrorKind::Configuration, message.clone()))
    }

    /// Evaluates the endpoint rules; `url` is an endpoint for this request only, `context` that of its operation.
    pub(crate) fn resolve(
        &self,
        url: Option<&str>,
        context: &'static [(&'static str, ContextValue)],
    ) -> Result<Destination, String> {
        let mut parameters = self.settings().parameters.clone();
        parameters.context = context;
        if parameters.region.is_none() {
            parameters.region = self.service.default_region.map(str::to_owned);
        }
        if let Some(region) = &parameters.region
            && !is_valid_host_label(region, false)
        {
            return Err(format!("`{region}` is not the name of a region"));
        }
        if let Some(url) = url {
            parameters.endpoint = Some(url.to_owned());
        }
        if let (None, Some(sources)) = (&parameters.endpoint, &self.settings().endpoints) {
            parameters.endpoint = sources.endpoint_url(self.service.sdk_id)?;
        }
        let endpoint: Endpoint = (self.service.endpoint)(&parameters).map_err(|error| {
            if parameters.region.is_some() {
                return error.to_string();
            }
            let sources = self.settings().endpoints.as_ref();
            let remarks = sources.map(|sources| sources.profiles.remarks());
            let remarks = remarks.unwrap_or_default();
            format!("{error}; set a region in code or with AWS_REGION{remarks}")
        })?;
        Destination::new(
            self.service,
            &endpoint,
            parameters.region.as_deref(),
            self.settings().plain_http,
        )
    }

    /// Runs a call within the time that it may take.
    async fn run(
        &self,
        operation: &'static Operation,
        request: HttpRequest,
        options: CallOptions,
        progress: &Progress,
    ) -> Result<HttpResponse, Failure> {
        let calls = self.calls();
        let limits = calls.limits(&options, &request.body);
        let invocation = Invocation {
            operation,
            id: random::uuid(&*calls.random),
            max_attempts: options
                .max_attempts
                .or(calls.max_attempts)
                .unwrap_or_else(|| self.policy.max_attempts())
                .max(1),
            attempt_timeout: limits.attempt,
            options,
        };
        let attempts = self.attempts(&invocation, request, progress);
        let attempts = pin!(trace::call(operation, &invocation.id, attempts));
        match within(&*calls.timer, limits.operation, attempts).await {
            Some(result) => result,
            None => {
                let limit = limits.operation;
                let message = format!("the call may take {limit:?}, and it took longer");
                Err(Failure::new(ErrorKind::Timeout, message))
            }
        }
    }

    async fn attempts(
        &self,
        invocation: &Invocation,
        mut request: HttpRequest,
        progress: &Progress,
    ) -> Result<HttpResponse, Failure> {
        // This is done once, so that every attempt sends the same bytes.
        #[cfg(feature = "request-compression")]
        crate::payload::compress(&mut request, self.settings().compression_minimum);
        #[cfg(feature = "content-md5")]
        crate::payload::content_md5(&mut request);
        let timer = &*self.calls().timer;
        let mut last = None;
        let mut number = 0_u32;
        loop {
            number = number.saturating_add(1);
            self.await_leave().await;
            let replayable = request.is_replayable();
            let sent = || {
                progress.attempts.store(number, Ordering::Relaxed);
                progress.in_flight.store(true, Ordering::Relaxed);
            };
            let ended = self
                .attempt(invocation, number, request.take_copy(), sent)
                .await;
            let failure = ended.result.as_ref().err();
            self.policy
                .after_attempt(timer.elapsed(), failure.is_some_and(Failure::is_throttled));
            let Some(failure) = failure else {
                progress.ended(false);
                self.policy.after_success(last);
                return ended.result;
            };
            let meaning = self.meaning(&ended, failure);
            progress.ended(meaning.may_have_acted);
            let attempts_left = number < invocation.max_attempts && replayable;
            if !attempts_left || (meaning.may_have_acted && !self.may_repeat(invocation)) {
                return ended.result;
            }
            let Some(retry) = self.retry(number, meaning, failure) else {
                return ended.result;
            };
            timer.sleep(retry.delay).await;
            last = Some(retry);
        }
    }

    /// Waits until the policy permits a request.
    async fn await_leave(&self) {
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
    fn meaning(&self, ended: &Ended, failure: &Failure) -> Meaning {
        let meaning = Meaning::of(self.service, failure);
        let refused = meaning.reason == RetryReason::Permanent && !meaning.may_have_acted;
        if refused
            && self
                .clock_skew
                .correct(failure.code(), ended.skew, ended.signed_with)
        {
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

    fn retry(&self, attempt: u32, meaning: Meaning, failure: &Failure) -> Option<Retry> {
        let asked = headers(failure).and_then(retry_after);
        let failed = FailedAttempt::new(attempt, meaning.reason, failure).retry_after(asked);
        self.policy.retry(&failed)
    }
}

/// The service responds to a successful dry run with an error. The caller gets an empty success.
fn dry_run_outcome(
    outcome: Result<HttpResponse, Failure>,
    accepted: &str,
) -> Result<HttpResponse, Failure> {
    match outcome {
        Err(failure) if failure.is_shape(accepted) => Ok(HttpResponse::new(
            200,
            HeaderMap::new(),
            Bytes::from_static(b"{}"),
        )),
        other => other,
    }
}

/// The limits of one call.
pub(crate) struct Limits {
    pub(crate) attempt: Duration,
    pub(crate) operation: Duration,
}
