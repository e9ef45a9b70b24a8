//! Bodies without end.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use attache_runtime::{ByteStream, Bytes};

/// A body that never ends, and counts its pieces of 1 MiB.
struct Endless(Arc<AtomicU32>);

pub(crate) fn endless(pieces: &Arc<AtomicU32>) -> ByteStream {
    ByteStream::new(Endless(Arc::clone(pieces)))
}

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        static PIECE: [u8; 1 << 20] = [7; 1 << 20];
        self.0.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from_static(&PIECE)))))
    }
}

/// How long a trickling body takes for a piece: shorter than a transfer may stand still.
const PAUSE: Duration = Duration::from_secs(50);

/// A body that never ends, and gives the same piece again and again, at once or after a pause.
struct Trickle {
    piece: &'static [u8],
    pause: Option<Pin<Box<tokio::time::Sleep>>>,
}

pub(crate) fn slow(piece: &'static [u8]) -> ByteStream {
    let pause = Some(Box::pin(tokio::time::sleep(PAUSE)));
    ByteStream::new(Trickle { piece, pause })
}

pub(crate) fn fast(piece: &'static [u8]) -> ByteStream {
    ByteStream::new(Trickle { piece, pause: None })
}

impl http_body::Body for Trickle {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            *pause = Box::pin(tokio::time::sleep(PAUSE));
        }
        Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from_static(
            self.piece,
        )))))
    }
}
