//! TCP connections that check, right before a request is written, whether the other side has closed, and that change from one
//! runtime to another.
//!
//! Tokio caches whether a socket is readable, and updates this state when its driver runs. Until then, a closed
//! connection looks open, and a request that is written to it is lost: it is then unknown whether the service acted.
//! hyper reads from a connection before it writes a request. For that read, this module asks the operating system if
//! Tokio's cached state has no data.
//!
//! The socket belongs to the runtime of the call that uses it, where that is possible ([`Home`]). When that runtime ends, the
//! socket changes to the background thread, so that connections and responses outlive runtimes.

use std::io::{self, Read as _};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::{self, is_rt_shutdown_err};

use super::home::Home;

/// Tells the socket of a connection that a request is about to be written, and to which runtime it belongs then.
#[derive(Clone, Debug)]
pub(super) struct Announcement(Arc<State>);

#[derive(Debug)]
struct State {
    is_request: AtomicBool,
    /// Whether `home` has changed.
    is_change: AtomicBool,
    home: Mutex<Home>,
}

impl Default for Announcement {
    fn default() -> Self {
        Self(Arc::new(State {
            is_request: AtomicBool::new(false),
            is_change: AtomicBool::new(false),
            home: Mutex::new(Home::BACKGROUND),
        }))
    }
}

impl Announcement {
    /// Announces a request of a call on this runtime.
    pub(super) fn announce(&self, home: Home) {
        self.change_to(home);
        self.0.is_request.store(true, Ordering::Release);
    }

    /// Lets the socket change to a runtime before it is used again.
    pub(super) fn change_to(&self, home: Home) {
        let mut told = self.home();
        if told.id() != home.id() {
            *told = home;
            self.0.is_change.store(true, Ordering::Release);
        }
    }

    fn home(&self) -> MutexGuard<'_, Home> {
        self.0.home.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_request(&self) -> bool {
        take(&self.0.is_request)
    }

    fn take_change(&self) -> Option<Home> {
        take(&self.0.is_change).then(|| self.home().clone())
    }
}

fn take(flag: &AtomicBool) -> bool {
    flag.load(Ordering::Relaxed) && flag.swap(false, Ordering::AcqRel)
}

/// A connected socket.
pub(super) struct Socket {
    stream: TcpStream,
    /// The runtime to which it belongs; `None` is the background thread.
    home: Option<runtime::Id>,
    announcement: Announcement,
}

impl Socket {
    /// A socket of the background thread.
    pub(super) fn new(stream: TcpStream, announcement: Announcement) -> Self {
        Self {
            stream,
            home: None,
            announcement,
        }
    }

    /// Changes to another runtime.
    ///
    /// # Errors
    /// The socket cannot be registered there. It stays where it was, and works as before.
    fn move_to(&mut self, home: &Home) -> io::Result<()> {
        let stream = &mut self.stream;
        home.register(|| {
            let duplicate = SockRef::from(&*stream).try_clone()?;
            duplicate.set_nonblocking(true)?;
            *stream = TcpStream::from_std(duplicate.into())?;
            Ok(())
        })?;
        self.home = home.id();
        Ok(())
    }

    /// Reads or writes, on the runtime that was announced. If the runtime of the socket has ended, the background thread
    /// takes its place.
    ///
    /// Before Tokio 1.54 the end of a runtime could be missed, if it came while the socket was read (tokio#8435). Such a call
    /// ends by its limit of time.
    fn poll_with<T>(
        &mut self,
        context: &mut Context<'_>,
        mut poll: impl FnMut(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if let Some(home) = self.announcement.take_change()
            && home.id() != self.home
        {
            let _stays = self.move_to(&home);
        }
        let polled = poll(Pin::new(&mut self.stream), context);
        match &polled {
            Poll::Ready(Err(error)) if is_rt_shutdown_err(error) => {
                self.move_to(&Home::BACKGROUND)?;
                // The other direction may wait where the socket was, and is not woken there any more.
                context.waker().wake_by_ref();
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
        if self.announcement.take_request() && self.read_now(buffer)?.is_ready() {
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
            announcement.announce(Home::BACKGROUND);
            assert_eq!(read(&mut socket).await, Poll::Ready(expected), "{what}");
        }
    }

    /// A socket that a task of a runtime uses, and the other end.
    fn connected(to: &Runtime) -> (Socket, std::net::TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let background = crate::background::handle().expect("a thread");
        let stream = background.block_on(TcpStream::connect(address));
        let announcement = Announcement::default();
        let mut socket = Socket::new(stream.expect("it listens"), announcement.clone());
        let task = to.spawn(async move {
            announcement.announce(Home::of_caller());
            assert_eq!(read(&mut socket).await, Poll::Pending);
            socket
        });
        let socket = to.block_on(task).expect("it ends");
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

    /// Uses a socket outside of any task.
    fn exchange(socket: &mut Socket, peer: &mut std::net::TcpStream) {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        peer.write_all(b"bye").expect("it is open");
        let mut bytes = [0; 3];
        let reading = async { socket.read_exact(&mut bytes).await };
        runtime.block_on(reading).expect("it is sent");
        assert_eq!(&bytes, b"bye");
        let writing = async { socket.write_all(b"yes").await };
        runtime.block_on(writing).expect("it is open");
        peer.read_exact(&mut bytes).expect("it is sent");
        assert_eq!(&bytes, b"yes");
    }

    fn runtime(mut builder: Builder, has_io: bool) -> Runtime {
        if has_io {
            builder.enable_io();
        }
        builder.build().expect("a runtime can be made")
    }

    #[test]
    fn a_socket_belongs_to_a_runtime_with_threads_until_that_one_ends() {
        for (builder, has_io, moves) in [
            (Builder::new_multi_thread(), true, true),
            (Builder::new_multi_thread(), false, false),
            (Builder::new_current_thread(), true, false),
        ] {
            let runtime = runtime(builder, has_io);
            // With the second one, it is known that a runtime has no I/O.
            let (mut first, _first_peer) = connected(&runtime);
            let (mut socket, mut peer) = connected(&runtime);
            assert!(!is_left(&mut first) && !is_left(&mut socket));
            drop(runtime);
            assert_eq!((is_left(&mut first), is_left(&mut socket)), (moves, moves));
            exchange(&mut socket, &mut peer);
            assert!(!is_left(&mut socket));
        }
    }

    /// A thread of a runtime that never ends keeps the runtime from ending, and nobody drives its sockets.
    #[test]
    fn a_call_elsewhere_takes_the_socket_from_a_runtime_that_is_blocked() {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1);
        let blocked = runtime(builder, true);
        let (mut socket, mut peer) = connected(&blocked);
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let (sender, is_blocked) = std::sync::mpsc::channel();
        blocked.spawn(async move {
            sender.send(()).expect("the test waits");
            let _ = wait.recv();
        });
        is_blocked.recv().expect("it runs");
        blocked.shutdown_background();
        socket.announcement.announce(Home::of_caller());
        exchange(&mut socket, &mut peer);
        drop(release);
    }
}
