//! TCP connections that check, right before a request is written, whether the other side has closed, and that change from a
//! runtime that has ended to another one.
//!
//! Tokio caches whether a socket is readable, and updates this state when its driver runs. Until then, a closed
//! connection looks open, and a request that is written to it is lost: it is then unknown whether the service acted.
//! hyper reads from a connection before it writes a request. For that read, this module asks the operating system if
//! Tokio's cached state has no data.

//!
//! A socket of Tokio belongs to one runtime. That of the background thread exists as long as the program, but it is another
//! thread, which then wakes the call. So the socket of a connection belongs to the runtime of the caller if that one has threads
//! of its own, which drive the socket even if nobody waits for the runtime. Once that runtime has ended, the socket changes to
//! the background thread, and nobody notices (see docs/decisions/0090).

use std::io::{self, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::{self, Handle, RuntimeFlavor, is_rt_shutdown_err};

use crate::background;

/// A runtime with threads and without I/O, if the program has one. Tokio shows that only by a panic.
static WITHOUT_IO: Mutex<Option<runtime::Id>> = Mutex::new(None);

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

    /// Changes to the runtime of the caller, if that one has threads of its own and I/O.
    ///
    /// Registering a socket on a runtime without I/O panics. The panic is caught, and happens once for a runtime. It
    /// cannot be caught where a panic ends the program, so nothing is changed there.
    pub(super) fn move_to_caller(&mut self) {
        let Ok(caller) = Handle::try_current() else {
            return;
        };
        if cfg!(panic = "abort") || caller.runtime_flavor() != RuntimeFlavor::MultiThread {
            return;
        }
        let mut without_io = WITHOUT_IO.lock().unwrap_or_else(PoisonError::into_inner);
        if *without_io == Some(caller.id()) {
            return;
        }
        // A socket that cannot be registered again stays where it is, and works, too.
        if catch_unwind(AssertUnwindSafe(|| self.register_again())).is_err() {
            *without_io = Some(caller.id());
        }
    }

    /// Registers the socket on the current runtime, in place of the one to which it belongs.
    fn register_again(&mut self) -> io::Result<()> {
        let duplicate = SockRef::from(&self.stream).try_clone()?;
        duplicate.set_nonblocking(true)?;
        self.stream = TcpStream::from_std(duplicate.into())?;
        Ok(())
    }

    /// Reads or writes. If the runtime of the socket has ended, the background thread takes its place.
    fn poll_with<T>(
        &mut self,
        context: &mut Context<'_>,
        mut poll: impl FnMut(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let polled = poll(Pin::new(&mut self.stream), context);
        match &polled {
            Poll::Ready(Err(error)) if is_rt_shutdown_err(error) => {
                let _entered = background::handle()?.enter();
                self.register_again()?;
                poll(Pin::new(&mut self.stream), context)
            }
            _ => polled,
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
        self.poll_with(context, |stream, context| stream.poll_read(context, buffer))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_with(context, |stream, context| {
            stream.poll_write(context, buffer)
        })
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
        self.poll_with(context, |stream, context| {
            stream.poll_write_vectored(context, buffers)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Write as _;
    use std::net::{Shutdown, TcpListener};

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::runtime::{Builder, Runtime};

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

    /// A socket that was given to a runtime, and the other end.
    fn connected(to: &Runtime) -> (Socket, std::net::TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let background = background::handle().expect("a thread");
        let stream = background.block_on(TcpStream::connect(address));
        let mut socket = Socket::new(stream.expect("it listens"), Announcement::default());
        to.block_on(async { socket.move_to_caller() });
        (socket, listener.accept().expect("somebody connects").0)
    }

    /// Whether the runtime of a socket has ended.
    fn is_left(socket: &mut Socket) -> bool {
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut buffer = [0];
        let read =
            Pin::new(&mut socket.stream).poll_read(&mut context, &mut ReadBuf::new(&mut buffer));
        matches!(read, Poll::Ready(Err(error)) if is_rt_shutdown_err(&error))
    }

    #[test]
    fn a_socket_belongs_to_a_runtime_with_threads_until_that_one_ends() {
        for (mut builder, has_io, moves) in [
            (Builder::new_multi_thread(), true, true),
            (Builder::new_multi_thread(), false, false),
            (Builder::new_current_thread(), true, false),
        ] {
            if has_io {
                builder.enable_io();
            }
            let runtime = builder.build().expect("a runtime");
            // With the second one, it is known that a runtime has no I/O.
            let (mut first, _first_peer) = connected(&runtime);
            let (mut socket, mut peer) = connected(&runtime);
            assert!(!is_left(&mut first) && !is_left(&mut socket));
            drop(runtime);
            assert_eq!((is_left(&mut first), is_left(&mut socket)), (moves, moves));
            // It works as before.
            peer.write_all(b"bye").expect("it is open");
            let other = Builder::new_current_thread().build().expect("a runtime");
            let mut bytes = [0; 3];
            let reading = async { socket.read_exact(&mut bytes).await };
            other.block_on(reading).expect("it is sent");
            assert_eq!((&bytes, is_left(&mut socket)), (b"bye", false));
            let writing = async { socket.write_all(b"yes").await };
            other.block_on(writing).expect("it is open");
            peer.read_exact(&mut bytes).expect("it is sent");
            assert_eq!(&bytes, b"yes");
        }
    }
}
