//! The body of a response: bytes in memory or from files, as a whole or in pieces, with faults on request.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use attache_runtime::{BoxFuture, Timer};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::store::{Blob, BlobReader, Blobs};

/// The number of pieces of a body with the fault `drip`.
const PIECES: u64 = 10;

/// A body of known length.
pub(crate) struct ReplyBody {
    blobs: Blobs,
    waiting: VecDeque<Blob>,
    reader: Option<BlobReader>,
    buffer: Bytes,
    /// How many bytes are left out at the beginning.
    skip: u64,
    /// How many bytes are still to be sent.
    remaining: u64,
    /// Where a byte is wrong: that many bytes before the end.
    corrupt: Option<u64>,
    drip: Option<Drip>,
}

struct Drip {
    piece: u64,
    pause: Duration,
    timer: Arc<dyn Timer>,
    sleep: Option<BoxFuture<'static, ()>>,
}

impl fmt::Debug for ReplyBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ReplyBody")
            .field("remaining", &self.remaining)
            .finish_non_exhaustive()
    }
}

impl ReplyBody {
    pub(crate) fn bytes(bytes: Bytes) -> Self {
        Self {
            remaining: bytes.len() as u64,
            buffer: bytes,
            ..Self::empty(Blobs::in_memory())
        }
    }

    /// Bytes of files, one after the other: `length` bytes from `skip` on.
    pub(crate) fn blobs(blobs: Blobs, content: Vec<Blob>, skip: u64, length: u64) -> Self {
        Self {
            waiting: content.into(),
            skip,
            remaining: length,
            ..Self::empty(blobs)
        }
    }

    fn empty(blobs: Blobs) -> Self {
        Self {
            blobs,
            waiting: VecDeque::new(),
            reader: None,
            buffer: Bytes::new(),
            skip: 0,
            remaining: 0,
            corrupt: None,
            drip: None,
        }
    }

    /// Makes a byte in the middle wrong.
    pub(crate) fn corrupt(&mut self) {
        self.corrupt = (self.remaining > 0).then_some(self.remaining.div_ceil(2));
    }

    /// Sends the body in pieces.
    pub(crate) fn drip(&mut self, pause: Duration, timer: Arc<dyn Timer>) {
        self.drip = Some(Drip {
            piece: self.remaining.div_ceil(PIECES).max(1),
            pause,
            timer,
            sleep: None,
        });
    }

    /// Fills the buffer, or says that there is no more.
    fn fill(&mut self) -> io::Result<bool> {
        while self.buffer.is_empty() {
            if let Some(reader) = &mut self.reader {
                match reader.next() {
                    Some(chunk) => self.buffer = chunk?,
                    None => self.reader = None,
                }
            } else if let Some(blob) = self.waiting.pop_front() {
                if self.skip >= blob.size {
                    self.skip -= blob.size;
                    continue;
                }
                self.reader = Some(self.blobs.reader(&blob)?);
            } else {
                return Ok(false);
            }
            let skipped = self.skip.min(self.buffer.len() as u64);
            self.skip -= skipped;
            // A buffer is no longer than memory.
            drop(self.buffer.split_to(skipped as usize));
        }
        Ok(true)
    }

    fn next_piece(&mut self) -> io::Result<Option<Bytes>> {
        if self.remaining == 0 || !self.fill()? {
            return Ok(None);
        }
        let piece = self.drip.as_ref().map_or(u64::MAX, |drip| drip.piece);
        let length = piece.min(self.remaining).min(self.buffer.len() as u64);
        let mut piece = self.buffer.split_to(length as usize);
        let after = self.remaining - length;
        if let Some(place) = self.corrupt
            && (after..self.remaining).contains(&(place - 1))
        {
            let mut bytes = piece.to_vec();
            bytes[(self.remaining - place) as usize] ^= 0x80;
            piece = bytes.into();
        }
        self.remaining = after;
        Ok(Some(piece))
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(drip) = &mut self.drip {
            if let Some(sleep) = &mut drip.sleep {
                std::task::ready!(sleep.as_mut().poll(context));
            }
            drip.sleep = Some(drip.timer.sleep(drip.pause));
        }
        Poll::Ready(match self.next_piece() {
            Ok(piece) => piece.map(|piece| Ok(Frame::data(piece))),
            Err(error) => Some(Err(error)),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.remaining == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}
