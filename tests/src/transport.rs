//! A transport that answers by itself and remembers what was sent: no sockets, no clock.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{
    Body, BoxFuture, ByteStream, Bytes, Config, ConfigBuilder, Credentials, Timestamp,
};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Answers in order, and after the last `200 {}`.
#[derive(Clone, Debug, Default)]
pub struct Answers(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<http::Response<String>>,
    sent: Vec<Sent>,
}

/// A request that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method.
    pub method: http::Method,
    /// The URL.
    pub url: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Sent {
    /// A header as text; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
            .unwrap_or_default()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }
}

impl Answers {
    /// Answers once with this status and body.
    pub fn with(status: u16, body: &str) -> Self {
        Self::default().then(status, &[], body)
    }

    /// Answers next with this status, these headers and this body.
    ///
    /// # Panics
    /// When a header is none.
    #[must_use]
    pub fn then(self, status: u16, headers: &[(&'static str, &str)], body: &str) -> Self {
        let mut response = http::Response::new(body.to_owned());
        *response.status_mut() = http::StatusCode::from_u16(status).expect("it is a status");
        for (name, value) in headers {
            response.headers_mut().insert(
                HeaderName::from_static(name),
                HeaderValue::from_bytes(value.as_bytes()).expect("it is a header value"),
            );
        }
        self.state().answers.push_back(response);
        self
    }

    /// What was sent so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.state().sent.clone()
    }

    /// A configuration over this transport, with a region, credentials and a clock that stands still.
    pub fn builder(&self) -> ConfigBuilder {
        Config::builder()
            .region("eu-central-1")
            .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
            .time_source(Timestamp::UNIX_EPOCH)
            .transport(self.clone())
    }

    /// The same, finished.
    ///
    /// # Panics
    /// Never: nothing is missing.
    pub fn config(&self) -> Config {
        // One answer, one attempt: what is sent again has tests of its own.
        self.builder()
            .max_attempts(1)
            .build()
            .expect("nothing is missing")
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0
            .lock()
            .expect("no test panics while it holds the lock")
    }
}

impl Transport for Answers {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = match body {
                Body::Bytes(bytes) => bytes,
                Body::Stream(stream) => stream.collect().await.expect("the stream is fine"),
                other => panic!("a body of a new kind: {other:?}"),
            };
            let mut state = self.state();
            state.sent.push(Sent {
                method: head.method,
                url: head.uri.to_string(),
                headers: head.headers,
                body,
            });
            let answer = state.answers.pop_front();
            let answer = answer.unwrap_or_else(|| http::Response::new("{}".to_owned()));
            Ok(answer.map(|body| ByteStream::from(Bytes::from(body))))
        })
    }
}
