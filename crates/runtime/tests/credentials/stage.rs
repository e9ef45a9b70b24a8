//! A transport that responds by host and path, a clock, and an environment of the test.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use attache_runtime::operation::ServiceError;
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::endpoint::{Endpoint, EndpointError, Parameters};
use attache_runtime::plumbing::message::{DecodeError, HttpRequest, HttpResponse};
use attache_runtime::plumbing::operation::{Operation, Protocol, Service};
use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::{
    Body, BoxFuture, ByteStream, CallOptions, Config, ConfigBuilder, Error, FixedEnvironment,
    RandomSource, TimeSource, Timer, Timestamp, http,
};
use tokio::sync::Semaphore;

static SERVICE: Service = Service {
    sdk_id: "Test Service",
    version: "2026-01-01",
    protocol: Protocol::AwsJson,
    signing_name: "test",
    default_region: None,
    endpoint: resolve,
    modelled_errors: &[],
    sensitive_messages: &[],
    retryable_errors: &[],
    query_compatible: false,
};

fn resolve(parameters: &Parameters) -> Result<Endpoint, EndpointError> {
    let url = parameters.endpoint.as_deref();
    let endpoint = Endpoint::new(url.unwrap_or("https://test.example.com"));
    Ok(endpoint.with_signing_region("eu-central-1"))
}

pub(crate) static READ: Operation = Operation {
    service: &SERVICE,
    name: "Read",
    read_only: true,
    idempotent: true,
    signed: true,
    unsigned_payload: false,
    streaming_response: false,
    dry_run_error: None,
    endpoint_region: None,
    endpoint_context: &[],
};

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

/// The reaction of the transport to a request.
#[derive(Clone)]
pub(crate) enum Answer {
    Status(u16, String),
    Lost(TransportErrorKind),
    Silence,
    /// Success once the test adds a permit.
    Held(Arc<Semaphore>, String),
}

pub(crate) fn answer(status: u16, body: impl Into<String>) -> Answer {
    Answer::Status(status, body.into())
}

/// A request as it reached the transport.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: http::Method,
    pub(crate) url: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("headers are text"))
    }

    /// The access key that the request is signed with.
    pub(crate) fn key(&self) -> &str {
        let authorization = self.header("authorization");
        let (_, rest) = authorization.split_once("Credential=").unwrap_or_default();
        rest.split('/').next().unwrap_or_default()
    }
}

/// A transport. Each URL without its query has a list of responses, of which the last one is repeated. Other URLs
/// cannot be reached.
#[derive(Clone, Default)]
pub(crate) struct Network(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    answers: BTreeMap<String, VecDeque<Answer>>,
    seen: Vec<Seen>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Network")
    }
}

impl Network {
    pub(crate) fn answering(self, url: &str, answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = answers.into_iter().collect();
        self.0
            .lock()
            .unwrap()
            .answers
            .insert(url.to_owned(), answers);
        self
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.0.lock().unwrap().seen)
    }

    /// The requests as `METHOD URL`, including the query.
    pub(crate) fn asked(&self) -> Vec<String> {
        let seen = self.seen().into_iter();
        seen.map(|seen| format!("{} {}", seen.method, seen.url))
            .collect()
    }
}

impl Transport for Network {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let (head, body) = request.into_parts();
        let url = head.uri.to_string();
        let place = url.split('?').next().unwrap_or_default().to_owned();
        let body = match body {
            Body::Bytes(bytes) => String::from_utf8(bytes.to_vec()).expect("bodies are text"),
            _ => String::new(),
        };
        let mut inner = self.0.lock().unwrap();
        inner.seen.push(Seen {
            method: head.method,
            url,
            headers: head.headers,
            body,
        });
        let answer = match inner.answers.get_mut(&place) {
            Some(answers) if answers.len() > 1 => answers.pop_front(),
            Some(answers) => answers.front().cloned(),
            None if place.starts_with("https://test.example.com") => Some(answer(200, "{}")),
            None => None,
        };
        Box::pin(async move {
            match answer.unwrap_or(Answer::Lost(TransportErrorKind::Connect)) {
                Answer::Status(status, body) => {
                    let response = http::Response::builder().status(status);
                    Ok(response.body(body.into()).unwrap())
                }
                Answer::Lost(kind) => Err(TransportError::new(kind, "lost")),
                Answer::Silence => std::future::pending().await,
                Answer::Held(gate, body) => {
                    gate.acquire().await.expect("it is never closed").forget();
                    Ok(http::Response::new(body.into()))
                }
            }
        })
    }
}

