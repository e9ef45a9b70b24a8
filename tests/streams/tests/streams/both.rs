//! Events in both directions at once.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use attache_runtime::transport::{HyperTransport, ReqwestTransport, Transport};
use attache_runtime::{ConfigBuilder, ErrorKind};
use attache_stream_tests::{
    MOST_STREAMS, Messages, Request, Response, Version, converse, converse_within, event, inner,
    response, serve, text,
};
use futures_core::Stream;
use golden_streams::Client;
use golden_streams::operation::ConverseResponse;
use golden_streams::types::{Heard, Said, SaidText};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};

use crate::stage::{Impatient, config};

/// The receiver of a channel as a stream of events.
struct Events(mpsc::Receiver<Said>);

impl Stream for Events {
    type Item = Said;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Said>> {
        self.0.poll_recv(context)
    }
}

fn said(text: &str) -> Said {
    Said::Text(SaidText::new(text))
}

/// Answers each event with a word: its payload.
pub(crate) async fn echo(request: Request) -> Response {
    echo_until(request, Arc::default()).await
}

/// The same, and tells when the request is over.
async fn echo_until(request: Request, end: Arc<Notify>) -> Response {
    let (sender, mut response) = response(200);
    let header = http::HeaderValue::from_static("c-7");
    response.headers_mut().insert("x-conversation", header);
    tokio::spawn(async move {
        let mut messages = Messages::new(request.into_body());
        while let Ok(Some(signed)) = messages.next().await {
            let Some(message) = inner(&signed) else {
                sender.message(event("pause", "{}")).await;
                continue;
            };
            assert_eq!(text(&message, ":event-type"), "text");
            sender.message(event("word", message.payload)).await;
        }
        end.notify_one();
    });
    response
}

async fn talk(transport: impl Transport + 'static) {
    let address = serve(Version::Http2, echo).await;
    talk_with(config(address).transport(transport)).await;
}

/// Talks with a server that answers with [`echo`].
pub(crate) async fn talk_with(config: ConfigBuilder) {
    let client = Client::new(&config.build().expect("it is complete"));
    let (sender, receiver) = mpsc::channel(1);
    let call = client.converse().room("a").events(Events(receiver)).send();
    let mut response = call.await.expect("the server responds before any event");
    assert_eq!(response.conversation.as_deref(), Some("c-7"));
    // Each event is sent after the answer to the one before it has arrived.
    for number in 0..3 {
        let words = format!("word {number}");
        sender
            .send(said(&words))
            .await
            .expect("the exchange goes on");
        match response.events.next().await {
            Some(Ok(Heard::Word(word))) => assert_eq!(word.text, Some(words)),
            other => panic!("no word: {other:?}"),
        }
    }
    drop(sender);
    assert!(matches!(
        response.events.next().await,
        Some(Ok(Heard::Pause(_)))
    ));
    assert!(response.events.next().await.is_none());
}

#[tokio::test]
async fn hyper_sends_and_receives_at_once() {
    talk(HyperTransport::new().expect("a transport")).await;
}

/// A conversation in which both sides have said a word.
async fn begun(client: &Client) -> (mpsc::Sender<Said>, ConverseResponse) {
    let (sender, receiver) = mpsc::channel(1);
    let call = client.converse().room("a").events(Events(receiver)).send();
    let mut response = call.await.expect("the server responds before any event");
    sender.send(said("hello")).await.expect("it is read");
    assert!(matches!(
        response.events.next().await,
        Some(Ok(Heard::Word(_)))
    ));
    (sender, response)
}

#[tokio::test]
async fn more_streams_at_once_than_a_connection_may_have_use_another_one() {
    for most in [10, MOST_STREAMS] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a port of this machine");
        let address = listener.local_addr().expect("it has an address");
        let connections = Arc::new(AtomicUsize::new(0));
        let accepted = Arc::clone(&connections);
        let end = Arc::new(Notify::new());
        let told = Arc::clone(&end);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::Relaxed);
                let end = Arc::clone(&told);
                let script = move |request| echo_until(request, Arc::clone(&end));
                tokio::spawn(converse_within(
                    most,
                    Version::Http2,
                    socket,
                    Arc::new(script),
                ));
            }
        });
        let client = Client::new(&config(address).build().expect("it is complete"));
        let mut open = Vec::new();
        for number in 1..=2 * most {
            let begun = tokio::time::timeout(Duration::from_secs(60), begun(&client)).await;
            open.push(begun.unwrap_or_else(|_| panic!("number {number} waits for the others")));
        }
        assert_eq!(connections.load(Ordering::Relaxed), 2);
        // One that has ended leaves its place to another.
        open.pop();
        end.notified().await;
        open.push(begun(&client).await);
        assert_eq!(connections.load(Ordering::Relaxed), 2);
    }
}

/// The builder of a client of reqwest, which wants a provider of the process even where nothing is encrypted.
fn reqwest_client() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}

