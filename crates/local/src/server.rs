//! The thread of the server: sockets, HTTP, and its end.

use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use attache_runtime::{BoxFuture, Timer};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::front::Front;
use crate::start_error::StartError;

/// How long a server waits for current requests when it is stopped.
const PATIENCE: Duration = Duration::from_secs(10);

/// The timer of the thread.
#[derive(Debug)]
pub(crate) struct SystemTimer {
    start: Instant,
}

impl Default for SystemTimer {
    fn default() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Timer for SystemTimer {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The running thread. It ends when it is stopped or when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    /// A message lets the current requests finish; dropping it does not.
    stop: Option<oneshot::Sender<()>>,
    ended: Option<oneshot::Receiver<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Stops after the current requests have responses.
    pub(crate) async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // The message fails if the thread has ended already.
            let _ = stop.send(());
        }
        if let Some(ended) = self.ended.take() {
            let _ = ended.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has already been printed.
            let _ = thread.join();
        }
    }
}

/// Starts the thread. It makes its runtime itself: a runtime that is dropped inside of another one panics, and so would
/// one for which there is no thread.
pub(crate) fn run(listener: TcpListener, front: Arc<Front>) -> Result<Running, StartError> {
    let failed = |error: io::Error| StartError(format!("could not start a thread: {error}"));
    let (begin, begun) = mpsc::sync_channel(1);
    let (stop, stopped) = oneshot::channel();
    let (end, ended) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("attache-local".to_owned())
        .spawn(move || match runtime(listener) {
            Ok((runtime, listener)) => {
                // The other side waits for the result, so sending does not fail.
                let _ = begin.send(Ok(()));
                runtime.block_on(serve(listener, front, stopped));
                // Connections end with the runtime.
                drop(runtime);
                let _ = end.send(());
            }
            Err(error) => {
                let _ = begin.send(Err(error));
            }
        })
        .map_err(failed)?;
    let begun = begun.recv().map_err(io::Error::other);
    begun.and_then(|begun| begun).map_err(failed)?;
    Ok(Running {
        stop: Some(stop),
        ended: Some(ended),
        thread: Some(thread),
    })
}

fn runtime(listener: TcpListener) -> io::Result<(Runtime, tokio::net::TcpListener)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let listener = {
        let _guard = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    Ok((runtime, listener))
}

async fn serve(
    listener: tokio::net::TcpListener,
    front: Arc<Front>,
    stopped: oneshot::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    let mut stopped = pin!(stopped);
    let is_graceful = loop {
        tokio::select! {
            biased;
            stopped = &mut stopped => break stopped.is_ok(),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => connect(stream, &front, &graceful),
                // Too many open files, or a client that closed the connection: the next connection may succeed.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    };
    drop(listener);
    if is_graceful {
        // Connections that have not finished by then are closed.
        let _ = tokio::time::timeout(PATIENCE, graceful.shutdown()).await;
    }
}

fn connect(stream: tokio::net::TcpStream, front: &Arc<Front>, graceful: &GracefulShutdown) {
    // Small responses should not wait for acknowledgements. If this fails, they are only delayed.
    let _ = stream.set_nodelay(true);
    let front = front.clone();
    let service = service_fn(move |request| front.clone().answer(request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // Clients disconnect and faults close connections; neither error needs to be reported.
        let _ = connection.await;
    });
}
