//! The body of a response, verified against the checksum that the response states.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::algorithm::{Algorithm, BY_PRIORITY, Digest};
use super::chosen::Chosen;
use crate::body::{BoxError, ByteStream};
use crate::formatting::write;

/// A body that ends with [`Mismatch`] if its bytes are not those of the checksum. Without a checksum that can be verified,
/// it is the same body.
pub(crate) fn verified(chosen: Chosen, headers: &HeaderMap, body: ByteStream) -> ByteStream {
    let named = |algorithm: &Algorithm| {
        let mut names = chosen.response.iter();
        names.any(|name| Algorithm::of(name) == Some(*algorithm))
    };
    let stated = |algorithm: Algorithm| {
        let value = headers.get(algorithm.header()).map(HeaderValue::to_str)?;
        // The checksum of the checksums of parts, and their number: `…-3`. The bytes do not tell where parts begin.
        let value = value.ok().filter(|value| !value.contains('-'))?;
        Some((algorithm, value.trim().to_owned()))
    };
    let mut usable = BY_PRIORITY.iter().copied().filter(named);
    match usable.find_map(stated) {
        Some((algorithm, expected)) => ByteStream::new(Verified {
            body,
            state: Some((algorithm, algorithm.digest(), expected)),
        }),
        None => body,
    }
}

struct Verified {
    body: ByteStream,
    /// `None` after the end.
    state: Option<(Algorithm, Digest, String)>,
}

impl Verified {
    /// Compares at the end of the body.
    fn compare(&mut self) -> Result<(), BoxError> {
        let Some((algorithm, digest, expected)) = self.state.take() else {
            return Ok(());
        };
        let computed = digest.finish();
        if computed == expected {
            return Ok(());
        }
        Err(Mismatch {
            algorithm: algorithm.name(),
            expected,
            computed,
        }
        .into())
    }
}

impl HttpBody for Verified {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.state.is_none() {
            return Poll::Ready(None);
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let Some(frame) = frame else {
            return Poll::Ready(self.compare().err().map(Err));
        };
        let Ok(frame) = frame else {
            self.state = None;
            return Poll::Ready(Some(frame));
        };
        if let (Some(bytes), Some((_, digest, _))) = (frame.data_ref(), &mut self.state) {
            digest.update(bytes);
        }
        // A reader that knows the length does not ask for more than the last piece, so it is not given a wrong one.
        if self.body.is_end_stream()
            && let Err(error) = self.compare()
        {
            return Poll::Ready(Some(Err(error)));
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.state.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The bytes of a response are not those of its checksum.
#[derive(Debug)]
pub(crate) struct Mismatch {
    algorithm: &'static str,
    expected: String,
    computed: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            algorithm,
            expected,
            computed,
        } = self;
        write!(
            formatter,
            "the bytes of the response are not those that were sent: their {algorithm} is {computed}, and the response \
             says {expected}"
        )
    }
}

impl std::error::Error for Mismatch {}
