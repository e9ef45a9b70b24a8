//! A transport that returns the responses of the input, a fixed clock, and a timer whose pauses end at once.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use attache_runtime::http::{HeaderMap, Method, Uri};
use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::{
    Body, BoxError, BoxFuture, ByteStream, Bytes, Config, ConfigBuilder, RandomSource, Timestamp,
    TokenSource, TokioTimer,
};
use http_body::Frame;

use crate::script::Answer;

/// 09:30 of a day in 2026, in seconds since 1970.
const NOW: i64 = 1_772_271_000;

/// A request as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method.
    pub method: Method,
    /// The URL.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as far as it could be read.
    pub body: Bytes,
    /// The status of the response, if there was one.
    pub answered: Result<u16, TransportErrorKind>,
}

/// Returns responses in place of a server, and repeats the last one.
#[derive(Clone, Debug, Default)]
pub struct Scripted(Arc<Mutex<State>>);

/// Responds to the requests that it recognizes.
type Known = Box<dyn Fn(&Sent) -> Option<Answer> + Send>;

#[derive(Default)]
struct State {
    known: Option<Known>,
    answers: VecDeque<Answer>,
    sent: Vec<Sent>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("State").finish_non_exhaustive()
    }
}

impl Scripted {
    /// A transport with these responses.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self(Arc::new(Mutex::new(State {
            answers: answers.into_iter().collect(),
            ..State::default()
        })))
    }

    /// Uses the response of `known` where it returns one, and the script for all other requests.
    #[must_use]
    pub fn knowing(self, known: impl Fn(&Sent) -> Option<Answer> + Send + 'static) -> Self {
        self.state().known = Some(Box::new(known));
        self
    }

    /// The sent requests.
    pub fn sent(&self) -> Vec<Sent> {
        self.state().sent.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        let (head, body) = request.into_parts();
        let body = match body {
            Body::Bytes(bytes) => bytes,
            Body::Stream(stream) => stream.collect().await.unwrap_or_default(),
            other => unreachable!("a body of another kind: {other:?}"),
        };
        let mut sent = Sent {
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body,
            answered: Ok(0),
        };
        let mut state = self.state();
        let known = state.known.as_ref().and_then(|known| known(&sent));
        let answer = known.unwrap_or_else(|| match state.answers.len() {
            0 => Answer::Failure(TransportErrorKind::Connect),
            1 => state.answers[0].clone(),
            _ => state.answers.pop_front().expect("there are two"),
        });
        let outcome = match answer {
            Answer::Failure(kind) => {
                sent.answered = Err(kind);
                Err(TransportError::new(kind, "the script says so"))
            }
            Answer::Response(answer) => {
                sent.answered = Ok(answer.status);
                let body = match answer.broken {
                    true => ByteStream::new(Broken(Some(answer.body.into()))),
                    false => ByteStream::from(answer.body),
                };
                let mut response = http::Response::new(body);
                *response.status_mut() =
                    http::StatusCode::from_u16(answer.status).unwrap_or_default();
                *response.headers_mut() = answer.headers;
                Ok(response)
            }
        };
        state.sent.push(sent);
        outcome
    }
}

impl Transport for Scripted {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(self.answer(request))
    }
}

/// A body that ends with an error.
struct Broken(Option<Bytes>);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(Some(match self.0.take() {
            Some(bytes) => Ok(Frame::data(bytes)),
            None => Err("the connection breaks".into()),
        }))
    }
}

/// The same numbers in every run, and no pause longer than needed.
#[derive(Debug)]
struct Zero;

impl RandomSource for Zero {
    fn next(&self) -> u64 {
        0
    }
}

impl TokenSource for Zero {
    fn token(&self) -> String {
        "00000000-0000-4000-8000-000000000000".to_owned()
    }
}

/// A configuration that sends over this transport. The region and the credentials are not set.
pub fn config(transport: &Scripted) -> ConfigBuilder {
    Config::builder()
        .time_source(now())
        .timer(TokioTimer::default())
        .random_source(Zero)
        .token_source(Zero)
        .transport(transport.clone())
}

/// The fixed time.
pub fn now() -> Timestamp {
    Timestamp::from_epoch_seconds(NOW).expect("it is a time")
}

/// Runs a future to its end. Its pauses end at once.
pub fn run<F: Future>(future: F) -> F::Output {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .max_blocking_threads(1)
            .build()
            .expect("a runtime without network can be built");
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// Asserts that a text of `Debug` or of an error contains no secret.
pub fn assert_free_of(text: &str, secrets: &[&str], what: &str) {
    for secret in secrets {
        assert!(!text.contains(secret), "{what} shows a secret: {text}");
    }
}

/// An error with all its causes, in both forms.
pub fn everything_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = format!("{error}\n{error:?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!("\n{error}\n{error:?}"));
        cause = error.source();
    }
    text
}
