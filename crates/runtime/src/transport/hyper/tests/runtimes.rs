//! Connections and the runtimes on which they are used.

use std::io::{BufReader, Write};
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Runtime};

use super::super::HyperTransport;
use super::{read_head, send, transport};
use crate::body::{Body, ByteStream};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n";

/// A server of one connection. Each half of each response is sent when the test says so.
fn in_halves() -> (String, Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    let (go, told): (_, Receiver<()>) = channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().expect("somebody connects");
        drop(listener);
        let mut reader = BufReader::new(stream);
        while read_head(&mut reader) {
            for part in [[HEAD, b"ab"].concat(), b"cd".to_vec()] {
                if told.recv().is_err() {
                    return;
                }
                reader.get_mut().write_all(&part).expect("it is read");
            }
        }
    });
    (format!("http://{address}/"), go)
}

fn with_threads() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build();
    runtime.expect("a runtime can be made")
}

/// A runtime that drives nothing but futures.
fn plain() -> Runtime {
    let runtime = Builder::new_current_thread().build();
    runtime.expect("a runtime can be made")
}

/// Ends a runtime, and waits until the background thread has looked at the connections of that runtime. A call in the
/// meantime would find none of them.
fn end(runtime: Runtime) {
    drop(runtime);
    let (sender, receiver) = channel();
    let background = crate::background::handle().expect("a thread");
    background.spawn(async move { sender.send(()).expect("the test waits") });
    receiver.recv().expect("it runs");
}

/// Begins a call in a task of a runtime.
fn begin_on(runtime: &Runtime, transport: &HyperTransport, url: &str) -> ByteStream {
    let (transport, url) = (transport.clone(), url.to_owned());
    let task = runtime.spawn(async move { begin(&transport, &url).await });
    runtime.block_on(task).expect("it ends")
}

async fn begin(transport: &HyperTransport, url: &str) -> ByteStream {
    let response = send(transport, "GET", url, Body::empty()).await;
    response.expect("it is answered").into_body()
}

#[test]
fn a_connection_and_a_response_outlive_the_runtime_on_which_they_began() {
    let (url, go) = in_halves();
    let transport = transport();
    let (first, second) = (with_threads(), with_threads());
    go.send(()).expect("the server waits");
    let body = begin_on(&first, &transport, &url);
    drop(first);
    go.send(()).expect("the server waits");
    let read = plain().block_on(body.collect()).expect("it is whole");
    assert_eq!(read, "abcd");
    // The server accepts no second connection.
    for runtime in [&plain(), &second] {
        go.send(()).expect("the server waits");
        go.send(()).expect("the server waits");
        let body = begin_on(runtime, &transport, &url);
        let read = runtime.block_on(body.collect()).expect("it is whole");
        assert_eq!(read, "abcd");
    }
    // A kept connection notices the end of its runtime, and stays open.
    end(second);
    go.send(()).expect("the server waits");
    go.send(()).expect("the server waits");
    let read = plain().block_on(async { begin(&transport, &url).await.collect().await });
    assert_eq!(read.expect("it is whole"), "abcd");
}

/// Wakes a thread, and counts how often.
struct Counting {
    thread: Thread,
    count: AtomicUsize,
}

impl Wake for Counting {
    fn wake(self: Arc<Self>) {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.thread.unpark();
    }
}

/// Runs a future, and returns how often it was woken.
fn wake_ups<T>(future: impl Future<Output = T>) -> (T, usize) {
    let counting = Arc::new(Counting {
        thread: thread::current(),
        count: AtomicUsize::new(0),
    });
    let waker = Waker::from(Arc::clone(&counting));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return (output, counting.count.load(Ordering::SeqCst));
        }
        thread::park();
    }
}

#[test]
fn a_call_is_woken_by_what_arrives_and_not_by_itself() {
    let (url, go) = in_halves();
    let transport = transport();
    for is_first in [true, false, false] {
        // The head may be there before it is waited for.
        go.send(()).expect("the server waits");
        let (body, for_head) = wake_ups(begin(&transport, &url));
        go.send(()).expect("the server waits");
        let (read, for_rest) = wake_ups(body.collect());
        assert_eq!(read.expect("it is whole"), "abcd");
        if !is_first {
            assert!(for_head <= 1 && for_rest <= 1, "{for_head}, {for_rest}");
        }
    }
}
