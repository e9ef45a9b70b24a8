//! A service, and a transport that returns scripted responses and records the requests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use attache_runtime::operation::{Request, ServiceError};
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::endpoint::{Endpoint, EndpointError, Parameters};
use attache_runtime::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use attache_runtime::plumbing::operation::{Operation, Protocol, Service};
use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{
    Body, BoxFuture, ByteStream, CallOptions, Config, ConfigBuilder, Credentials, Error,
    RandomSource, Timestamp, http,
};

pub(crate) static SERVICE: Service = Service {
    sdk_id: "Test Service",
    version: "2026-01-01",
    protocol: Protocol::AwsJson,
    signing_name: "test",
    default_region: Some("us-east-1"),
    endpoint: resolve,
    modelled_errors: &["Denied", "Busy", "Broken", "Private"],
    sensitive_messages: &["Private"],
    retryable_errors: &[("Busy", true), ("Broken", false)],
    query_compatible: false,
};

fn resolve(_: &Parameters) -> Result<Endpoint, EndpointError> {
    Ok(Endpoint::new("https://test.example.com"))
}

pub(crate) const fn operation(name: &'static str, read_only: bool, idempotent: bool) -> Operation {
    Operation {
        service: &SERVICE,
        name,
        read_only,
        idempotent,
        signed: true,
        unsigned_payload: false,
        streaming_response: false,
        dry_run_error: None,
        endpoint_region: None,
        endpoint_context: &[],
    }
}

pub(crate) static READ: Operation = operation("Read", true, false);
pub(crate) static PUT: Operation = operation("Put", false, true);
pub(crate) static CREATE: Operation = operation("Create", false, false);
pub(crate) static STREAM: Operation = Operation {
    streaming_response: true,
    ..operation("Stream", true, false)
};
pub(crate) static ALL: [&Operation; 3] = [&READ, &PUT, &CREATE];

/// A service without modelled errors.
#[derive(Debug)]
pub(crate) struct NoError;

impl std::fmt::Display for NoError {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for NoError {}

impl ServiceError for NoError {
    fn decode(_: &str, _: &HttpResponse) -> Option<Result<Self, DecodeError>> {
        None
    }
}

/// The reaction of the transport to one request.
pub(crate) enum Answer {
    Status(u16, &'static str),
    Headers(u16, &'static str, Vec<(&'static str, String)>),
    Lost(TransportErrorKind),
    Silence,
    Body(ByteStream),
}

/// A request as it reached the transport.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) at: tokio::time::Instant,
    #[cfg_attr(
        not(feature = "form"),
        expect(dead_code, reason = "only forms change it")
    )]
    pub(crate) method: http::Method,
    pub(crate) uri: http::Uri,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Option<bytes::Bytes>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("headers are text"))
    }
}

#[derive(Clone, Default)]
pub(crate) struct Network {
    script: Arc<Mutex<VecDeque<Answer>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Network")
    }
}

impl Network {
    /// A transport that returns these responses, and then status 200 with an empty object.
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let network = Self::default();
        network.script.lock().unwrap().extend(answers);
        network
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// The times between the requests, in milliseconds.
    pub(crate) fn pauses(&self) -> Vec<u128> {
        let seen = self.seen.lock().unwrap();
        seen.windows(2)
            .map(|pair| (pair[1].at - pair[0].at).as_millis())
            .collect()
    }
}

impl Transport for Network {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let (head, body) = request.into_parts();
        self.seen.lock().unwrap().push(Seen {
            at: tokio::time::Instant::now(),
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body: match body {
                Body::Bytes(bytes) => Some(bytes),
                _ => None,
            },
        });
        let answer = self.script.lock().unwrap().pop_front();
        Box::pin(play(answer.unwrap_or(Answer::Status(200, "{}"))))
    }
}

async fn play(answer: Answer) -> Result<http::Response<ByteStream>, TransportError> {
    let (status, body, headers) = match answer {
        Answer::Status(status, body) => (status, body.into(), Vec::new()),
        Answer::Headers(status, body, headers) => (status, body.into(), headers),
        Answer::Body(body) => (200, body, Vec::new()),
        Answer::Lost(kind) => return Err(TransportError::new(kind, "lost")),
        Answer::Silence => std::future::pending().await,
    };
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    Ok(response.body(body).unwrap())
}

/// Always one half: each pause is half of the maximum.
#[derive(Debug)]
pub(crate) struct Half;

impl RandomSource for Half {
    fn next(&self) -> u64 {
        1 << 63
    }
}

pub(crate) const NOW: &str = "2026-11-22T12:00:00Z";

pub(crate) fn config(network: &Network) -> ConfigBuilder {
    Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKID", "SECRET").session_token("TOKEN"))
        .transport(network.clone())
        .time_source(NOW.parse::<Timestamp>().unwrap())
        .random_source(Half)
}

pub(crate) fn core(builder: ConfigBuilder) -> Core {
    Core::new(&SERVICE, &builder.build().unwrap())
}

/// A request without members.
pub(crate) fn request() -> Result<HttpRequest, EncodeError> {
    let mut request = HttpRequest::new(http::Method::POST);
    request.path("/");
    request.bytes("application/json", "{\"token\":\"1\"}".into());
    Ok(request)
}

pub(crate) fn streamed() -> Result<HttpRequest, EncodeError> {
    let mut request = HttpRequest::new(http::Method::POST);
    request.path("/");
    let stream = ByteStream::new(ByteStream::from("evidence"));
    request.stream("application/octet-stream", stream);
    Ok(request)
}

pub(crate) async fn call(
    core: &Core,
    operation: &'static Operation,
) -> Result<HttpResponse, Error<NoError>> {
    call_with(core, operation, request(), CallOptions::default()).await
}

pub(crate) async fn call_with(
    core: &Core,
    operation: &'static Operation,
    request: Result<HttpRequest, EncodeError>,
    options: CallOptions,
) -> Result<HttpResponse, Error<NoError>> {
    core.call(operation, request, options)
        .await
        .map_err(Error::from)
}

/// A request type, for the steps that only [`Core::send`] does.
#[derive(Debug, Default)]
pub(crate) struct CreateRequest {
    pub(crate) token: Option<String>,
}

impl Request for CreateRequest {
    type Response = String;
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &PUT;

    fn fill_idempotency_token(&mut self, token: &dyn Fn() -> String) {
        self.token.get_or_insert_with(token);
    }

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = HttpRequest::new(http::Method::POST);
        request.path("/");
        request.bytes("application/json", self.token.unwrap_or_default().into());
        Ok(request)
    }

    fn decode(response: HttpResponse) -> Result<String, DecodeError> {
        let text = response.text()?;
        if text == "{}" {
            Ok(text)
        } else {
            Err(DecodeError::new("not an object"))
        }
    }
}
