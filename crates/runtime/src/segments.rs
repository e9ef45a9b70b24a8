//! A body of text and of sources in base64, which is read in pieces.
//!
//! A signature needs the hash of the whole body before its first byte, so the body is read twice: it is hashed, and then
//! sent. Both readings encode in the same way. What a reading has hashed at the end of each segment is compared with what
//! the first one had there, before the last piece of the segment is passed on. So a source that changed ends the request
//! before its end.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};

use crate::body::{BoxError, ByteStream};
use crate::sha256::Sha256;

/// How many bytes of a source are encoded at once: a multiple of three, so that only the end of a source is padded. The
/// base64 of a piece has 256 KiB. With pieces of a quarter of that, a file took a quarter more CPU: another thread reads each.
const PIECE: u64 = 192 * 1024;

type Digest = [u8; 32];

/// A part of a body.
pub(crate) enum Segment {
    Text(Bytes),
    /// A source that can be opened again, of which so many bytes are sent in base64.
    Source(ByteStream, u64),
}

impl Segment {
    /// How many bytes of the body it is; `None` if a number cannot hold it.
    #[inline]
    fn length(&self) -> Option<u64> {
        match self {
            Self::Text(text) => Some(text.len() as u64),
            Self::Source(_, length) => length.div_ceil(3).checked_mul(4),
        }
    }
}

/// A body that can be read again.
pub(crate) struct Segments {
    segments: Vec<Segment>,
    length: u64,
    /// The hash of the body up to the end of each segment, as the first reading had it.
    digests: Vec<OnceLock<Digest>>,
}

impl Segments {
    /// `None` if a number cannot hold the length of the body.
    #[inline]
    pub(crate) fn new(segments: Vec<Segment>) -> Option<Arc<Self>> {
        let (mut length, mut digests) = (0_u64, Vec::with_capacity(segments.len()));
        for segment in &segments {
            length = length.checked_add(segment.length()?)?;
            digests.push(OnceLock::new());
        }
        Some(Arc::new(Self {
            digests,
            segments,
            length,
        }))
    }

    /// How many bytes the body has.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    /// The body as a stream, which each attempt reads from its start.
    pub(crate) fn stream(self: &Arc<Self>) -> ByteStream {
        let this = Arc::clone(self);
        ByteStream::from_source(self.length, move || {
            Ok(ByteStream::new(Reading {
                body: Arc::clone(&this),
                index: 0,
                source: None,
                hash: Sha256::new(),
            }))
        })
    }

    /// The SHA-256 of the body, once it was read.
    pub(crate) fn sha256(&self) -> Option<Digest> {
        self.digests.last()?.get().copied()
    }

    /// Reads the body for its hash, unless it was read before.
    ///
    /// # Errors
    /// That of a source.
    pub(crate) async fn hash(self: &Arc<Self>) -> Result<(), BoxError> {
        if self.sha256().is_none() {
            let mut stream = self.stream();
            while let Some(piece) = stream.next().await {
                piece?;
            }
        }
        Ok(())
    }

    /// The error of a source that is not what it was.
    fn changed(&self, index: usize) -> BoxError {
        let mut number = 0;
        for segment in &self.segments[..=index] {
            number += usize::from(matches!(segment, Segment::Source(..)));
        }
        let source = match &self.segments[index] {
            Segment::Source(source, _) => source.path(),
            Segment::Text(_) => None,
        };
        let name = match source {
            Some(path) => format!("{} (source {number} of the request)", path.display()),
            None => format!("source {number} of the request"),
        };
        format!(
            "{name} has other bytes than when the request was signed, so the end of the request was not sent: a source must \
             not change until the call has ended"
        )
        .into()
    }
}

/// One reading of a body.
struct Reading {
    body: Arc<Segments>,
    /// The segment that comes next.
    index: usize,
    /// The source that is being read.
    source: Option<Encoder>,
    /// The hash of what was read.
    hash: Sha256,
}

impl Reading {
    /// The end of a segment: what was read up to here must be what the first reading has read.
    fn ended(&mut self) -> Result<(), BoxError> {
        let digest = self.hash.clone().finalize();
        if *self.body.digests[self.index].get_or_init(|| digest) != digest {
            return Err(self.body.changed(self.index));
        }
        self.source = None;
        self.index += 1;
        Ok(())
    }

