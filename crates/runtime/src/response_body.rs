//! The body of a response: read into memory up to a limit, and ended with an error when no bytes arrive.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE};
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::BoxFuture;
use crate::body::{BoxError, ByteStream, RESERVED};
use crate::error::{ErrorKind, Failure};
use crate::formatting::write;
use crate::headers;
use crate::plumbing::causes::safe_causes;
use crate::plumbing::safe_line::safe_name;
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
    match error.downcast_ref::<Cut>() {
        Some(Cut {
            stalled: Some(_), ..
        }) => ErrorKind::Timeout,
        _ => ErrorKind::Io,
    }
}

/// The operation and the server of a stream. The error of a stream names them, because it is read after the call has ended.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) operation: &'static str,
    /// Host and port.
    pub(crate) peer: String,
}

/// Watches the bodies of responses.
pub(crate) struct Guard {
    timer: Arc<dyn Timer>,
    /// How long a reader waits for a piece.
    limit: Duration,
    origin: Option<Origin>,
}

impl Guard {
    /// A guard that ends a body when nothing arrives for a while; `Duration::MAX` is no limit.
    pub(crate) fn new(timer: Arc<dyn Timer>, limit: Duration) -> Self {
        Self {
            timer,
            limit,
            origin: None,
        }
    }

    /// Names the origin of a body that the caller reads.
    pub(crate) fn named(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// A stream that fails with [`Cut`] when no piece arrives within the limit, or when the connection breaks. Only the time
    /// in which the reader waits is measured, not its time between two pieces.
    pub(crate) fn watch(self, headers: &HeaderMap, body: ByteStream) -> ByteStream {
        if body.in_memory().is_some() {
            return body;
        }
        ByteStream::new(Guarded {
            received: 0,
            expected: body.size_hint().exact(),
            range: range(headers),
            body,
            guard: self,
            wait: Wait::default(),
        })
    }
}

/// The positions of the first and the last byte of a response in the whole, if the service can be asked for a range of it
/// (RFC 9110, sections 14.3 and 14.4). The last one is not known if the response is the whole.
fn range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = |name| headers::get(headers, &name)?.to_str().ok();
    if let Some(range) = text(CONTENT_RANGE) {
        let (range, _) = range.trim().strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        return Some((first.trim().parse().ok()?, Some(last.trim().parse().ok()?)));
    }
    // Several ranges in one body, with lines between them.
    if text(CONTENT_TYPE).is_some_and(|kind| kind.trim_start().starts_with("multipart/")) {
        return None;
    }
    let accepts = text(ACCEPT_RANGES)?.trim();
    accepts.eq_ignore_ascii_case("bytes").then_some((0, None))
}

struct Guarded {
    body: ByteStream,
    guard: Guard,
    /// How many bytes have arrived.
    received: u64,
    /// How many there are, if the response says so.
    expected: Option<u64>,
    range: Option<(u64, Option<u64>)>,
    wait: Wait,
}

/// The time in which a reader waits for a piece. A sleep is kept when a piece arrives, because a new one costs the thread of
/// the timers a wake-up. If it ends while the reader waits for a later piece, a sleep for the rest of that wait follows.
#[derive(Default)]
struct Wait {
    /// When the reader began to wait; `None` while it does not wait.
    since: Option<Duration>,
    /// Ends when this wait has lasted for as long as the limit.
    sleep: Option<SyncFuture>,
    /// The sleep of an earlier wait, which ends before this wait has lasted for as long as the limit.
    earlier: Option<SyncFuture>,
}

impl Wait {
    /// A piece has arrived.
    fn end(&mut self) {
        self.since = None;
        if let Some(sleep) = self.sleep.take() {
            self.earlier = Some(sleep);
        }
    }

    /// Ready when the reader has waited for as long as the limit.
    fn poll(&mut self, timer: &dyn Timer, limit: Duration, context: &mut Context<'_>) -> Poll<()> {
        let since = match self.since {
            Some(since) => since,
            None => timer.elapsed(),
        };
        self.since = Some(since);
        if let Some(earlier) = &mut self.earlier {
            ready!(earlier.poll(context));
            self.earlier = None;
        }
        if self.sleep.is_none() {
            let waited = timer.elapsed().saturating_sub(since);
            let sleep = timer.sleep(limit.saturating_sub(waited));
            self.sleep = Some(SyncFuture(sleep.into()));
        }
        match &mut self.sleep {
            Some(sleep) => sleep.poll(context),
            None => Poll::Pending,
        }
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

impl Guarded {
    fn cut(&self, stalled: Option<Duration>, source: Option<BoxError>) -> BoxError {
        let cut = Cut {
            origin: self.guard.origin.clone(),
            stalled,
            received: self.received,
            expected: self.expected,
            rest: self.rest(),
            source: source.map(safe_causes),
        };
        cut.into()
    }

    /// The range of the bytes that are missing, as a request states it.
    fn rest(&self) -> Option<String> {
        let (first, last) = self.range?;
        let next = first.checked_add(self.received)?;
        match last {
            Some(last) => (next <= last).then(|| format!("bytes={next}-{last}")),
            None => (self.expected != Some(self.received)).then(|| format!("bytes={next}-")),
        }
    }

    /// What the reader gets. Another error than that of the connection is passed on.
    fn received(
        &mut self,
        frame: Option<Result<Frame<Bytes>, BoxError>>,
    ) -> Option<Result<Frame<Bytes>, BoxError>> {
        match frame? {
            Ok(frame) => {
                self.received += frame.data_ref().map_or(0, |data| data.len() as u64);
                Some(Ok(frame))
            }
            #[cfg(feature = "http-checksum")]
            Err(error) if error.is::<crate::checksum::Mismatch>() => Some(Err(error)),
            Err(error) => Some(Err(self.cut(None, Some(error)))),
        }
    }
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.wait.end();
            return Poll::Ready(self.received(frame));
        }
        let limit = self.guard.limit;
        if limit == Duration::MAX {
            return Poll::Pending;
        }
        let timer = self.guard.timer.clone();
        ready!(self.wait.poll(&*timer, limit, context));
        // Who reads on nevertheless waits for the whole limit again.
        self.wait = Wait::default();
        Poll::Ready(Some(Err(self.cut(Some(limit), None))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of a response ended too early.
#[derive(Debug)]
pub(crate) struct Cut {
    origin: Option<Origin>,
    /// How long no byte arrived. Otherwise the connection broke.
    stalled: Option<Duration>,
    received: u64,
    expected: Option<u64>,
    /// The range of the bytes that are missing, if the service can be asked for it.
    rest: Option<String>,
    source: Option<BoxError>,
}

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Origin { operation, .. }) = &self.origin {
            write!(formatter, "{operation}: ")?;
        }
        match self.stalled {
            Some(limit) => write!(formatter, "no byte of the response arrived for {limit:?}")?,
            None => formatter.write_str("the response broke off")?,
        }
        let received = self.received;
        match self.expected {
            Some(expected) => write!(formatter, " after {received} of {expected} bytes")?,
            None => write!(
                formatter,
                " after {received} bytes of a body of unknown length"
            )?,
        }
        if let Some(Origin { peer, .. }) = &self.origin {
            write!(formatter, " from {}", safe_name(peer))?;
            match &self.rest {
                Some(rest) => write!(
                    formatter,
                    "; ask for the rest with the range `{rest}`, or repeat the call"
                )?,
                None => formatter.write_str("; repeat the call")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Cut {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

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