#[tokio::test]
async fn reqwest_sends_and_receives_at_once() {
    let client = reqwest_client().http2_prior_knowledge().no_proxy().build();
    talk(ReqwestTransport::from_client(client.expect("a client"))).await;
}

#[tokio::test]
async fn a_client_of_http1_is_refused_before_it_sends() {
    let address = serve(Version::Http1, |_| async { panic!("nothing may arrive") }).await;
    let client = reqwest_client().http1_only().no_proxy().build();
    let transport = ReqwestTransport::from_client(client.expect("a client"));
    let config = config(address)
        .transport(transport)
        .timer(Impatient { stalls: false })
        .build();
    let client = Client::new(&config.expect("it is complete"));
    let call = client
        .converse()
        .room("a")
        .events(golden_streams::runtime::event_stream::EventInput::default());
    let error = call.send().await.expect_err("there is no HTTP/2");
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    assert!(format!("{error:#}").contains("needs HTTP/2"), "{error:#}");
}

/// The error of a call to a server that cannot do what it needs.
async fn refused(address: SocketAddr) -> String {
    let config = config(address).timer(Impatient { stalls: false }).build();
    let client = Client::new(&config.expect("it is complete"));
    let call = client
        .converse()
        .room("a")
        .events(golden_streams::runtime::event_stream::EventInput::default());
    let error = call.send().await.expect_err("there is no HTTP/2");
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    assert!(!error.may_have_taken_effect(), "{error:?}");
    format!("{error:#}")
}

#[tokio::test]
async fn a_server_of_http1_without_tls_is_named() {
    // It closes the connection when it sees the beginning of HTTP/2.
    let address = serve(Version::Http1, |_| async { panic!("nothing may arrive") }).await;
    let text = refused(address).await;
    let expected = "the server closed the connection before it sent anything";
    assert!(text.contains(expected), "{text}");

    // It responds in its own version.
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("a port of this machine");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("somebody connects");
        let answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
        socket.write_all(answer).await.expect("it is read");
        // It does not close first.
        let _ = socket.read_to_end(&mut Vec::new()).await;
    });
    let text = refused(address).await;
    assert!(text.contains("the server speaks HTTP/1.1"), "{text}");
}

/// Says when it is dropped.
struct Dropped(Arc<Notify>);

impl Stream for Dropped {
    type Item = Said;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Said>> {
        Poll::Pending
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test]
async fn dropping_the_response_drops_the_events_of_the_request() {
    let broken_off = Arc::new(Notify::new());
    let seen = Arc::clone(&broken_off);
    let address = serve(Version::Http2, move |request: Request| {
        let seen = Arc::clone(&seen);
        async move {
            let (sender, response) = response(200);
            tokio::spawn(async move {
                let mut messages = Messages::new(request.into_body());
                assert!(messages.next().await.is_err(), "the request is broken off");
                sender.closed().await;
                seen.notify_one();
            });
            response
        }
    })
    .await;
    let client = Client::new(&config(address).build().expect("it is complete"));
    let dropped = Arc::new(Notify::new());
    let call = client
        .converse()
        .room("a")
        .events(Dropped(Arc::clone(&dropped)));
    let response = call.send().await.expect("a response");
    drop(response);
    dropped.notified().await;
    broken_off.notified().await;
}

#[tokio::test]
async fn an_exception_ends_the_events_of_the_request() {
    let address = serve(Version::Http2, |_request| async {
        let (sender, response) = response(200);
        tokio::spawn(async move {
            sender
                .message(attache_stream_tests::exception("tooLoud", "{}"))
                .await;
            sender.closed().await;
        });
        response
    })
    .await;
    let client = Client::new(&config(address).build().expect("it is complete"));
    let dropped = Arc::new(Notify::new());
    let call = client
        .converse()
        .room("a")
        .events(Dropped(Arc::clone(&dropped)));
    let mut response = call.send().await.expect("a response");
    assert!(matches!(response.events.next().await, Some(Err(_))));
    dropped.notified().await;
}

/// The machine may be busy for longer than a connection is kept, but hardly several times.
#[tokio::test]
async fn calls_that_begin_together_wait_for_one_connection() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("a port of this machine");
    let address = listener.local_addr().expect("it has an address");
    let (accepted, mut connections) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            accepted.send(()).expect("the test waits");
            tokio::spawn(converse(Version::Http2, socket, Arc::new(echo)));
        }
    });
    let client = Client::new(&config(address).build().expect("it is complete"));
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (_, receiver) = mpsc::channel(1);
            tokio::spawn(client.converse().room("a").events(Events(receiver)).send())
        })
        .collect();
    for call in calls {
        let response = call.await.expect("no call panics");
        response.expect("it is answered");
    }
    let mut number = 0;
    while connections.try_recv().is_ok() {
        number += 1;
    }
    assert!((1..5).contains(&number), "{number}");
}
