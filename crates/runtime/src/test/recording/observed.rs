//! A body whose bytes are seen while they pass, so that a stream stays a stream while it is recorded.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::exchange::Digest;
use crate::body::{BoxError, ByteStream};
use crate::plumbing::sigv4::hexadecimal;
use crate::sha256::Sha256;

/// What was seen of a body so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen(Arc<Mutex<Part>>);

#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) bytes: Kept,
    pub(super) end: End,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum End {
    /// It was not read to its end, at least not yet.
    #[default]
    Open,
    Complete,
    /// The connection broke, or the source of the body failed.
    Broken,
}

/// What is kept of the bytes.
pub(super) enum Kept {
    All(Vec<u8>),
    Hash(Box<Sha256>, u64),
}

impl Default for Kept {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Kept")
    }
}

impl Kept {
    fn push(&mut self, piece: &[u8]) {
        match self {
            Self::All(bytes) => bytes.extend_from_slice(piece),
            Self::Hash(hash, length) => {
                hash.update(piece);
                *length += piece.len() as u64;
            }
        }
    }
}

impl Seen {
    /// Keeps all bytes.
    pub(super) fn all() -> Self {
        Self::default()
    }

    /// Keeps the hash of the bytes.
    pub(super) fn hash() -> Self {
        let part = Part {
            bytes: Kept::Hash(Box::new(Sha256::new()), 0),
            end: End::Open,
        };
        Self(Arc::new(Mutex::new(part)))
    }

    /// What was seen so far.
    pub(super) fn part(&self) -> MutexGuard<'_, Part> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The digest, if all bytes were seen.
    pub(super) fn digest(&self) -> Option<Digest> {
        let part = self.part();
        match &part.bytes {
            Kept::Hash(hash, length) if part.end == End::Complete => {
                Some(digest((**hash).clone(), *length))
            }
            _ => None,
        }
    }

    /// The same body, which is seen while it is read.
    pub(super) fn of(&self, body: ByteStream) -> ByteStream {
        if body.is_end_stream() {
            self.part().end = End::Complete;
        }
        ByteStream::new(Observed {
            body,
            seen: self.clone(),
        })
    }
}

/// The digest of bytes in memory.
pub(super) fn digest_of(bytes: &[u8]) -> Digest {
    digest(Sha256::new_with_prefix(bytes), bytes.len() as u64)
}

fn digest(hash: Sha256, length: u64) -> Digest {
    Digest {
        length,
        sha256: hexadecimal(&hash.finalize()),
    }
}

struct Observed {
    body: ByteStream,
    seen: Seen,
}

impl HttpBody for Observed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        // A reader that knows the length does not ask for more at the end.
        let is_end = frame.is_none() || self.body.is_end_stream();
        let mut part = self.seen.part();
        match &frame {
            Some(Ok(frame)) => part
                .bytes
                .push(frame.data_ref().map_or(&[], |data| &data[..])),
            Some(Err(_)) => part.end = End::Broken,
            None => {}
        }
        if is_end && part.end == End::Open {
            part.end = End::Complete;
        }
        drop(part);
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