    /// The next piece, which is empty at the end of an empty source.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, BoxError>> {
        let (piece, is_end) = match &self.body.segments[self.index] {
            Segment::Text(text) => (text.clone(), true),
            Segment::Source(source, length) => {
                let encoder = match &mut self.source {
                    Some(encoder) => encoder,
                    None => self.source.insert(Encoder::new(source, *length)?),
                };
                let piece = ready!(encoder.poll_piece(context))?;
                (piece, encoder.left == 0)
            }
        };
        self.hash.update(&piece);
        if is_end {
            self.ended()?;
        }
        Poll::Ready(Ok(piece))
    }
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        while self.index < self.body.segments.len() {
            let piece = ready!(self.poll_piece(context))?;
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
        Poll::Ready(None)
    }
}

/// Encodes a source.
struct Encoder {
    stream: ByteStream,
    /// What was read and does not fill a piece yet.
    raw: Vec<u8>,
    /// What was read and belongs to a later piece.
    later: Bytes,
    /// How many bytes of the source are to be encoded.
    left: u64,
}

impl Encoder {
    fn new(source: &ByteStream, length: u64) -> Result<Self, BoxError> {
        let stream = source.again_in_pieces(PIECE);
        Ok(Self {
            stream: stream.ok_or("a source of the request cannot be read again")?,
            raw: Vec::new(),
            later: Bytes::new(),
            left: length,
        })
    }

    /// The base64 of the next piece.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, BoxError>> {
        let wanted = self.left.min(PIECE) as usize;
        self.raw.reserve_exact(wanted - self.raw.len());
        while self.raw.len() < wanted {
            if self.later.is_empty() {
                let frame = ready!(Pin::new(&mut self.stream).poll_frame(context));
                let frame = frame.ok_or("a source of the request ended early")??;
                self.later = frame.into_data().unwrap_or_default();
            }
            let most = self.later.len().min(wanted - self.raw.len());
            self.raw.extend_from_slice(&self.later.split_to(most));
        }
        let encoded = base64_simd::STANDARD.encode_to_string(&self.raw);
        self.raw.clear();
        self.left -= wanted as u64;
        Poll::Ready(Ok(encoded.into()))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{PIECE, Segment, Segments};
    use crate::body::ByteStream;

    #[tokio::test]
    async fn sources_in_pieces_of_any_length_are_encoded_as_a_whole() {
        let piece = PIECE as usize;
        for length in [0, 1, 2, 3, 4, piece - 1, piece, piece + 1, 2 * piece + 2] {
            let content: Vec<u8> = (0..length).map(|at| (at * 31 % 251) as u8).collect();
            for step in [1000, piece - 1, piece + 1, usize::MAX] {
                let pieces: Vec<Bytes> = content
                    .chunks(step.min(length.max(1)))
                    .map(Bytes::copy_from_slice)
                    .collect();
                let open = move || Ok(ByteStream::new(Pieces(pieces.clone().into_iter())));
                let source = ByteStream::from_source(length as u64, open);
                let body = Segments::new(vec![
                    Segment::Text("<".into()),
                    Segment::Source(source, length as u64),
                    Segment::Text(">".into()),
                ]);
                let body = body.expect("its length is a number");
                let expected = format!("<{}>", base64_simd::STANDARD.encode_to_string(&content));
                assert_eq!(body.length(), expected.len() as u64);
                body.hash().await.expect("it can be read");
                let read = body.stream().collect().await.expect("it can be read");
                assert!(read == expected.as_bytes(), "{length} bytes by {step}");
            }
        }
    }

    #[test]
    fn a_length_that_no_number_holds_is_no_body() {
        let source = ByteStream::from_source(u64::MAX, || Ok(ByteStream::default()));
        assert!(Segments::new(vec![Segment::Source(source, u64::MAX)]).is_none());
    }

    struct Pieces(std::vec::IntoIter<Bytes>);

    impl http_body::Body for Pieces {
        type Data = Bytes;
        type Error = crate::BoxError;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, crate::BoxError>>> {
            std::task::Poll::Ready(self.0.next().map(|piece| Ok(http_body::Frame::data(piece))))
        }
    }
}
