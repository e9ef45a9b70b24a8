//! One attempt of a call: headers, signature, exchange, and reading the response.

use std::fmt;
use std::pin::pin;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::events::Events;
use super::shared::Shared;
use super::source::{Source, of_source};
use super::verification::Verification;
use crate::body::Body;
use crate::call_options::CallOptions;
use crate::clock_skew;
use crate::environment;
use crate::error::{ErrorKind, Failure};
use crate::interceptor::{Attempt, Outcome};
#[cfg(feature = "endpoint-discovery")]
use crate::plumbing::discovery::Discovery;
use crate::plumbing::endpoint::is_known_region;
use crate::plumbing::message::{Expected, HttpRequest, HttpResponse};
use crate::plumbing::operation::Operation;
use crate::plumbing::uri::host_and_port;
use crate::response_body::{Guard, Origin};
use crate::retry::classification::is_repeatable;
use crate::telemetry::{AttemptReport, CallReport};
use crate::texts::ToText as _;
use crate::timer::within;
use crate::transport::{SendOnce, TransportError, TransportErrorKind};
use crate::{error_code, response_body, signing};

const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");
/// What botocore encodes of a trace.
const TRACE_ID_ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'-')
    .remove(b'=')
    .remove(b';')
    .remove(b':')
    .remove(b'+')
    .remove(b'&')
    .remove(b'[')
    .remove(b']')
    .remove(b'{')
    .remove(b'}')
    .remove(b'"')
    .remove(b'\'')
    .remove(b',');

/// What stays the same for all attempts of a call.
pub(super) struct Invocation {
    pub(super) operation: &'static Operation,
    /// How the endpoint is found, if the service names it.
    #[cfg(feature = "endpoint-discovery")]
    pub(super) discovery: Option<&'static Discovery>,
    pub(super) id: String,
    pub(super) max_attempts: u32,
    pub(super) attempt_timeout: Duration,
    pub(super) operation_timeout: Duration,
    pub(super) options: CallOptions,
}

/// An attempt that has ended.
pub(super) struct Ended {
    pub(super) result: Result<HttpResponse, Failure>,
    /// How far the service's clock is ahead, in milliseconds, if the response contained its time.
    pub(super) skew: Option<i64>,
    /// What the request's time was shifted by, in milliseconds.
    pub(super) signed_with: i64,
}

/// The server of a request as text. It is made only for a failure, and for a body that may fail later.
struct Peer(Option<Uri>);

impl fmt::Display for Peer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => formatter.write_str("a host that is not shown"),
            Some(url) => formatter.write_str(&host_and_port(url)),
        }
    }
}

impl Shared {
    /// Says where a request was sent to, and that the region in the name of that host may be misspelled: the rules of most
    /// services make a host of any region.
    #[inline(never)]
    fn sent_to(&self, failure: Failure, peer: String) -> Failure {
        let region = self.settings().parameters.region.as_deref();
        let unknown = region.filter(|region| {
            failure.kind() == ErrorKind::Connect
                && !is_known_region(region)
                && peer.split('.').any(|label| label == *region)
        });
        failure.of_unknown_region(unknown).with_peer(peer)
    }

    /// Makes one attempt. `sent` is called right before the request is passed to the transport.
    pub(super) async fn attempt(
        &self,
        invocation: &Invocation,
        number: u32,
        request: Box<HttpRequest>,
        call: &CallReport,
        sent: impl FnOnce() + Send,
    ) -> Ended {
        let attempt = Attempt {
            service: self.service.sdk_id,
            operation: invocation.operation.name,
            number,
            invocation_id: &invocation.id,
        };
        let report = call.attempt(&attempt, &request.method);
        let made = self.make(invocation, &attempt, request, &report, sent);
        report.within(made).await
    }

