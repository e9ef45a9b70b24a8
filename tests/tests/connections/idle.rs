//! Connections that the server closes while nobody uses them.

use std::io::{BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::server::{Server, read_request, serve};
use super::{Over, TRANSPORTS, config, create, current_thread};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// How a server ends a connection that it has not announced to end.
#[derive(Clone, Copy, Debug)]
enum End {
    /// It closes what it sends, and reads on.
    HalfClose,
    Close,
    /// It says something that nobody asked for, as some proxies do, and closes.
    Unasked,
}

/// A server that ends every connection after one answer, and tells when it has.
fn one_answer_each(end: End, requests: Arc<AtomicU32>) -> (Server, Receiver<()>) {
    let (closed, told) = channel();
    let closed = Mutex::new(closed);
    let server = serve(move |mut stream: TcpStream| {
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        if !read_request(&mut reader) {
            return;
        }
        requests.fetch_add(1, Ordering::SeqCst);
        stream.write_all(ANSWER).expect("it is read");
        match end {
            End::HalfClose => stream.shutdown(Shutdown::Write).expect("it is open"),
            End::Close => stream.shutdown(Shutdown::Both).expect("it is open"),
            End::Unasked => {
                let unasked = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n";
                let _ = stream.write_all(unasked);
                let _ = stream.shutdown(Shutdown::Write);
            }
        }
        let sender = closed.lock().expect("no thread panics").clone();
        let _ = sender.send(());
        if matches!(end, End::HalfClose) {
            // A request that came after all would be counted.
            while read_request(&mut reader) {
                requests.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    (server, told)
}

/// A server that keeps connections.
fn any_answers() -> Server {
    serve(|mut stream: TcpStream| {
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        while read_request(&mut reader) {
            stream.write_all(ANSWER).expect("it is read");
        }
    })
}

/// reqwest does not ask the system whether an idle connection was closed, so the thread of the connections must have seen
/// it. It has when a call to another server is over, because that call takes a later event of the same thread.
#[test]
fn a_close_while_nobody_drives_the_runtime_costs_no_call() {
    let other = any_answers();
    for over in TRANSPORTS {
        let later = over.client(config(&other.url()));
        for end in [End::Close, End::HalfClose, End::Unasked] {
            let requests = Arc::new(AtomicU32::new(0));
            let (server, closed) = one_answer_each(end, requests.clone());
            let client = over.client(config(&server.url()));
            let runtime = current_thread();
            for call in 0..10 {
                let result = runtime.block_on(create(&client));
                assert!(result.is_ok(), "{over:?}, {end:?}, call {call}: {result:?}");
                closed.recv().expect("the server closes");
                if matches!(over, Over::Reqwest) {
                    let result = runtime.block_on(create(&later));
                    assert!(result.is_ok(), "{end:?}, call {call}: {result:?}");
                }
            }
            assert_eq!(requests.load(Ordering::SeqCst), 10, "{over:?}, {end:?}");
            assert_eq!(server.connections(), 10, "{over:?}, {end:?}");
        }
    }
}

/// The pause is what the test is about: the server's timer closes, not the test.
#[test]
fn a_pause_longer_than_the_server_keeps_connections_costs_no_call() {
    let requests = Arc::new(AtomicU32::new(0));
    let count = requests.clone();
    let server = serve(move |mut stream: TcpStream| {
        let limit = Some(Duration::from_millis(20));
        stream.set_read_timeout(limit).expect("a limit");
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        while read_request(&mut reader) {
            count.fetch_add(1, Ordering::SeqCst);
            stream.write_all(ANSWER).expect("it is read");
        }
    });
    let client = Over::Hyper.client(config(&server.url()));
    let runtime = current_thread();
    for call in 0..10 {
        let result = runtime.block_on(create(&client));
        assert!(result.is_ok(), "call {call}: {result:?}");
        std::thread::sleep(Duration::from_millis(60));
    }
    assert_eq!(requests.load(Ordering::SeqCst), 10);
}

/// Counts connections under calls that follow each other at once, and after a pause longer than the bound.
#[test]
fn what_may_not_be_sent_twice_goes_over_connections_that_were_in_use_a_moment_ago() {
    let server = any_answers();
    let client = Over::Hyper.client(config(&server.url()));
    let runtime = current_thread();
    for _ in 0..100 {
        runtime.block_on(create(&client)).expect("it is answered");
    }
    // The machine may be busy for longer than the bound, but hardly a hundred times.
    assert!(server.connections() < 50, "{}", server.connections());
    let before = server.connections();
    for calls in 1..=3 {
        std::thread::sleep(Duration::from_millis(60));
        runtime.block_on(create(&client)).expect("it is answered");
        assert_eq!(server.connections(), before + calls);
    }
    let before = server.connections();
    for _ in 0..3 {
        let read = client.describe_services().send();
        runtime.block_on(read).expect("it is answered");
        std::thread::sleep(Duration::from_millis(60));
    }
    assert_eq!(server.connections(), before + 1, "reads keep theirs");
}
