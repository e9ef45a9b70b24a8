//! A connection that still reads after a write has failed.
//!
//! A server may respond and close before it has read the whole body, for example because of an expired signature or a
//! body that is too large. Later writes fail, and hyper would report that failure and drop the response. This
//! connection therefore delays the failure until everything was read, and the response is used.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::preface::Preface;
use super::socket::Announcement;
use super::stream::Stream;
use super::upload::Upload;

/// A connection, whatever it is made of.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    /// Whether it ends at a proxy that reads the requests, which must then contain whole URLs.
    at_proxy: bool,
    /// Whether the protocol is HTTP/2, which reads only while it can write, and has its own messages for refusals.
    multiplexed: bool,
    /// What the first bytes of the server are to show, because no protocol was agreed on.
    preface: Option<Preface>,
    announcement: Announcement,
    upload: Upload,
    writing: Writing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    Works,
    /// A write failed, and there may still be data to read.
    Failed,
    /// A write failed, and all has been read.
    Over,
}

impl Connection {
    pub(super) fn new(stream: Box<dyn Stream>, announcement: Announcement) -> Self {
        Self {
            stream,
            at_proxy: false,
            multiplexed: false,
            preface: None,
            announcement,
            upload: Upload::default(),
            writing: Writing::Works,
        }
    }

    /// What is told that a request is about to be written.
    pub(super) fn announcement(&self) -> Announcement {
        self.announcement.clone()
    }

    /// What is left to be sent of a request.
    pub(super) fn upload(&self) -> Upload {
        self.upload.clone()
    }

    /// The same to a proxy that reads the requests.
    pub(super) fn at_proxy(mut self) -> Self {
        self.at_proxy = true;
        self
    }

    /// The same with the protocol that the server has agreed to.
    pub(super) fn with_http2(mut self, http2: bool) -> Self {
        self.multiplexed = http2;
        self
    }

    /// The same, with a server that is expected to speak HTTP/2.
    #[cfg(feature = "http2")]
    pub(super) fn with_prior_knowledge(mut self) -> Self {
        self.multiplexed = true;
        self.preface = Some(Preface::default());
        self
    }

    /// What the first bytes of the server show, if they are looked at.
    #[cfg(feature = "http2")]
    pub(super) fn preface(&self) -> Option<Preface> {
        self.preface.clone()
    }

    /// Whether it ends at a proxy that reads the requests.
    pub(super) fn is_at_proxy(&self) -> bool {
        self.at_proxy
    }

    /// Reads, and shows the result and the bytes to `see` before the caller gets them.
    fn read_seen(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
        see: fn(&mut Self, &io::Result<()>, &[u8]),
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = ready!(Pin::new(&mut *self.stream).poll_read(context, buffer));
        see(
            self,
            &result,
            buffer.filled().get(before..).unwrap_or_default(),
        );
        Poll::Ready(result)
    }

    /// Notes the first bytes of the server. Only a result or a closed connection shows its protocol.
    fn note_preface(&mut self, result: &io::Result<()>, bytes: &[u8]) {
        let shows_protocol = result.as_ref().err().is_none_or(is_gone);
        if let Some(preface) = &self.preface
            && shows_protocol
        {
            preface.observe(bytes);
        }
    }

    /// Whether the protocol is HTTP/2.
    pub(super) fn is_multiplexed(&self) -> bool {
        self.multiplexed
    }

    /// What to write to; nothing after a write has failed.
    fn writable(&mut self) -> Option<Pin<&mut dyn Stream>> {
        match self.writing {
            Writing::Failed => None,
            _ => Some(Pin::new(&mut *self.stream)),
        }
    }

    /// The result of a write. If it fails because the other side has closed, it is delayed until everything was read.
    fn written(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        self.upload.note(&written);
        if let (Some(preface), Poll::Ready(Err(error))) = (&self.preface, &written)
            && preface.is_awaited()
            && is_gone(error)
        {
            preface.observe(&[]);
        }
        match &written {
            Poll::Ready(Err(error))
                if is_gone(error) && self.writing == Writing::Works && !self.multiplexed =>
            {
                self.writing = Writing::Failed;
                // hyper reads before it writes, so the task must be polled again.
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ => written,
        }
    }

    /// Notes what was read after a write failed. The end of it is the end of the connection.
    fn note_rest(&mut self, result: &io::Result<()>, bytes: &[u8]) {
        if result.is_err() || bytes.is_empty() {
            self.writing = Writing::Over;
        }
    }
}

/// Whether an error means that the other side accepts no more data.
fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::NotConnected
    )
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.writing {
            Writing::Failed => self.read_seen(context, buffer, Self::note_rest),
            _ if self.preface.as_ref().is_some_and(Preface::is_awaited) => {
                self.read_seen(context, buffer, Self::note_preface)
            }
            _ => Pin::new(&mut *self.stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(stream) = self.writable() else {
            return Poll::Pending;
        };
        let written = stream.poll_write(context, buffer);
        self.written(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(stream) = self.writable() else {
            return Poll::Pending;
        };
        let flushed = stream.poll_flush(context).map_ok(|()| 0);
        self.written(context, flushed).map_ok(|_| ())
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Some(stream) = self.writable() else {
            return Poll::Pending;
        };
        let written = stream.poll_write_vectored(context, buffers);
        self.written(context, written)
    }
}
