//! A part of a content as the body of a request: read in pieces, so that a part needs the memory of one piece while it
//! is sent.
//!
//! The bytes are hashed while they are sent, and the last piece is sent only if the hash is the expected one. The
//! storage never gets the end of a part that changed, and so never completes it.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, ready};

use attache_runtime::{BoxError, ByteStream};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::task::JoinHandle;

use crate::error::Error;
use crate::plumbing::checksum::{Algorithm, Checksums, Digests};
use crate::plumbing::content::{Content, piece_of};
use crate::plumbing::progress::Tally;
use crate::plumbing::source::OpenSource;

/// How sending a body ended, for the code that sends it.
#[derive(Default)]
pub struct Sent {
    checksums: OnceLock<Checksums>,
    problem: Mutex<Option<Error>>,
}

impl Sent {
    /// The hashes of the bytes, once all of them were read.
    pub fn checksums(&self) -> Option<&Checksums> {
        self.checksums.get()
    }

    /// Why the content could not be read; the network is not the cause.
    pub fn take_problem(&self) -> Option<Error> {
        let mut problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        problem.take()
    }

    fn fail(&self, error: Error) -> BoxError {
        let text = error.to_string();
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        text.into()
    }
}

/// A part of a source.
#[derive(Clone)]
pub struct Part {
    pub source: OpenSource,
    pub range: Range<u64>,
    /// The SHA-256 that it must have.
    pub sha256: [u8; 32],
}

impl Part {
    pub fn length(&self) -> u64 {
        self.range.end - self.range.start
    }

    /// Its bytes, and how sending them ended. They are hashed with these algorithms.
    pub fn body(
        &self,
        algorithms: impl IntoIterator<Item = Algorithm>,
        tally: &Arc<Tally>,
    ) -> (PartBody, Arc<Sent>) {
        let sent = Arc::new(Sent::default());
        let digests = Digests::of(algorithms);
        if self.length() == 0 {
            // No piece will be read. The value is not set yet, because it was just made.
            let _ = sent.checksums.set(digests.clone().finish());
        }
        (self.reading(digests, &sent, tally), sent)
    }

    /// Its bytes as a stream that can be read several times, and how a reading of it ended.
    pub fn stream(&self, tally: &Arc<Tally>) -> (ByteStream, Arc<Sent>) {
        let sent = Arc::new(Sent::default());
        let (part, tally, kept) = (self.clone(), Arc::clone(tally), Arc::clone(&sent));
        let stream = ByteStream::from_source(self.length(), move || {
            let body = part.reading(Digests::of([]), &kept, &tally);
            Ok(ByteStream::new(body))
        });
        (stream, sent)
    }

    fn reading(&self, digests: Digests, sent: &Arc<Sent>, tally: &Arc<Tally>) -> PartBody {
        PartBody {
            next: self.range.start,
            part: self.clone(),
            reading: None,
            digests,
            sent: Arc::clone(sent),
            tally: Arc::clone(tally),
        }
    }
}

pub struct PartBody {
    part: Part,
    next: u64,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
    digests: Digests,
    sent: Arc<Sent>,
    tally: Arc<Tally>,
}

impl PartBody {
    fn left(&self) -> u64 {
        self.part.range.end - self.next
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, Error>> {
        let most = piece_of(self.left());
        let (content, offset) = (self.part.source.content(), self.next);
        let read = if let Content::Bytes(_) = content {
            content.read(offset, most)
        } else {
            let reading = self.reading.get_or_insert_with(|| {
                let content = content.clone();
                tokio::task::spawn_blocking(move || content.read(offset, most))
            });
            let done = ready!(Pin::new(reading).poll(context));
            self.reading = None;
            done.unwrap_or_else(|error| Err(io::Error::other(error)))
        };
        let source = &self.part.source;
        let piece = read.map_err(|error| source.unreadable(error))?;
        if piece.len() < most {
            return Poll::Ready(Err(source.changed()));
        }
        self.next += piece.len() as u64;
        self.digests.update(&piece);
        if self.left() == 0 {
            let checksums = self.digests.clone().finish();
            if checksums.sha256 != self.part.sha256 {
                return Poll::Ready(Err(self.part.source.changed()));
            }
            // If it is set, an earlier reading has reached the end.
            let _ = self.sent.checksums.set(checksums);
        }
        Poll::Ready(Ok(piece))
    }
}

impl Body for PartBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.left() == 0 {
            return Poll::Ready(None);
        }
        let piece = match ready!(self.poll_piece(context)) {
            Ok(piece) => piece,
            Err(error) => return Poll::Ready(Some(Err(self.sent.fail(error)))),
        };
        self.tally.moved(piece.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left())
    }
}
