//! `CreateCase` with faults: it opens a case and then fails to send the response.
//!
//! Four of five requests get the response. One in six of the others is throttled, which opens no case. The rest open
//! the case, and then the connection is closed, or breaks within the response, or the status is 500, 502, 503 or 504.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::{Request, Response};
use serde_json::Value;

const OPENED: &str = r#"{"caseId":"case-12345678910-muen-2026-0123456789abcdef"}"#;
const THROTTLED: &str = r#"{"__type":"ThrottlingException","message":"slow down"}"#;

/// The number of cases with each subject.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    cases: Mutex<BTreeMap<String, u32>>,
    requests: AtomicU64,
}

impl Desk {
    /// A line with subject and count for each subject.
    pub(crate) fn ledger(&self) -> String {
        let cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        cases
            .iter()
            .fold(String::new(), |mut text, (subject, count)| {
                let _ = writeln!(text, "{subject} {count}");
                text
            })
    }

    /// Responds to `CreateCase`, or fails.
    pub(crate) async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Answer>, io::Error> {
        let body = request
            .into_body()
            .collect()
            .await
            .map_err(io::Error::other)?;
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let scrambled = scramble(number);
        let fault = scrambled.is_multiple_of(5).then_some(scrambled / 5 % 7);
        if fault == Some(0) {
            return answer(400, THROTTLED);
        }
        let request: Value = serde_json::from_slice(&body.to_bytes())?;
        let subject = request["subject"].as_str().unwrap_or_default().to_owned();
        *self
            .cases
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(subject)
            .or_default() += 1;
        match fault {
            None => answer(200, OPENED),
            Some(1) => answer(500, "{}"),
            Some(2) => answer(502, "<html>"),
            Some(3) => answer(503, ""),
            Some(4) => answer(504, ""),
            // hyper closes a connection when the body returns an error, and when the service returns an error before a
            // response.
            Some(5) => Ok(Response::new(Answer::Breaks(Bytes::from_static(b"{")))),
            _ => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

/// A pseudorandom number that depends only on the argument, so that every run has the same faults.
fn scramble(number: u64) -> u64 {
    (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40
}

fn answer(status: u16, body: &'static str) -> Result<Response<Answer>, io::Error> {
    let body = Answer::Whole(Bytes::from_static(body.as_bytes()));
    let response = Response::builder().status(status).body(body);
    response.map_err(io::Error::other)
}

/// A body that is complete, or fails after its first bytes.
#[derive(Debug)]
pub(crate) enum Answer {
    Whole(Bytes),
    Breaks(Bytes),
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let (Self::Whole(bytes) | Self::Breaks(bytes)) = &mut *self;
        if !bytes.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes)))));
        }
        match &*self {
            Self::Whole(_) => Poll::Ready(None),
            Self::Breaks(_) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Breaks(_) => SizeHint::with_exact(100),
        }
    }
}
