//! A request some of whose blobs are read from sources while it is sent.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::body::{Body, ByteStream};
use crate::operation::Request;
use crate::plumbing::discovery::Discovery;
use crate::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use crate::plumbing::operation::{Operation, RegionRedirect, Scheme, SignatureVersion};
use crate::segments::{Segment, Segments};
use crate::stand_in::{self, Place};
use crate::texts::insert_behind;
use crate::validation::{Level, Violations};

/// A request some of whose blobs are read from sources while it is sent, and are never whole in memory.
///
/// It is for operations with a body of JSON, in which a blob is base64. A source is a [`ByteStream`] that can be read again,
/// most often a file ([`ByteStream::from_path`]). The call takes less than 1 MiB of memory for its body, whatever the lengths of
/// the sources are.
///
/// ```no_run
/// # use attache_runtime::operation::Request;
/// use attache_runtime::{ByteStream, Bytes, Streamed};
///
/// # #[derive(Default)]
/// # struct StoreRequest { content: Option<Bytes> }
/// # fn example() -> std::io::Result<Streamed<StoreRequest>> {
/// let request = Streamed::new(StoreRequest::default()).blob(
///     ByteStream::from_path("core.dump")?,
///     |request, content| request.content = Some(content),
/// );
/// // `client.send(request).await`
/// # Ok(request)
/// # }
/// ```
///
/// # What is read when
///
/// A signature covers the whole body. So the sources are read once to be hashed, before the first attempt, and then by each
/// attempt that sends them. A source must not change until the call has ended. If its length or its bytes change, the
/// end of the body is not sent, and the call fails with [`ErrorKind::Request`](crate::ErrorKind::Request) and a text that says
/// which source it is. The call is repeated as one with its blobs in memory would be.
///
/// The documented limits of a blob are validated with the length of its source. The call has as much time as one with a body of
/// that length in memory.
///
/// # Errors
///
/// The call fails with `ErrorKind::Request` before anything is sent if
///
/// * a source can be read only once ([`ByteStream::new`]),
/// * a blob was not set in the request, or in two places,
/// * the operation does not send the blob as base64 in JSON: in a header, as a whole body, in XML, a form or CBOR,
/// * the operation needs a checksum of its body in a header.
///
/// # What others see of it
///
/// The rules of a mock see a blob of 30 random bytes in place of each source. The view of the wire and a recording have the
/// lengths of the sources in place of their content.
#[must_use = "a request does nothing until it is sent"]
pub struct Streamed<R> {
    request: R,
    sources: Vec<Source>,
}

struct Source {
    stream: ByteStream,
    /// `None` if the stream does not know it.
    length: Option<u64>,
    stand_in: Bytes,
}

impl<R> Streamed<R> {
    /// A request without sources.
    pub fn new(request: R) -> Self {
        Self {
            request,
            sources: Vec::new(),
        }
    }

    /// Reads a blob from a source, which is sent from its start. `set` gets what stands for the blob until the request is
    /// sent, and must set the member of the request to it.
    pub fn blob(mut self, source: ByteStream, set: impl FnOnce(&mut R, Bytes)) -> Self {
        let length = source.whole_length();
        let stand_in = stand_in::of_length(length.unwrap_or(0));
        set(&mut self.request, stand_in.clone());
        self.sources.push(Source {
            stream: source,
            length,
            stand_in,
        });
        self
    }
}

impl<R> fmt::Debug for Streamed<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Streamed")
            .field("sources", &self.sources.len())
            .finish_non_exhaustive()
    }
}

/// Everything but the blobs is that of the request.
impl<R: Request> Request for Streamed<R> {
    type Response = R::Response;
    type ServiceError = R::ServiceError;
    const OPERATION: &'static Operation = R::OPERATION;
    const SCHEMES: &'static [Scheme] = R::SCHEMES;
    const ERRORS_IN_SUCCESS: bool = R::ERRORS_IN_SUCCESS;
    const AWAITS_INITIAL_RESPONSE: bool = R::AWAITS_INITIAL_RESPONSE;
    const SIGNATURE_VERSION: SignatureVersion = R::SIGNATURE_VERSION;
    const REGION_REDIRECT: Option<&'static RegionRedirect> = R::REGION_REDIRECT;
    const DISCOVERY: Option<&'static Discovery> = R::DISCOVERY;

    fn fill_idempotency_token(&mut self, token: &dyn Fn() -> String) {
        self.request.fill_idempotency_token(token);
    }

    fn prepare(&mut self) {
        self.request.prepare();
    }

    fn validate(&self, level: Level) -> Result<(), Violations> {
        self.request.validate(level)
    }

    fn is_dry_run(&self) -> bool {
        self.request.is_dry_run()
    }

    #[cfg(feature = "test-util")]
    fn copied(&self) -> Option<crate::test::Copied> {
        self.request.copied()
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut message = self.request.encode()?;
        if self.sources.is_empty() {
            return Ok(message);
        }
        if message.needs_whole_body() {
            return Err(problem(
                0,
                "the operation sends a checksum of its body in a header, so the blob must be in memory",
            ));
        }
        let (segments, places) = divided(&message.body, self.sources)?;
        message.segmented(segments, &places);
        Ok(message)
    }

    fn decode(response: HttpResponse) -> Result<Self::Response, DecodeError> {
        R::decode(response)
    }
}

/// Divides a body at its stand-ins.
#[inline]
fn divided(body: &Body, sources: Vec<Source>) -> Result<(Arc<Segments>, Vec<Place>), EncodeError> {
    let text = match body {
        Body::Bytes(text) => text.clone(),
        Body::Stream(_) => Bytes::new(),
    };
    let mut found = Vec::with_capacity(sources.len());
    for (index, source) in sources.into_iter().enumerate() {
        let place = place(&text, &source).map_err(|text| problem(index, text))?;
        insert_behind(
            &mut found,
            (place, source.stream),
            &|(other, _), (place, _)| other.range.start <= place.range.start,
        );
    }
    let mut segments = Vec::with_capacity(2 * found.len() + 1);
    let (mut places, mut end) = (Vec::with_capacity(found.len()), 0);
    for (place, stream) in found {
        segments.push(Segment::Text(text.slice(end..place.range.start)));
        segments.push(Segment::Source(stream, place.length));
        end = place.range.end;
        places.push(place);
    }
    segments.push(Segment::Text(text.slice(end..)));
    let segments = Segments::new(segments);
    let segments = segments.ok_or_else(|| problem(0, "no number holds the length of the request"));
    Ok((segments?, places))
}

/// Where the stand-in of a source is.
#[inline]
fn place(text: &[u8], source: &Source) -> Result<Place, &'static str> {
    let length = source.length.filter(|_| source.stream.is_repeatable());
    let length = length.ok_or(
        "it is read to be signed and again to be sent, and this stream can be read only once: make it of bytes, with \
         `ByteStream::from_path` or with `ByteStream::from_source`",
    )?;
    let mut ranges = stand_in::ranges(text, &source.stand_in);
    let range = ranges.next().ok_or(
        "the request does not have its blob as base64 in a body of JSON: set a member of an operation with such a body to \
         the blob",
    )?;
    match ranges.next() {
        Some(_) => Err("the request has its blob in two places"),
        None => Ok(Place { range, length }),
    }
}

#[inline]
fn problem(index: usize, problem: &'static str) -> EncodeError {
    EncodeError::new(format!("source {}", index + 1), problem)
}
