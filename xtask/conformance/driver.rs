//! What the generated cases call: a client in front of a transport that keeps what is sent and answers what the
//! suite says. Nothing here judges a request; it is written out for `cargo xtask conformance` to look at.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use attache_runtime::operation::ServiceError;
use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::validation::Level;
use attache_runtime::{Body, BoxFuture, ByteStream, Bytes, Call, CallOptions, Config, Credentials, Document, Error, Timer, Timestamp, TokenSource, http};
use attache_runtime::plumbing::json;

/// The answer of the service.
pub struct Answer {
    pub status: u16,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: &'static [u8],
}

/// What happened in a case.
pub enum Outcome {
    /// A request was sent.
    Sent(Sent),
    /// The response or the error is as expected.
    Same,
    /// It is not.
    Different { wanted: String, came: String },
    /// It never came to that.
    Failed(String),
}

/// A request as it arrived at the transport.
pub struct Sent {
    method: String,
    host: String,
    path: String,
    query: Option<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Wire(Arc<State>);

struct State {
    answer: Answer,
    sent: Mutex<Option<Sent>>,
}

impl Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("State")
    }
}

impl Transport for Wire {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async move {
            let sent = sent_request(request).await;
            *self.0.sent.lock().expect("one thread") = Some(sent);
            let mut response = http::Response::builder().status(self.0.answer.status);
            for (name, value) in self.0.answer.headers {
                response = response.header(*name, *value);
            }
            let body = ByteStream::new(InPieces(self.0.answer.body));
            Ok(response.body(body).expect("the answer of a suite"))
        })
    }
}

/// A body that comes in pieces, as from a network, and does not say how long it is.
struct InPieces(&'static [u8]);

impl http_body::Body for InPieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        let (piece, rest) = self.0.split_at(self.0.len().min(7));
        self.0 = rest;
        let frame = (!piece.is_empty()).then(|| http_body::Frame::data(Bytes::from_static(piece)));
        Poll::Ready(frame.map(Ok))
    }
}

async fn sent_request(request: http::Request<Body>) -> Sent {
    let (head, body) = request.into_parts();
    let mut headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let (body, length) = match body {
        Body::Bytes(bytes) => {
            let length = bytes.len();
            (bytes.to_vec(), Some(length))
        }
        Body::Stream(stream) => {
            let length = http_body::Body::size_hint(&stream).exact();
            let bytes = stream.collect().await.expect("a body of the suite");
            (bytes.to_vec(), length.map(|length| length as usize))
        }
        _ => (Vec::new(), None),
    };
    // What every HTTP/1.1 stack adds (RFC 9110 section 8.6): a length, but none where a method has no body.
    let has_length = !matches!(
        head.method,
        http::Method::GET | http::Method::HEAD | http::Method::DELETE
    );
    if let Some(length) = length.filter(|length| *length > 0 || has_length) {
        headers.push(("content-length".to_owned(), length.to_string()));
    }
    Sent {
        method: head.method.to_string(),
        host: head
            .uri
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers,
        body,
    }
}

#[derive(Debug)]
struct FixedToken;

impl TokenSource for FixedToken {
    fn token(&self) -> String {
        "00000000-0000-4000-8000-000000000000".to_owned()
    }
}

/// Nothing in a case takes time.
#[derive(Debug)]
struct NoTime;

impl Timer for NoTime {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

fn configure(endpoint: &str, wire: &Wire) -> Config {
    Config::builder()
        .region("us-east-1")
        .endpoint_url(endpoint)
        .credentials(Credentials::new(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        ))
        .time_source(Timestamp::UNIX_EPOCH)
        .token_source(FixedToken)
        .timer(NoTime)
        .transport(wire.clone())
        .build()
        .expect("a configuration with a transport")
}

/// Suites look at the wire, also with values that a service would not take, and at one exchange a case.
pub fn options() -> CallOptions {
    CallOptions::default()
        .validation(Level::Off)
        .max_attempts(1)
}

fn wire(answer: Answer) -> Wire {
    Wire(Arc::new(State {
        answer,
        sent: Mutex::new(None),
    }))
}

/// Runs a future that never waits for anything.
fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("the call waits for something although the transport answers at once");
}

/// Calls, and gives what was sent.
pub fn sent<T, S: ServiceError>(
    endpoint: &str,
    call: impl FnOnce(&Config) -> Call<T, S>,
) -> Outcome {
    let wire = wire(Answer {
        status: 200,
        headers: &[],
        body: b"",
    });
    let outcome = run(call(&configure(endpoint, &wire)));
    match (wire.0.sent.lock().expect("one thread").take(), outcome) {
        (Some(sent), _) => Outcome::Sent(sent),
        (None, Err(error)) => Outcome::Failed(format!("nothing was sent: {}", describe(&error))),
        (None, Ok(_)) => Outcome::Failed("nothing was sent".to_owned()),
    }
}

