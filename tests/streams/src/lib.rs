//! A server whose responses are scripts: each request is given to a function, which reads events and sends others at the
//! same time.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use attache_runtime::event_stream::{FrameReader, HeaderValue, Message};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A request as the server gets it.
pub type Request = http::Request<Incoming>;

/// A response that is sent piece by piece.
pub type Response = http::Response<Pieces>;

/// What the server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// HTTP/1.1
    Http1,
    /// HTTP/2 without TLS, which the client must know.
    Http2,
}

/// How many streams the server permits on a connection of HTTP/2.
pub const MOST_STREAMS: u32 = 100;

/// Serves on a port of this machine until the program ends. Each request is given to the script.
///
/// # Panics
/// If the system gives no port.
pub async fn serve<S, F>(version: Version, script: S) -> SocketAddr
where
    S: Fn(Request) -> F + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("a port of this machine");
    let address = listener.local_addr().expect("it has an address");
    let script = Arc::new(script);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(converse(version, socket, Arc::clone(&script)));
        }
    });
    address
}

/// Serves a connection until its end.
pub async fn converse<T, S, F>(version: Version, socket: T, script: Arc<S>)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Fn(Request) -> F + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    converse_within(MOST_STREAMS, version, socket, script).await;
}

/// The same; a connection of HTTP/2 permits so many streams at the same time.
pub async fn converse_within<T, S, F>(most: u32, version: Version, socket: T, script: Arc<S>)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Fn(Request) -> F + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let service = service_fn(move |request| {
        let response = script(request);
        async move { Ok::<_, Infallible>(response.await) }
    });
    let socket = TokioIo::new(socket);
    // A client that goes away is what some tests are about.
    if version == Version::Http2 {
        let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .max_concurrent_streams(most)
            .serve_connection(socket, service)
            .await;
    } else {
        let _ = hyper::server::conn::http1::Builder::new()
            .serve_connection(socket, service)
            .await;
    }
}

/// The body of a response: pieces from a channel.
#[derive(Debug)]
pub struct Pieces(mpsc::Receiver<Result<Bytes, std::io::Error>>);

/// Sends the pieces of a response.
#[derive(Clone, Debug)]
pub struct Sender(mpsc::Sender<Result<Bytes, std::io::Error>>);

impl Sender {
    /// Sends bytes. Returns whether anyone reads them.
    pub async fn bytes(&self, bytes: impl Into<Bytes>) -> bool {
        self.0.send(Ok(bytes.into())).await.is_ok()
    }

    /// Sends a message.
    ///
    /// # Panics
    /// If the message cannot be written.
    pub async fn message(&self, message: Message) -> bool {
        self.bytes(message.encode().expect("a message of a test"))
            .await
    }

    /// Cuts the connection.
    pub async fn cut(&self) {
        let _ = self.0.send(Err(std::io::Error::other("cut"))).await;
    }

    /// Waits until nobody reads the response any more.
    pub async fn closed(&self) {
        self.0.closed().await;
    }
}

/// A response with this status, and what sends its body.
pub fn response(status: u16) -> (Sender, Response) {
    let (sender, receiver) = mpsc::channel(16);
    let mut response = http::Response::new(Pieces(receiver));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    (Sender(sender), response)
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0
            .poll_recv(context)
            .map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// Reads the messages of a request.
#[derive(Debug)]
pub struct Messages {
    body: Incoming,
    reader: FrameReader,
}

impl Messages {
    /// The messages of this body.
    pub fn new(body: Incoming) -> Self {
        Self {
            body,
            reader: FrameReader::default(),
        }
    }

    /// The next message; `None` at the end.
    ///
    /// # Errors
    /// The request was broken off.
    ///
    /// # Panics
    /// If the client sends what is no message.
    pub async fn next(&mut self) -> Result<Option<Message>, hyper::Error> {
        loop {
            if let Some(message) = self
                .reader
                .next_message()
                .expect("the client sends messages")
            {
                return Ok(Some(message));
            }
            match self.body.frame().await.transpose()? {
                Some(frame) => {
                    if let Ok(piece) = frame.into_data() {
                        self.reader.push(&piece);
                    }
                }
                None => {
                    self.reader
                        .finish()
                        .expect("the client sends whole messages");
                    return Ok(None);
                }
            }
        }
    }
}

/// The message inside of a signed one; `None` for the one that ends the stream.
///
/// # Panics
/// If it holds something else.
pub fn inner(signed: &Message) -> Option<Message> {
    if signed.payload.is_empty() {
        return None;
    }
    let mut reader = FrameReader::default();
    reader.push(&signed.payload);
    let message = reader.next_message().expect("it holds a message");
    reader.finish().expect("it holds nothing else");
    message
}

/// The text of a header; empty without it.
pub fn text<'m>(message: &'m Message, name: &str) -> &'m str {
    match message.header(name) {
        Some(HeaderValue::String(text)) => text,
        _ => "",
    }
}

/// An event of JSON.
pub fn event(name: &str, payload: impl Into<Bytes>) -> Message {
    Message::new(payload)
        .with_text(":message-type", "event")
        .with_text(":event-type", name)
        .with_text(":content-type", "application/json")
}

/// An exception of JSON.
pub fn exception(name: &str, payload: impl Into<Bytes>) -> Message {
    Message::new(payload)
        .with_text(":message-type", "exception")
        .with_text(":exception-type", name)
        .with_text(":content-type", "application/json")
}
