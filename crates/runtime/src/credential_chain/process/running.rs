//! A running program.
//!
//! A separate thread watches it, so that executors need no support for processes. The thread waits for both the output
//! and the end of the program: a program may close its output and continue, or end and leave its output to a child. In
//! any case, the thread ends soon after the program, and the program is killed when no caller waits for it any more.

use std::future::Future;
use std::io::{self, Read};
#[cfg(unix)]
use std::os::fd::AsFd;
use std::pin::Pin;
use std::process::{Child, ChildStdout, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use crate::credentials::flight::lock;
use crate::texts::ToText as _;
use crate::threads;

/// The most bytes that are read.
const LIMIT: usize = 256 * 1024;
/// How often the thread checks whether a program with open output has ended.
const TICK: Duration = Duration::from_millis(100);
/// How long the output is read after the program has ended, if a child keeps it open.
const GRACE: Duration = Duration::from_secs(1);

/// How a program ended.
pub(super) enum End {
    Printed(Vec<u8>),
    Failed(ExitStatus),
    /// It printed more than so many bytes.
    TooMuch(usize),
}

/// A program that ends when this is dropped.
pub(super) struct Running(Arc<Watched>);

struct Watched {
    child: Mutex<Child>,
    /// Whether it is the leader of a process group.
    leads_group: bool,
    /// Whether no caller waits any more.
    is_given_up: AtomicBool,
    outcome: Mutex<Outcome>,
}

#[derive(Default)]
struct Outcome {
    end: Option<io::Result<End>>,
    waker: Option<Waker>,
}

impl Running {
    /// Watches a program whose output is a pipe.
    pub(super) fn start(mut child: Child, leads_group: bool) -> io::Result<Self> {
        let output = child.stdout.take();
        // From here on the program is killed in any case, also if no thread can be started.
        let running = Self(Arc::new(Watched {
            child: Mutex::new(child),
            leads_group,
            is_given_up: AtomicBool::new(false),
            outcome: Mutex::default(),
        }));
        let output = output.ok_or(io::ErrorKind::BrokenPipe)?;
        let watched = running.0.clone();
        let thread = thread::Builder::new().name("attache-credentials".to_text());
        let work = move || {
            let end = watched.watch(output);
            let mut outcome = lock(&watched.outcome);
            outcome.end = Some(end);
            if let Some(waker) = outcome.waker.take() {
                waker.wake();
            }
        };
        threads::start(thread, Box::new(work))?;
        Ok(running)
    }
}

impl Future for Running {
    type Output = io::Result<End>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut outcome = lock(&self.0.outcome);
        match outcome.end.take() {
            Some(end) => Poll::Ready(end),
            None => {
                outcome.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Running {
    #[inline(never)]
    fn drop(&mut self) {
        self.0.is_given_up.store(true, Ordering::Release);
        let mut child = lock(&self.0.child);
        // A program that has ended is not killed, because its process id may have been reused. The thread cleans up the
        // rest.
        if matches!(child.try_wait(), Ok(None)) {
            self.0.kill(&mut child);
        }
    }
}

impl Watched {
    /// Reads the output and waits for the program.
    fn watch(&self, output: ChildStdout) -> io::Result<End> {
        let text = self.read(output);
        let is_too_much = text.as_ref().is_ok_and(|text| text.len() > LIMIT);
        if is_too_much || text.is_err() {
            self.kill(&mut lock(&self.child));
        }
        // This does not use `wait`, which would hold the lock that a cancelled caller needs.
        let mut pause = Duration::from_millis(1);
        let status = loop {
            if let Some(status) = lock(&self.child).try_wait()? {
                break status;
            }
            thread::sleep(pause);
            pause = (pause * 2).min(TICK);
        };
        Ok(match text? {
            _ if is_too_much => End::TooMuch(LIMIT),
            text if status.success() => End::Printed(text),
            _ => End::Failed(status),
        })
    }

    /// Reads the output until it ends or is too long, or until the program has ended and another process keeps the
    /// output open.
    fn read(&self, output: ChildStdout) -> io::Result<Vec<u8>> {
        let mut output = Output::new(output)?;
        let mut text = Vec::new();
        let mut ended: Option<Instant> = None;
        while text.len() <= LIMIT {
            match output.next(TICK)? {
                Piece::Bytes(bytes) => text.extend_from_slice(bytes),
                Piece::Silence => {}
                Piece::End => break,
            }
            if ended.is_none() && lock(&self.child).try_wait()?.is_some() {
                ended = Some(Instant::now());
            }
            let is_over = |since: Instant| {
                since.elapsed() >= GRACE || self.is_given_up.load(Ordering::Acquire)
            };
            if ended.is_some_and(is_over) {
                // The processes that it left behind are killed as well.
                self.kill(&mut lock(&self.child));
                break;
            }
        }
        Ok(text)
    }

    /// Kills the program, with its process group if it leads one. It may have ended already.
    fn kill(&self, child: &mut Child) {
        #[cfg(unix)]
        if self.leads_group {
            use nix::sys::signal::{Signal, killpg};

            if let Ok(group) = child.id().try_into() {
                let _ = killpg(nix::unistd::Pid::from_raw(group), Signal::SIGKILL);
                return;
            }
        }
        let _ = self.leads_group;
        let _ = child.kill();
    }
}

/// The result of waiting for output.
enum Piece<'a> {
    Bytes(&'a [u8]),
    /// Nothing in time.
    Silence,
    End,
}

#[cfg(unix)]
struct Output {
    pipe: ChildStdout,
    buffer: Vec<u8>,
}

#[cfg(unix)]
impl Output {
    fn new(pipe: ChildStdout) -> io::Result<Self> {
        let buffer = vec![0; 8 * 1024];
        Ok(Self { pipe, buffer })
    }

    fn next(&mut self, limit: Duration) -> io::Result<Piece<'_>> {
        use nix::errno::Errno;
        use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

        let limit = PollTimeout::try_from(limit).unwrap_or(PollTimeout::MAX);
        let mut waiting = [PollFd::new(self.pipe.as_fd(), PollFlags::POLLIN)];
        match poll(&mut waiting, limit) {
            Ok(0) | Err(Errno::EINTR) => return Ok(Piece::Silence),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        match self.pipe.read(&mut self.buffer) {
            Ok(0) => Ok(Piece::End),
            Ok(length) => Ok(Piece::Bytes(&self.buffer[..length])),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Piece::Silence),
            Err(error) => Err(error),
        }
    }
}

/// On systems where a pipe cannot be waited for with a time limit, a separate thread reads it. The thread runs as long
/// as a process keeps the output open.
#[cfg(not(unix))]
struct Output {
    pieces: std::sync::mpsc::Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
}

#[cfg(not(unix))]
impl Output {
    fn new(mut pipe: ChildStdout) -> io::Result<Self> {
        let (sender, pieces) = std::sync::mpsc::sync_channel(1);
        let mut buffer = vec![0; 8 * 1024];
        thread::Builder::new().spawn(move || {
            loop {
                let piece = pipe
                    .read(&mut buffer)
                    .map(|length| buffer[..length].to_vec());
                let is_last = !matches!(&piece, Ok(piece) if !piece.is_empty());
                if sender.send(piece).is_err() || is_last {
                    break;
                }
            }
        })?;
        let piece = Vec::new();
        Ok(Self { pieces, piece })
    }

    fn next(&mut self, limit: Duration) -> io::Result<Piece<'_>> {
        match self.pieces.recv_timeout(limit) {
            Ok(piece) => self.piece = piece?,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => return Ok(Piece::Silence),
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return Ok(Piece::End),
        }
        Ok(match self.piece.is_empty() {
            true => Piece::End,
            false => Piece::Bytes(&self.piece),
        })
    }
}