/// Calls, and checks the response.
pub fn received<T, S: ServiceError>(
    endpoint: &str,
    answer: Answer,
    call: impl FnOnce(&Config) -> Call<T, S>,
    check: impl FnOnce(T) -> Outcome,
) -> Outcome {
    match run(call(&configure(endpoint, &wire(answer)))) {
        Ok(response) => check(response),
        Err(error) => Outcome::Failed(format!("the call failed: {}", describe(&error))),
    }
}

/// Calls, and checks the error.
pub fn refused<T: Debug, S: ServiceError>(
    endpoint: &str,
    answer: Answer,
    call: impl FnOnce(&Config) -> Call<T, S>,
    check: impl FnOnce(&Error<S>) -> Outcome,
) -> Outcome {
    match run(call(&configure(endpoint, &wire(answer)))) {
        Ok(response) => Outcome::Failed(format!("the call succeeded: {response:?}")),
        Err(error) => check(&error),
    }
}

fn describe<S: ServiceError>(error: &Error<S>) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    text
}

pub fn compare<T: Same + Debug>(wanted: &T, came: &T) -> Outcome {
    if wanted.same(came) {
        Outcome::Same
    } else {
        different(wanted, came)
    }
}

pub fn different(wanted: &dyn Debug, came: &dyn Debug) -> Outcome {
    Outcome::Different {
        wanted: format!("{wanted:?}"),
        came: format!("{came:?}"),
    }
}

/// `None` if the two are equal.
pub fn fact<T: PartialEq + Debug>(
    name: &str,
    wanted: Option<T>,
    came: Option<T>,
) -> Option<Outcome> {
    (wanted != came).then(|| Outcome::Different {
        wanted: format!("{name} {wanted:?}"),
        came: format!("{name} {came:?}"),
    })
}

/// `None` if the two hold the same bytes.
pub fn compare_streams(came: Option<ByteStream>, wanted: Option<ByteStream>) -> Option<Outcome> {
    let read = |stream: ByteStream| run(stream.collect()).expect("a stream of the suite");
    let (came, wanted) = (came.map(read), wanted.map(read));
    (came != wanted).then(|| different(&wanted, &came))
}

pub fn time(seconds: i64, nanoseconds: u32) -> Timestamp {
    Timestamp::from_epoch(seconds, nanoseconds).expect("a time of the suite")
}

/// Equality in which NaN is NaN.
pub trait Same {
    fn same(&self, other: &Self) -> bool;
}

macro_rules! equal {
    ($($type:ty),*) => {
        $(impl Same for $type {
            fn same(&self, other: &Self) -> bool {
                self == other
            }
        })*
    };
}

equal!(bool, i8, i16, i32, i64, String, Bytes, Timestamp, Document);

impl Same for f32 {
    fn same(&self, other: &Self) -> bool {
        self.to_bits() == other.to_bits() || (self.is_nan() && other.is_nan())
    }
}

impl Same for f64 {
    fn same(&self, other: &Self) -> bool {
        self.to_bits() == other.to_bits() || (self.is_nan() && other.is_nan())
    }
}

impl<T: Same> Same for Box<T> {
    fn same(&self, other: &Self) -> bool {
        self.as_ref().same(other)
    }
}

impl<T: Same> Same for Option<T> {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(one), Some(two)) => one.same(two),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Same> Same for Vec<T> {
    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, two)| one.same(two))
    }
}

impl<K: Ord, T: Same> Same for BTreeMap<K, T> {
    fn same(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .zip(other)
                .all(|((key, one), (other, two))| key == other && one.same(two))
    }
}

/// Runs the cases of a suite and writes a line of JSON for each.
pub fn report(cases: &[(usize, fn() -> Outcome)]) {
    for (number, case) in cases {
        let outcome = std::panic::catch_unwind(case)
            .unwrap_or_else(|_| Outcome::Failed("the client panicked".to_owned()));
        let mut writer = json::Writer::with_capacity(1024);
        writer.begin_object();
        writer.key("case");
        writer.integer(*number as i64);
        match outcome {
            Outcome::Same => {}
            Outcome::Sent(sent) => {
                writer.key("sent");
                write_sent(&mut writer, &sent);
            }
            Outcome::Different { wanted, came } => {
                writer.key("wanted");
                writer.string(&wanted);
                writer.key("came");
                writer.string(&came);
            }
            Outcome::Failed(problem) => {
                writer.key("failed");
                writer.string(&problem);
            }
        }
        writer.end_object();
        println!("{}", String::from_utf8_lossy(&writer.into_bytes()));
    }
}

fn write_sent(writer: &mut json::Writer, sent: &Sent) {
    writer.begin_object();
    for (name, value) in [
        ("method", &sent.method),
        ("host", &sent.host),
        ("path", &sent.path),
    ] {
        writer.key(name);
        writer.string(value);
    }
    if let Some(query) = &sent.query {
        writer.key("query");
        writer.string(query);
    }
    writer.key("headers");
    writer.begin_array();
    for (name, value) in &sent.headers {
        writer.begin_array();
        writer.string(name);
        writer.string(value);
        writer.end_array();
    }
    writer.end_array();
    writer.key("body");
    writer.begin_array();
    for byte in &sent.body {
        writer.integer((*byte).into());
    }
    writer.end_array();
    writer.end_object();
}
