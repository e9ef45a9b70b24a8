//! The transport: it records the request and returns the response of the suite.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{Body, BoxFuture, ByteStream, Bytes, http};

/// The response of the service.
pub struct Answer {
    pub status: u16,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: &'static [u8],
}

/// A request as it arrived at the transport.
pub struct Sent {
    pub(super) method: String,
    pub(super) host: String,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(super) struct Wire(Arc<State>);

struct State {
    answer: Answer,
    sent: Mutex<Option<Sent>>,
}

impl Wire {
    pub(super) fn new(answer: Answer) -> Self {
        Self(Arc::new(State {
            answer,
            sent: Mutex::new(None),
        }))
    }

    /// The request that was sent, if one was.
    pub(super) fn sent(&self) -> Option<Sent> {
        self.0.sent.lock().expect("one thread").take()
    }
}

impl Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("State")
    }
}

impl Transport for Wire {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async move {
            let sent = sent_request(request).await;
            *self.0.sent.lock().expect("one thread") = Some(sent);
            let mut response = http::Response::builder().status(self.0.answer.status);
            for (name, value) in self.0.answer.headers {
                response = response.header(*name, *value);
            }
            let body = ByteStream::new(InPieces(self.0.answer.body));
            Ok(response.body(body).expect("the response of a suite"))
        })
    }
}

/// A body in pieces, as from a network, without a length.
struct InPieces(&'static [u8]);

impl http_body::Body for InPieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        let (piece, rest) = self.0.split_at(self.0.len().min(7));
        self.0 = rest;
        let frame = (!piece.is_empty()).then(|| http_body::Frame::data(Bytes::from_static(piece)));
        Poll::Ready(frame.map(Ok))
    }
}

async fn sent_request(request: http::Request<Body>) -> Sent {
    let (head, body) = request.into_parts();
    let mut headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let (body, length) = match body {
        Body::Bytes(bytes) => {
            let length = bytes.len();
            (bytes.to_vec(), Some(length))
        }
        Body::Stream(stream) => {
            let length = http_body::Body::size_hint(&stream).exact();
            let bytes = stream.collect().await.expect("a body of the suite");
            (bytes.to_vec(), length.map(|length| length as usize))
        }
        _ => (Vec::new(), None),
    };
    // What every HTTP/1.1 stack adds (RFC 9110 section 8.6): a length, but none where a method has no body.
    let has_length = !matches!(
        head.method,
        http::Method::GET | http::Method::HEAD | http::Method::DELETE
    );
    if let Some(length) = length.filter(|length| *length > 0 || has_length) {
        headers.push(("content-length".to_owned(), length.to_string()));
    }
    Sent {
        method: head.method.to_string(),
        host: head
            .uri
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers,
        body,
    }
}
