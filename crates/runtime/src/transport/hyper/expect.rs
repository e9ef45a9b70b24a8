//! Waits with a body until the server asks for it (`Expect: 100-continue`, RFC 9110 section 10.1.1).
//!
//! hyper sends a body at once, and only tells of the response `100 Continue`. So the body itself waits: for that response,
//! or for a while, because a server may not know the header. If the server responds otherwise first, such as that the
//! request is refused, the body is never sent, and the connection ends with the response: a server would take what
//! follows on it for the body.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::header::EXPECT;
use http::{Request, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Sleep;

use crate::body::BoxError;
use crate::headers;

/// How long a body waits for the server: as long as in botocore.
pub(super) const EXPECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The state that the body, the callback for `100 Continue` and the response share.
#[derive(Clone)]
pub(super) struct Gate(Arc<Mutex<State>>);

struct State {
    progress: Progress,
    waker: Option<Waker>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Nothing has arrived.
    Waiting,
    /// The body is sent.
    Open,
    /// The response has arrived, and the body has not been sent.
    Answered,
    /// Nobody reads the response any more.
    Ended,
}

impl Gate {
    /// A gate before the body of a request that expects `100 Continue`.
    pub(super) fn of<B>(request: &mut Request<B>) -> Option<Self> {
        let expected = headers::get(request.headers(), &EXPECT)?;
        if !expected.as_bytes().eq_ignore_ascii_case(b"100-continue") {
            return None;
        }
        let gate = Self(Arc::new(Mutex::new(State {
            progress: Progress::Waiting,
            waker: None,
        })));
        let opened = gate.clone();
        hyper::ext::on_informational(request, move |response| {
            if response.status() == StatusCode::CONTINUE {
                opened.advance(Progress::Waiting, Progress::Open);
            }
        });
        Some(gate)
    }

    /// The part of the body.
    pub(super) fn wait(&self, limit: Duration) -> Wait {
        Wait {
            gate: self.clone(),
            limit,
            sleep: None,
        }
    }

    /// The body of a response that has arrived.
    pub(super) fn answered<B>(self, body: B) -> Answered<B> {
        self.advance(Progress::Waiting, Progress::Answered);
        Answered { body, gate: self }
    }

    fn advance(&self, from: Progress, to: Progress) {
        let mut state = self.state();
        if state.progress == from {
            state.progress = to;
            let waker = state.waker.take();
            drop(state);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a body waits for.
pub(super) struct Wait {
    gate: Gate,
    limit: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Wait {
    /// Ready when the body is to be sent; an error if it never is.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        let progress = {
            let mut state = self.gate.state();
            state.waker = Some(context.waker().clone());
            state.progress
        };
        match progress {
            Progress::Open => Poll::Ready(Ok(())),
            Progress::Answered => Poll::Pending,
            Progress::Ended => {
                Poll::Ready(Err("the server responded without reading the body".into()))
            }
            Progress::Waiting => {
                // Whoever polls a body has entered a runtime with timers: that of its connection, or the background runtime.
                let mut sleep = match self.sleep.take() {
                    Some(sleep) => sleep,
                    None => Box::pin(tokio::time::sleep(self.limit)),
                };
                let ended = sleep.as_mut().poll(context);
                self.sleep = Some(sleep);
                ended.map(|()| {
                    self.gate.advance(Progress::Waiting, Progress::Open);
                    Ok(())
                })
            }
        }
    }
}

/// The body of a response. When it is dropped, a request whose body was not sent ends.
pub(super) struct Answered<B> {
    body: B,
    gate: Gate,
}

impl<B> Drop for Answered<B> {
    fn drop(&mut self) {
        self.gate.advance(Progress::Answered, Progress::Ended);
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Answered<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
