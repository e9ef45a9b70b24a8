//! TCP connections that check, right before a request is written, whether the other side has closed.
//!
//! Tokio caches whether a socket is readable, and updates this state when its driver runs. Until then, a closed
//! connection looks open, and a request that is written to it is lost: it is then unknown whether the service acted.
//! hyper reads from a connection before it writes a request. For that read, this module asks the operating system if
//! Tokio's cached state has no data.

use std::io::{self, Read as _};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Tells the socket of a connection that a request is about to be written.
#[derive(Clone, Debug)]
pub(super) struct Announcement(Arc<AtomicBool>);

impl Default for Announcement {
    fn default() -> Self {
        Self(Arc::new(AtomicBool::new(false)))
    }
}

impl Announcement {
    pub(super) fn announce(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn take(&self) -> bool {
        self.0.load(Ordering::Relaxed) && self.0.swap(false, Ordering::AcqRel)
    }
}

/// A connected socket.
pub(super) struct Socket {
    stream: TcpStream,
    announcement: Announcement,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, announcement: Announcement) -> Self {
        Self {
            stream,
            announcement,
        }
    }

    /// Reads the data of the operating system, including the end, without Tokio's cached state.
    fn read_now(&self, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut bytes = [0; 512];
        let length = bytes.len().min(buffer.remaining());
        let socket = SockRef::from(&self.stream);
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
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.announcement.take() && self.read_now(buffer)?.is_ready() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, buffer)
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
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Write as _;
    use std::net::{Shutdown, TcpListener};

    use super::*;

    /// The result of a read: pending, an error, or a number of bytes.
    async fn read(socket: &mut Socket) -> Poll<Option<usize>> {
        let mut bytes = [0; 64];
        let mut buffer = ReadBuf::new(&mut bytes);
        let read =
            poll_fn(|context| Poll::Ready(Pin::new(&mut *socket).poll_read(context, &mut buffer)));
        let read = read.await;
        let length = buffer.filled().len();
        read.map(|result| result.ok().map(|()| length))
    }

    /// In this test, Tokio's driver never runs between the action of the other side and the next read, so its state is
    /// stale.
    #[tokio::test]
    async fn a_close_is_detected_before_a_request_is_written() {
        for (what, expected) in [("close", Some(0)), ("say", Some(3)), ("reset", None)] {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
            let address = listener.local_addr().expect("it is bound");
            let stream = TcpStream::connect(address).await.expect("it listens");
            let (mut other, _) = listener.accept().expect("somebody connects");
            let announcement = Announcement::default();
            let mut socket = Socket::new(stream, announcement.clone());
            if what == "reset" {
                // Unread bytes turn a close into a reset.
                let written = poll_fn(|context| Pin::new(&mut socket).poll_write(context, b"x"));
                written.await.expect("it is open");
                other.peek(&mut [0]).expect("it arrives");
            }
            assert_eq!(read(&mut socket).await, Poll::Pending, "{what}");
            match what {
                "close" => other.shutdown(Shutdown::Both).expect("it is open"),
                "say" => other.write_all(b"bye").expect("it is open"),
                _ => drop(other),
            }
            assert_eq!(read(&mut socket).await, Poll::Pending, "{what}");
            announcement.announce();
            assert_eq!(read(&mut socket).await, Poll::Ready(expected), "{what}");
        }
    }
}
