//! TCP connections that check, right before a request is written, whether the other side has closed.
//!
//! Tokio caches whether a socket is readable, and updates this state when its driver runs. Until then, a closed
//! connection looks open, and a request that is written to it is lost: it is then unknown whether the service acted.
//! hyper reads from an idle connection before it writes a request. If Tokio's cached state has no data for that read,
//! this module reads from the operating system.

use std::io::{self, Read as _};
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use socket2::SockRef;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::BoxFuture;
use crate::body::BoxError;

/// Creates sockets.
#[derive(Clone)]
pub(super) struct Tcp(pub(super) HttpConnector);

impl Service<Uri> for Tcp {
    type Response = Socket;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Socket, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let connecting = self.0.call(url);
        Box::pin(async move { Ok(Socket::new(connecting.await?)) })
    }
}

/// A connected socket.
pub(super) struct Socket {
    stream: TokioIo<TcpStream>,
    /// Whether data was written since the last byte was read. The next data is then a response, and Tokio's state is
    /// used.
    awaits_answer: bool,
    /// Whether the last read found no data and no response is expected: the connection is idle.
    idle: bool,
}

impl Socket {
    fn new(stream: TokioIo<TcpStream>) -> Self {
        Self {
            stream,
            awaits_answer: false,
            idle: false,
        }
    }

    /// Reads the data of the operating system, including the end, without Tokio's cached state.
    fn read_now(&self, buffer: &mut ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let mut bytes = [0; 512];
        let length = bytes.len().min(buffer.remaining());
        let socket = SockRef::from(self.stream.inner());
        match (&*socket).read(&mut bytes[..length]) {
            Ok(length) => {
                buffer.put_slice(&bytes[..length]);
                Poll::Ready(Ok(()))
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Poll::Pending,
                _ => Poll::Ready(Err(error)),
            },
        }
    }

    fn wrote(&mut self, written: &Poll<io::Result<usize>>) {
        if matches!(written, Poll::Ready(Ok(length)) if *length > 0) {
            self.awaits_answer = true;
            self.idle = false;
        }
    }
}

impl Connection for Socket {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.idle && self.read_now(&mut buffer)?.is_ready() {
            self.idle = false;
            return Poll::Ready(Ok(()));
        }
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.awaits_answer = false;
        }
        self.idle = read.is_pending() && !self.awaits_answer;
        read
    }
}

impl Write for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, buffer);
        self.wrote(&written);
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.wrote(&written);
        written
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Write as _;
    use std::net::{Shutdown, TcpListener};

    use hyper::rt::ReadBuf;

    use super::*;

    /// The result of a read: pending, an error, or a number of bytes.
    async fn read(socket: &mut Socket) -> Poll<Option<usize>> {
        let mut bytes = [0; 64];
        let mut buffer = ReadBuf::new(&mut bytes);
        let read = poll_fn(|context| {
            Poll::Ready(Pin::new(&mut *socket).poll_read(context, buffer.unfilled()))
        });
        let read = read.await;
        let length = buffer.filled().len();
        read.map(|result| result.ok().map(|()| length))
    }

    /// In this test, Tokio's driver never runs between the action of the other side and the next read, so its state is
    /// stale.
    #[tokio::test]
    async fn an_idle_socket_detects_a_close_immediately() {
        for (what, expected) in [("close", Some(0)), ("say", Some(3)), ("reset", None)] {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
            let address = listener.local_addr().expect("it is bound");
            let stream = TcpStream::connect(address).await.expect("it listens");
            let (mut other, _) = listener.accept().expect("somebody connects");
            let mut socket = Socket::new(TokioIo::new(stream));
            if what == "reset" {
                // Unread bytes turn a close into a reset.
                let written = poll_fn(|context| Pin::new(&mut socket).poll_write(context, b"x"));
                written.await.expect("it is open");
                other.peek(&mut [0]).expect("it arrives");
                socket.awaits_answer = false;
            }
            assert_eq!(read(&mut socket).await, Poll::Pending, "{what}");
            match what {
                "close" => other.shutdown(Shutdown::Both).expect("it is open"),
                "say" => other.write_all(b"bye").expect("it is open"),
                _ => drop(other),
            }
            assert_eq!(read(&mut socket).await, Poll::Ready(expected), "{what}");
        }
    }
}