    async fn make(
        &self,
        invocation: &Invocation,
        attempt: &Attempt<'_>,
        mut request: Box<HttpRequest>,
        report: &AttemptReport<'_>,
        sent: impl FnOnce() + Send,
    ) -> Ended {
        let signed_with = self.clock_skew.correction();
        let (events, input) = Events::begin(self, &mut request, signed_with);
        let hides_host = request.hides_host;
        let expected = request.expected;
        let verification = Verification::of(&request);
        let prepared = self.prepare(invocation, attempt, request, signed_with);
        let mut request = match prepared.await {
            Ok(request) => request,
            Err(failure) => {
                return Ended {
                    result: Err(failure),
                    skew: None,
                    signed_with,
                };
            }
        };
        if !is_repeatable(invocation.operation) {
            request.extensions_mut().insert(SendOnce);
        }
        events.mark(&mut request);
        let source = Source::of(&mut request);
        let peer = Peer((!hides_host).then(|| request.uri().clone()));
        sent();
        let request = report.sent(request, hides_host);
        let timer = &*self.calls().timer;
        let start = timer.elapsed();
        let mut skew = None;
        let exchanged = self.exchange_in_time(
            invocation,
            (request, events, &peer),
            verification,
            start,
            &mut skew,
        );
        let result = exchanged.await;
        let result = result.and_then(|response| judged(invocation.operation, expected, response));
        let result = result.map_err(|failure| {
            let failure = source.cause(input.cause(failure));
            self.sent_to(failure, peer.to_string())
        });
        let result = report.received(result);
        let duration = timer.elapsed().saturating_sub(start);
        self.report(attempt, duration, &result, report);
        Ended {
            result,
            skew,
            signed_with,
        }
    }

    /// Exchanges the messages within the time that an attempt may take.
    async fn exchange_in_time(
        &self,
        invocation: &Invocation,
        request: (http::Request<Body>, Events, &Peer),
        verification: Verification,
        start: Duration,
        skew: &mut Option<i64>,
    ) -> Result<HttpResponse, Failure> {
        let exchange = self.exchange(invocation.operation, request, verification, start, skew);
        let limit = invocation.attempt_timeout;
        let exchanged = within(&*self.calls().timer, limit, pin!(exchange)).await;
        exchanged.unwrap_or_else(|| {
            let message = format!("an attempt may take {limit:?}, and this one took longer");
            Err(Failure::new(ErrorKind::Timeout, message))
        })
    }

    /// Completes the headers and authenticates the request.
    async fn prepare(
        &self,
        invocation: &Invocation,
        attempt: &Attempt<'_>,
        mut request: Box<HttpRequest>,
        skew: i64,
    ) -> Result<http::Request<Body>, Failure> {
        #[cfg_attr(not(feature = "endpoint-discovery"), expect(unused_mut))]
        let mut own = self
            .own_destination(invocation.operation, &mut request)
            .await?;
        #[cfg(feature = "endpoint-discovery")]
        if let Some(url) = request.discovered.take() {
            let destination = match &own {
                Some(destination) => destination,
                None => self.destination()?,
            };
            own = Some(self.moved(destination, &url)?);
        }
        let destination = match &own {
            Some(destination) => destination,
            None => self.destination()?,
        };
        destination.validate_region(invocation.operation)?;
        for interceptor in &self.calls().interceptors {
            interceptor.before_attempt(attempt, &mut request.headers);
        }
        if let Some(id) = self.trace_id() {
            request.headers.entry(TRACE_ID).or_insert(id);
        }
        let text = |value: &str| {
            HeaderValue::from_str(value).map_err(|error| Failure::new(ErrorKind::Request, error))
        };
        request.headers.insert(INVOCATION_ID, text(&invocation.id)?);
        let progress = self.progress_header(invocation, attempt.number, &request.body);
        request.headers.insert(SDK_REQUEST, text(&progress)?);
        let operation = invocation.operation;
        let authorization = self.authorization(operation, &request, destination).await?;
        let agent = self.user_agent(&invocation.options, &authorization, &request);
        request.headers.insert(http::header::USER_AGENT, agent);
        if let (Some(segments), true) = (&request.segments, authorization.is_signature()) {
            segments.hash().await.map_err(of_source)?;
        }
        // Fetching credentials may have taken a while, and so may hashing.
        let now = self.settings().time.now();
        let time = clock_skew::shift(now, skew).unwrap_or(now);
        signing::prepare(
            operation,
            destination,
            *request,
            &authorization,
            &self.keys,
            time,
        )
    }

    /// The trace that a function of Lambda passes on, so that functions which call themselves are found (AWS SDKs call this
    /// "recursion detection"). It changes with each invocation of the function.
    fn trace_id(&self) -> Option<HeaderValue> {
        if !self.is_in_lambda {
            return None;
        }
        let environment = &*self.settings().sources.as_ref()?.environment;
        let id = environment::set(environment, "_X_AMZN_TRACE_ID")?;
        HeaderValue::from_str(&utf8_percent_encode(&id, TRACE_ID_ENCODED).to_string()).ok()
    }