/// A clock that the test sets, in seconds after [`NOW`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock(Arc<Mutex<i64>>);

pub(crate) const NOW: &str = "2026-11-22T12:00:00Z";

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub(crate) fn after(seconds: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(now().epoch_seconds() + seconds).unwrap()
}

impl Clock {
    pub(crate) fn set(&self, seconds: i64) {
        *self.0.lock().unwrap() = seconds;
    }
}

impl TimeSource for Clock {
    fn now(&self) -> Timestamp {
        after(*self.0.lock().unwrap())
    }
}

/// A timer whose pauses end at once and are recorded. A time limit expires when no other future is ready.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hourglass(pub(crate) Arc<Mutex<Vec<Duration>>>);

impl Timer for Hourglass {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let slept = self.0.clone();
        Box::pin(async move { slept.lock().unwrap().push(duration) })
    }
}

/// Always one half.
#[derive(Debug)]
struct Half;

impl RandomSource for Half {
    fn next(&self) -> u64 {
        1 << 63
    }
}

pub(crate) fn environment(variables: &[(&str, &str)]) -> FixedEnvironment {
    let mut environment = FixedEnvironment::default().with_variable("HOME", "/home/me");
    for (name, value) in variables {
        environment = environment.with_variable(*name, *value);
    }
    environment
}

/// An environment in which instance metadata is switched off.
pub(crate) fn files(config: &str, credentials: &str) -> FixedEnvironment {
    environment(&[("AWS_EC2_METADATA_DISABLED", "true")])
        .with_file("/home/me/.aws/config", config)
        .with_file("/home/me/.aws/credentials", credentials)
}

pub(crate) fn builder(network: &Network) -> ConfigBuilder {
    Config::builder()
        .region("eu-central-1")
        .transport(network.clone())
        .timer(Hourglass::default())
        .random_source(Half)
        .time_source(Clock::default())
}

/// A client whose settings all come from this environment.
pub(crate) fn client(network: &Network, environment: FixedEnvironment) -> Core {
    let builder = builder(network).from_environment(environment).unwrap();
    core(builder)
}

pub(crate) fn core(builder: ConfigBuilder) -> Core {
    Core::new(&SERVICE, &builder.build().unwrap())
}

pub(crate) async fn call(core: &Core) -> Result<HttpResponse, Error<NoError>> {
    let mut request = HttpRequest::new(http::Method::POST);
    request.path("/");
    let options = CallOptions::default().max_attempts(1);
    let answer = core.call(&READ, Ok::<_, attache_runtime::Failure>(request), options);
    answer.await.map_err(Error::from)
}

/// The access key and the token that signed a call, or the error; callers may cut it at `;`.
pub(crate) async fn key(
    network: &Network,
    environment: FixedEnvironment,
) -> Result<String, String> {
    key_of(network, &client(network, environment)).await
}

pub(crate) async fn key_of(network: &Network, core: &Core) -> Result<String, String> {
    call(core).await.map_err(|error| {
        let text = format!("{error:#}");
        let text = text.strip_prefix("Read: no usable credentials: ");
        text.unwrap_or_else(|| panic!("{error}")).to_owned()
    })?;
    let inner = network.0.lock().unwrap();
    let last = inner.seen.last().expect("the service was called");
    assert!(
        last.url.starts_with("https://test.example.com"),
        "{}",
        last.url
    );
    let token = last.header("x-amz-security-token");
    Ok(format!("{} {token}", last.key()).trim_end().to_owned())
}

/// The text of an error. Fails if the text contains a secret.
pub(crate) async fn error(network: &Network, environment: FixedEnvironment) -> String {
    let error = key(network, environment)
        .await
        .expect_err("there are no credentials");
    let without_names = error.replace("AWS_SECRET_ACCESS_KEY", "");
    assert!(!without_names.contains("SECRET"), "{error}");
    error
}
