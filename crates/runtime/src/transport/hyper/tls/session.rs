//! TLS over a stream, with the state machine of rustls.
//!
//! It does what `tokio-rustls` does for a client. That crate is generic over the stream and over the side of the connection, so
//! that its functions, and most of those of rustls for a client, would be compiled in this crate. [`Connection`] is not
//! generic, and its functions are compiled in rustls.

use std::future::poll_fn;
use std::io::{self, BufRead as _, IoSlice, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use rustls::{ClientConnection, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::transport::hyper::stream::Stream;

/// A stream whose bytes are encrypted.
pub(super) struct Session {
    stream: Box<dyn Stream>,
    state: Connection,
    /// Whether something was written to the stream during the handshake that is not flushed yet.
    is_unflushed: bool,
    /// Whether the other side has said that nothing follows.
    has_ended: bool,
    /// Whether this side has said so.
    is_closed: bool,
    /// An error that was found after bytes that the caller has to get first.
    failure: Option<io::Error>,
}

impl Session {
    /// Performs the handshake.
    ///
    /// # Errors
    /// It fails, or the stream does.
    pub(super) async fn open(
        stream: Box<dyn Stream>,
        client: ClientConnection,
    ) -> io::Result<Self> {
        let mut session = Self {
            stream,
            state: client.into(),
            is_unflushed: false,
            has_ended: false,
            is_closed: false,
            failure: None,
        };
        poll_fn(|context| session.poll_handshake(context)).await?;
        Ok(session)
    }

    /// The protocol that both sides agreed on.
    pub(super) fn protocol(&self) -> Option<&[u8]> {
        self.state.alpn_protocol()
    }

    fn poll_handshake(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.state.is_handshaking() {
            let sent = self.poll_send_flight(context)?;
            let received = self.poll_receive(context)?;
            if !self.state.is_handshaking() {
                break;
            }
            if matches!(received, Poll::Ready(0)) {
                let error = io::Error::new(io::ErrorKind::UnexpectedEof, "tls handshake eof");
                return Poll::Ready(Err(error));
            }
            if sent.is_pending() || (received.is_pending() && !self.state.wants_write()) {
                return Poll::Pending;
            }
        }
        Pin::new(self).poll_flush(context)
    }

    /// Sends what the handshake has to send.
    fn poll_send_flight(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.is_unflushed |= self.state.wants_write();
        ready!(self.poll_send(context))?;
        if self.is_unflushed {
            ready!(Pin::new(&mut *self.stream).poll_flush(context))?;
            self.is_unflushed = false;
        }
        Poll::Ready(Ok(()))
    }

    /// Writes all records to the stream.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.state.wants_write() {
            if ready!(self.poll_write_records(context))? == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Reads records until the state needs no more. It is 0 at the end of the stream.
    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut length = 1;
        while length > 0 && self.state.wants_read() {
            length = ready!(self.poll_read_records(context))?;
        }
        Poll::Ready(Ok(length))
    }

    fn poll_read_records(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut adapter = Adapter {
            stream: &mut *self.stream,
            context,
        };
        let length = ready!(polled(self.state.read_tls(&mut adapter)))?;
        if let Err(error) = self.state.process_new_packets() {
            // There may be an alert to send about this error. Whether that works is not important.
            let _ = self.poll_write_records(context);
            return Poll::Ready(Err(because(io::ErrorKind::InvalidData, error)));
        }
        Poll::Ready(Ok(length))
    }

    fn poll_write_records(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut adapter = Adapter {
            stream: &mut *self.stream,
            context,
        };
        polled(self.state.write_tls(&mut adapter))
    }

    /// Reads what is there of one record. It is 0 at the end.
    fn poll_read_once(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<usize>> {
        if self.has_ended {
            return Poll::Ready(Ok(0));
        }
        let received = self.poll_receive(context)?;
        match self.state.reader().into_first_chunk() {
            Ok(chunk) => {
                let length = chunk.len().min(buffer.remaining());
                buffer.put_slice(&chunk[..length]);
                self.has_ended = chunk.is_empty();
                self.state.reader().consume(length);
                Poll::Ready(Ok(length))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if received.is_ready() {
                    // Nothing else would wake the task.
                    context.waker().wake_by_ref();
                }
                Poll::Pending
            }
            Err(error) => {
                self.has_ended = error.kind() == io::ErrorKind::ConnectionAborted;
                Poll::Ready(Err(error))
            }
        }
    }
}

/// An error of rustls, which can be downcast.
pub(super) fn because(kind: io::ErrorKind, error: rustls::Error) -> io::Error {
    io::Error::new(kind, error)
}

/// The result of something that blocks no thread.
fn polled(result: io::Result<usize>) -> Poll<io::Result<usize>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}

impl AsyncRead for Session {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(error) = self.failure.take() {
            return Poll::Ready(Err(error));
        }
        let mut length = ready!(self.poll_read_once(context, buffer))?;
        // What has arrived already is read at once.
        while length > 0 && buffer.remaining() > 0 {
            length = match self.poll_read_once(context, buffer) {
                Poll::Ready(Ok(length)) => length,
                Poll::Ready(Err(error)) => {
                    self.failure = Some(error);
                    break;
                }
                Poll::Pending => break,
            };
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Session {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.state.writer().flush()?;
        ready!(self.poll_send(context))?;
        Pin::new(&mut *self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.is_closed {
            self.state.send_close_notify();
            self.is_closed = true;
        }
        ready!(self.poll_send(context))?;
        match ready!(Pin::new(&mut *self.stream).poll_shutdown(context)) {
            // What is not connected needs no end.
            Err(error) if error.kind() != io::ErrorKind::NotConnected => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(())),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut is_empty = true;
        for buffer in buffers {
            is_empty &= buffer.is_empty();
        }
        if is_empty {
            return Poll::Ready(Ok(0));
        }
        loop {
            let length = self.state.writer().write_vectored(buffers)?;
            let mut is_blocked = false;
            while !is_blocked && self.state.wants_write() {
                is_blocked = match self.poll_write_records(context) {
                    Poll::Ready(Ok(length)) => length == 0,
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => true,
                };
            }
            match (length, is_blocked) {
                (0, true) => return Poll::Pending,
                (0, false) => (),
                _ => return Poll::Ready(Ok(length)),
            }
        }
    }
}

/// A stream for rustls, which expects `WouldBlock` where a task has to wait.
///
/// rustls calls `read` and `write_vectored` only. The functions that have a default are refused, because otherwise each of
/// them would be compiled with its loop.
struct Adapter<'a, 'b> {
    stream: &'a mut dyn Stream,
    context: &'a mut Context<'b>,
}

/// The result of a poll for code that expects `WouldBlock`.
fn unblocked<T>(poll: Poll<io::Result<T>>) -> io::Result<T> {
    match poll {
        Poll::Ready(result) => result,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

fn unsupported<T>() -> io::Result<T> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Read for Adapter<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        unblocked(Pin::new(&mut *self.stream).poll_read(self.context, &mut buffer))?;
        Ok(buffer.filled().len())
    }

    fn read_to_end(&mut self, _: &mut Vec<u8>) -> io::Result<usize> {
        unsupported()
    }

    fn read_to_string(&mut self, _: &mut String) -> io::Result<usize> {
        unsupported()
    }

    fn read_exact(&mut self, _: &mut [u8]) -> io::Result<()> {
        unsupported()
    }

    fn read_vectored(&mut self, _: &mut [io::IoSliceMut<'_>]) -> io::Result<usize> {
        unsupported()
    }
}

impl Write for Adapter<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        unblocked(Pin::new(&mut *self.stream).poll_write(self.context, bytes))
    }

    fn write_vectored(&mut self, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        unblocked(Pin::new(&mut *self.stream).poll_write_vectored(self.context, buffers))
    }

    fn flush(&mut self) -> io::Result<()> {
        unblocked(Pin::new(&mut *self.stream).poll_flush(self.context))
    }

    fn write_all(&mut self, _: &[u8]) -> io::Result<()> {
        unsupported()
    }

    fn write_fmt(&mut self, _: std::fmt::Arguments<'_>) -> io::Result<()> {
        unsupported()
    }
}
