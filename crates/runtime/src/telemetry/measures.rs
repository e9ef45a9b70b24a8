//! The counters and histograms of the crate `metrics`. The page of the module above lists their names and labels.
//!
//! A label has few values: the operations of the model, the codes of the model, statuses, and kinds of failures.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http_body::{Body as HttpBody, Frame, SizeHint};
use metrics::{Counter, Label, Unit, counter, describe_counter, describe_histogram, histogram};

use super::kind::kind_name;
use super::server::Server;
use crate::body::{Body, BoxError, ByteStream};
use crate::error::{ErrorKind, Failure};
use crate::error_code::THROTTLING_CODES;
use crate::interceptor::Outcome;
use crate::plumbing::message::HttpResponse;
use crate::plumbing::operation::Operation;
use crate::texts::ToText as _;

const CALLS: &str = "attache.calls";
const ATTEMPTS: &str = "attache.attempts";
const RETRIES: &str = "attache.retries";
const ERRORS: &str = "attache.errors";
const SENT: &str = "attache.sent";
const RECEIVED: &str = "attache.received";
const CALL_DURATION: &str = "rpc.client.call.duration";
const ATTEMPT_DURATION: &str = "http.client.request.duration";

/// Tells the recorder what the metrics mean.
pub(crate) fn describe() {
    describe_counter!(CALLS, Unit::Count, "Calls that were begun.");
    describe_counter!(
        ATTEMPTS,
        Unit::Count,
        "Requests that were passed to the transport."
    );
    describe_counter!(RETRIES, Unit::Count, "Requests that were sent again.");
    describe_counter!(ERRORS, Unit::Count, "Calls that failed.");
    describe_counter!(SENT, Unit::Bytes, "Bytes of request bodies.");
    describe_counter!(RECEIVED, Unit::Bytes, "Bytes of response bodies.");
    describe_histogram!(CALL_DURATION, Unit::Seconds, "The duration of calls.");
    describe_histogram!(ATTEMPT_DURATION, Unit::Seconds, "The duration of attempts.");
}

/// `error.type`, with few values: the code, if the model names it or it means throttling; or the status of the response;
/// or the kind of the failure.
fn error_type(operation: &Operation, failure: &Failure) -> String {
    if failure.kind() != ErrorKind::Service {
        return kind_name(failure.kind()).to_text();
    }
    let known = |code: &&str| {
        operation.service.modelled_errors.contains(code) || THROTTLING_CODES.contains(code)
    };
    match (
        failure.shape().or(failure.code()).filter(known),
        failure.status(),
    ) {
        (Some(code), _) => code.to_text(),
        (None, Some(status)) => status.to_string(),
        (None, None) => kind_name(ErrorKind::Service).to_text(),
    }
}

fn method(operation: &Operation) -> Label {
    let name = format!("{}/{}", operation.service.sdk_id, operation.name);
    Label::new("rpc.method", name)
}

fn error(operation: &Operation, failure: &Failure) -> Label {
    Label::new("error.type", error_type(operation, failure))
}

fn server_labels(labels: &mut Vec<Label>, server: Option<&Server>) {
    if let Some(server) = server {
        labels.push(Label::new("server.address", server.address.clone()));
        labels.push(Label::new("server.port", server.port.to_string()));
    }
}

pub(super) fn call_begun(operation: &Operation) {
    counter!(CALLS, vec![method(operation)]).increment(1);
}

/// A call ended, or was dropped.
pub(super) fn call_ended(
    operation: &Operation,
    server: Option<&Server>,
    duration: Duration,
    failure: Option<&Failure>,
) {
    let mut labels = vec![
        Label::from_static_parts("rpc.system.name", "aws-api"),
        method(operation),
    ];
    server_labels(&mut labels, server);
    if let Some(failure) = failure {
        counter!(ERRORS, vec![method(operation), error(operation, failure)]).increment(1);
        labels.push(error(operation, failure));
    }
    histogram!(CALL_DURATION, labels).record(duration.as_secs_f64());
}

pub(super) fn retrying(operation: &Operation, after: &Failure) {
    counter!(RETRIES, vec![method(operation), error(operation, after)]).increment(1);
}

/// A request is passed to the transport. The bytes of a stream are counted when they are read.
pub(super) fn attempt_begun(
    operation: &Operation,
    request: http::Request<Body>,
) -> http::Request<Body> {
    counter!(ATTEMPTS, vec![method(operation)]).increment(1);
    let sent = counter!(SENT, vec![method(operation)]);
    request.map(|body| counted(body, sent))
}

/// A response was received, or its head was. The bytes of a stream are counted when they are read.
pub(super) fn received(
    operation: &Operation,
    result: Result<HttpResponse, Failure>,
) -> Result<HttpResponse, Failure> {
    let received = counter!(RECEIVED, vec![method(operation)]);
    match result {
        Ok(mut response) => {
            let body = std::mem::replace(&mut response.body, Body::empty());
            response.body = counted(body, received);
            Ok(response)
        }
        Err(failure) => {
            let length = failure
                .response()
                .map_or(0, |response| response.bytes().len());
            received.increment(length as u64);
            Err(failure)
        }
    }
}

pub(super) fn attempt_ended(
    operation: &Operation,
    request: &Method,
    server: Option<&Server>,
    outcome: &Outcome<'_>,
) {
    let mut labels = vec![Label::new("http.request.method", request.to_string())];
    server_labels(&mut labels, server);
    if let Some(status) = outcome.status {
        labels.push(Label::new("http.response.status_code", status.to_string()));
    }
    if let Some(failure) = outcome.failure {
        labels.push(error(operation, failure));
    }
    histogram!(ATTEMPT_DURATION, labels).record(outcome.duration.as_secs_f64());
}

/// Counts the bytes of a body: those in memory now, those of a stream when they are read.
fn counted(body: Body, counter: Counter) -> Body {
    match body {
        Body::Bytes(bytes) => {
            counter.increment(bytes.len() as u64);
            Body::Bytes(bytes)
        }
        Body::Stream(stream) if stream.in_memory().is_some() => {
            counter.increment(stream.in_memory().map_or(0, |bytes| bytes.len() as u64));
            Body::Stream(stream)
        }
        Body::Stream(stream) => Body::Stream(ByteStream::new(Counted { stream, counter })),
    }
}

struct Counted {
    stream: ByteStream,
    counter: Counter,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polled = Pin::new(&mut self.stream).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            self.counter.increment(data.len() as u64);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.stream.size_hint()
    }
}