    /// `amz-sdk-request`: until when the client waits, by the service's clock; which attempt it is, and of how many.
    /// The time is left out while the service's clock is unknown, and for streamed requests, whose end is too.
    fn progress_header(&self, invocation: &Invocation, number: u32, body: &Body) -> String {
        let max = invocation.max_attempts;
        let wait = i64::try_from(invocation.attempt_timeout.as_millis());
        let now = self.clock_skew.service_time(self.settings().time.now());
        let deadline = match (now, wait, body) {
            (Some(now), Ok(wait), Body::Bytes(_)) => clock_skew::shift(now, wait),
            _ => None,
        };
        match deadline {
            Some(time) => format!("ttl={}; attempt={number}; max={max}", time.format_basic()),
            None => format!("attempt={number}; max={max}"),
        }
    }

    async fn exchange(
        &self,
        operation: &'static Operation,
        (request, events, peer): (http::Request<Body>, Events, &Peer),
        verification: Verification,
        start: Duration,
        skew: &mut Option<i64>,
    ) -> Result<HttpResponse, Failure> {
        let settings = self.settings();
        let response = settings
            .transport
            .send(request)
            .await
            .map_err(transport_failure)?;
        let round_trip = self.calls().timer.elapsed().saturating_sub(start);
        let (head, body) = response.into_parts();
        *skew = self
            .clock_skew
            .observe(&head.headers, settings.time.now(), round_trip);
        let status = head.status.as_u16();
        let success = head.status.is_success();
        let body = match success {
            true => verification.applied(&head.headers, body),
            false => body,
        };
        let guard = Guard::new(self.calls().timer.clone(), self.calls().read_timeout);
        let body = if success && operation.streaming_response {
            let origin = Origin {
                operation: operation.name,
                peer: peer.to_string(),
            };
            Body::Stream(guard.named(origin).watch(&head.headers, body))
        } else {
            let body = guard.watch(&head.headers, body);
            let read = response_body::read(&head.headers, body, settings.response_limit);
            match read.await {
                Ok(bytes) => Body::Bytes(bytes),
                Err(failure) => {
                    let response = HttpResponse::new(status, head.headers, "");
                    return Err(failure
                        .with_head(status, error_code::request_id(operation.service, &response)));
                }
            }
        };
        let mut response = HttpResponse::new(status, head.headers, "");
        response.body = body;
        response.value_limit = settings.value_limit;
        if success {
            return events.received(response).await;
        }
        let details = error_code::details(operation.service, &response);
        Err(Failure::from_response(response, details))
    }

    /// Reports the result of an attempt to the interceptors and in the trace.
    fn report(
        &self,
        attempt: &Attempt<'_>,
        duration: Duration,
        result: &Result<HttpResponse, Failure>,
        report: &AttemptReport<'_>,
    ) {
        let request_id = match result {
            Ok(response) => error_code::request_id(self.service, response),
            Err(failure) => failure.request_id().map(str::to_text),
        };
        let outcome = Outcome {
            status: match result {
                Ok(response) => Some(response.status()),
                Err(failure) => failure.status(),
            },
            request_id: request_id.as_deref(),
            duration,
            failure: result.as_ref().err(),
        };
        report.ended(&outcome);
        for interceptor in &self.calls().interceptors {
            interceptor.after_attempt(attempt, &outcome);
        }
    }
}

/// A response whose status may be that of a success although it is an error. Like in botocore, such an error has the status
/// 500, so it is retried where that is safe.
fn judged(
    operation: &Operation,
    expected: Expected,
    mut response: HttpResponse,
) -> Result<HttpResponse, Failure> {
    response.encoded_texts = expected.encoded_texts;
    if !expected.errors_in_success || !error_code::is_error_in_success(&response) {
        return Ok(response);
    }
    response.status = 500;
    let details = error_code::details(operation.service, &response);
    Err(Failure::from_response(response, details))
}

fn transport_failure(error: TransportError) -> Failure {
    let kind = match error.kind() {
        TransportErrorKind::Setup => ErrorKind::Configuration,
        TransportErrorKind::Connect => ErrorKind::Connect,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Io => ErrorKind::Io,
    };
    let proxy = error.proxy().map(str::to_text);
    Failure::new(kind, error).with_proxy(proxy)
}
