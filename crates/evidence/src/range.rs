//! A part of a file as the body of a request: read piece by piece, so that a part in flight takes one piece of memory.

use std::io::SeekFrom;
use std::ops::Range;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use attache_runtime::BoxError;
use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncSeekExt, ReadBuf};

use crate::progress::Tally;

/// How much is read at once, in bytes.
const PIECE: usize = 256 * 1024;

pub(crate) struct FileRange {
    from: From,
    left: u64,
    tally: Arc<Tally>,
}

enum From {
    File(File),
    Bytes(Bytes),
}

impl FileRange {
    pub(crate) async fn open(
        path: &Path,
        range: Range<u64>,
        tally: Arc<Tally>,
    ) -> std::io::Result<Self> {
        let mut file = File::open(path).await?;
        file.seek(SeekFrom::Start(range.start)).await?;
        Ok(Self {
            from: From::File(file),
            left: range.end - range.start,
            tally,
        })
    }

    pub(crate) fn of_bytes(bytes: Bytes, tally: Arc<Tally>) -> Self {
        Self {
            left: bytes.len() as u64,
            from: From::Bytes(bytes),
            tally,
        }
    }
}

impl Body for FileRange {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let most = usize::try_from(self.left).map_or(PIECE, |left| left.min(PIECE));
        if most == 0 {
            return Poll::Ready(None);
        }
        let piece = match &mut self.from {
            From::Bytes(bytes) => bytes.split_to(most),
            From::File(file) => {
                let mut piece = BytesMut::zeroed(most);
                let mut buffer = ReadBuf::new(&mut piece);
                ready!(Pin::new(file).poll_read(context, &mut buffer))?;
                let read = buffer.filled().len();
                piece.truncate(read);
                piece.freeze()
            }
        };
        if piece.is_empty() {
            let error = "the file became shorter while it was read";
            return Poll::Ready(Some(Err(error.into())));
        }
        self.left -= piece.len() as u64;
        self.tally.moved(piece.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
