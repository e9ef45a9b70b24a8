//! The body of a response: read into memory up to a limit, and ended with an error when no bytes arrive.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::BoxFuture;
use crate::body::{BoxError, ByteStream, RESERVED};
use crate::error::{ErrorKind, Failure};
use crate::timer::Timer;

/// Reads a body into memory, up to a limit in bytes.
pub(crate) async fn read(
    headers: &HeaderMap,
    mut body: ByteStream,
    limit: u64,
) -> Result<Bytes, Failure> {
    let announced = headers
        .get(http::header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .unwrap_or(0);
    let too_long = || {
        let message =
            format!("the response body is longer than the response limit of {limit} bytes");
        Failure::new(ErrorKind::Decode, message)
    };
    let mut collected = Collected::default();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| Failure::new(kind(&error), error))?;
        collected.push(piece, announced);
        // The answer to a HEAD announces a length, and has no body.
        let length = collected.length();
        if length > 0 && announced.max(length) > limit {
            return Err(too_long());
        }
    }
    Ok(collected.bytes())
}

/// The pieces of a body. A single piece is not copied; several pieces are copied together immediately, because a piece
/// of one byte has the same overhead as a long one.
#[derive(Default)]
struct Collected {
    first: Bytes,
    all: Vec<u8>,
}

impl Collected {
    fn push(&mut self, piece: Bytes, announced: u64) {
        if self.length() == 0 {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all = Vec::with_capacity(announced.min(RESERVED) as usize);
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&piece);
    }

    fn length(&self) -> u64 {
        (self.first.len() + self.all.len()) as u64
    }

    fn bytes(self) -> Bytes {
        if self.all.is_empty() {
            self.first
        } else {
            self.all.into()
        }
    }
}

pub(crate) fn kind(error: &BoxError) -> ErrorKind {
    #[cfg(feature = "http-checksum")]
    if error.is::<crate::checksum::Mismatch>() {
        return ErrorKind::Decode;
    }
    if error.is::<Stalled>() {
        ErrorKind::Timeout
    } else {
        ErrorKind::Io
    }
}

/// A stream that fails with [`Stalled`] when no piece arrives within the limit. Only the time in which the reader waits
/// is measured, not its time between two pieces.
pub(crate) fn stalling(body: ByteStream, timer: Arc<dyn Timer>, limit: Duration) -> ByteStream {
    if body.in_memory().is_some() || limit == Duration::MAX {
        return body;
    }
    ByteStream::new(Stalling {
        body,
        timer,
        limit,
        waiting_since: None,
        sleep: None,
        earlier: None,
    })
}

/// A sleep is kept when a piece arrives, because a new one costs the thread of the timers a wake-up. If it ends while the
/// reader waits for a later piece, a sleep for the rest of that wait follows.
struct Stalling {
    body: ByteStream,
    timer: Arc<dyn Timer>,
    limit: Duration,
    /// When the reader began to wait for the next piece; `None` while it does not wait.
    waiting_since: Option<Duration>,
    /// Ends when this wait has lasted for as long as the limit.
    sleep: Option<SyncFuture>,
    /// The sleep of an earlier wait, which ends before this wait has lasted for as long as the limit.
    earlier: Option<SyncFuture>,
}

impl Stalling {
    /// Ready when the reader has waited for as long as the limit.
    fn poll_stalled(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let timer = &self.timer;
        let since = *self.waiting_since.get_or_insert_with(|| timer.elapsed());
        if let Some(earlier) = &mut self.earlier {
            std::task::ready!(earlier.poll(context));
            self.earlier = None;
        }
        let sleep = self.sleep.get_or_insert_with(|| {
            let waited = timer.elapsed().saturating_sub(since);
            SyncFuture(timer.sleep(self.limit.saturating_sub(waited)).into())
        });
        sleep.poll(context)
    }
}

/// A future that is `Sync` because only its owner can access it; streams of bytes must be `Sync`.
struct SyncFuture(std::sync::Mutex<BoxFuture<'static, ()>>);

impl SyncFuture {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match self.0.get_mut() {
            Ok(future) => future.as_mut().poll(context),
            Err(poisoned) => poisoned.into_inner().as_mut().poll(context),
        }
    }
}

impl HttpBody for Stalling {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.waiting_since = None;
            if let Some(sleep) = self.sleep.take() {
                self.earlier = Some(sleep);
            }
            return Poll::Ready(frame);
        }
        let limit = self.limit;
        self.poll_stalled(context)
            .map(|()| Some(Err(Stalled(limit).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// No byte arrived for this long.
#[derive(Debug)]
pub(crate) struct Stalled(Duration);

impl fmt::Display for Stalled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "no byte of the response arrived for {:?}",
            self.0
        )
    }
}

impl std::error::Error for Stalled {}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use http::{HeaderMap, HeaderValue, header};

    use super::read;
    use crate::body::ByteStream;

    /// Reads a body of which nothing is awaited; `Err` is the text of the failure.
    fn outcome(announced: &'static str, body: &'static [u8]) -> Result<usize, String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static(announced));
        let reading = std::pin::pin!(read(&headers, ByteStream::from(body), 10));
        match reading.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(read) => read
                .map(|bytes| bytes.len())
                .map_err(|failure| format!("{failure:?}")),
            Poll::Pending => panic!("the body is in memory"),
        }
    }

    #[test]
    fn the_length_that_a_response_to_head_announces_is_not_that_of_its_body() {
        assert_eq!(outcome("99999999999", b""), Ok(0));
        assert_eq!(outcome("4", b"four"), Ok(4));
        let refused = outcome("99999999999", b"x").expect_err("it would be too long");
        assert!(
            refused.contains("longer than the response limit of 10 bytes"),
            "{refused}"
        );
    }
}
