//! Who drives a connection whose response nobody reads.

use std::cell::RefCell;
use std::io::{BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use tokio::sync::mpsc::{Receiver, channel};

use super::{HyperTransport, read_head, send, transport};
use crate::body::{Body, BoxError, ByteStream};

/// A limit that turns what hangs into an error.
const LIMIT: Duration = Duration::from_secs(20);

/// A server of one connection, which gets the connection after the head of a request.
fn serve(then: impl FnOnce(BufReader<TcpStream>) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("somebody connects");
        let mut reader = BufReader::new(stream);
        read_head(&mut reader);
        then(reader);
    });
    format!("http://{address}/")
}

const EARLY: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab";

/// What arrives in a channel.
struct Pieces(Receiver<Bytes>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let piece = self.0.poll_recv(context);
        piece.map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}

#[tokio::test]
async fn the_rest_of_a_streamed_request_is_sent_before_its_early_response_is_read() {
    let url = serve(|mut reader| {
        reader.get_mut().write_all(EARLY).expect("it is read");
        let (mut seen, mut buffer) = (Vec::new(), [0; 4_096]);
        while !seen.ends_with(b"\r\n0\r\n\r\n") {
            let length = reader.read(&mut buffer).expect("it is sent");
            assert_ne!(length, 0, "the request is whole");
            seen.extend_from_slice(&buffer[..length]);
        }
        reader.get_mut().write_all(b"cd").expect("it is read");
    });
    let (sender, receiver) = channel(1);
    let body = Body::Stream(ByteStream::new(Pieces(receiver)));
    let response = send(&transport(), "PUT", &url, body).await;
    let response = response.expect("it is answered before the body is sent");
    let sending = tokio::time::timeout(LIMIT, async move {
        for _ in 0..50 {
            let piece = Bytes::from_static(&[7; 10_000]);
            sender.send(piece).await.expect("it is sent");
        }
    });
    sending.await.expect("it is sent though nobody reads");
    let body = response.into_body().collect().await.expect("it is whole");
    assert_eq!(body, "abcd");
}

#[tokio::test]
async fn the_rest_of_a_request_in_memory_is_sent_before_its_early_response_is_read() {
    // More than the sockets hold.
    const LENGTH: usize = 20_000_000;
    let (sender, seen) = mpsc::channel();
    let url = serve(move |mut reader| {
        reader.get_mut().write_all(EARLY).expect("it is read");
        let read = reader.read_exact(&mut vec![0; LENGTH]);
        sender.send(read.is_ok()).expect("the test waits");
        reader.get_mut().write_all(b"cd").expect("it is read");
    });
    let body = Body::Bytes(vec![7; LENGTH].into());
    let response = send(&transport(), "PUT", &url, body).await;
    let response = response.expect("it is answered before the body is sent");
    assert_eq!(seen.recv_timeout(LIMIT), Ok(true));
    let body = response.into_body().collect().await.expect("it is whole");
    assert_eq!(body, "abcd");
}

/// The variables of Tokio are gone when the transport is dropped, which closes the connection that it has kept.
#[test]
fn a_transport_may_be_dropped_by_a_thread_that_ends() {
    thread_local! {
        static KEPT: RefCell<Option<HyperTransport>> = const { RefCell::new(None) };
    }
    let (sender, closed) = mpsc::channel();
    let url = serve(move |mut reader| {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        reader.get_mut().write_all(answer).expect("it is read");
        let end = reader.read(&mut [0]);
        sender.send(end.ok()).expect("the test waits");
    });
    let thread = std::thread::spawn(move || {
        let transport = KEPT.with_borrow_mut(|kept| kept.insert(transport()).clone());
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let sending = async move {
            let response = send(&transport, "GET", &url, Body::empty()).await;
            let body = response.expect("it is answered").into_body();
            body.collect().await.expect("it is empty");
        };
        runtime.expect("a runtime").block_on(sending);
    });
    thread.join().expect("it ends in order");
    assert_eq!(closed.recv_timeout(LIMIT), Ok(Some(0)));
}

/// The variables of Tokio are gone when the response is dropped, because its variable was used before them.
#[test]
fn a_response_may_be_dropped_by_a_thread_that_ends() {
    thread_local! {
        static KEPT: RefCell<Option<ByteStream>> = const { RefCell::new(None) };
    }
    let (sender, closed) = mpsc::channel();
    let url = serve(move |mut reader| {
        reader.get_mut().write_all(EARLY).expect("it is read");
        let end = reader.read(&mut [0]);
        sender.send(end.is_ok()).expect("the test waits");
    });
    let thread = std::thread::spawn(move || {
        KEPT.with_borrow_mut(|kept| *kept = None);
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let sending = async move { send(&transport(), "GET", &url, Body::empty()).await };
        let response = runtime.expect("a runtime").block_on(sending);
        let body = response.expect("it is answered").into_body();
        KEPT.with_borrow_mut(|kept| *kept = Some(body));
    });
    thread.join().expect("it ends in order");
    assert_eq!(closed.recv_timeout(LIMIT), Ok(true));
}
