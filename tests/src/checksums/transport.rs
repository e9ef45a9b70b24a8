//! A transport that keeps the request, and a stream of given pieces.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use anyhow::Result;
use attache_runtime::http::{self, HeaderMap};
use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::{Body, BoxError, BoxFuture, ByteStream, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::Answer;

#[derive(Clone, Debug)]
pub(super) struct Capture {
    /// The headers of the response, if its body is to be read.
    response: Option<Arc<Vec<(String, String)>>>,
    body: Bytes,
    sent: Arc<Mutex<Answer>>,
}

impl Capture {
    pub(super) fn new(response: Option<Vec<(String, String)>>, body: Bytes) -> Self {
        Self {
            response: response.map(Arc::new),
            body,
            sent: Arc::default(),
        }
    }

    pub(super) fn sent(&self) -> Answer {
        std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn exchange(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<ByteStream>, BoxError> {
        let (head, body) = request.into_parts();
        let stream = match body {
            Body::Bytes(bytes) => ByteStream::from(bytes),
            Body::Stream(stream) => stream,
            _ => return Err("a kind of body that is not known here".into()),
        };
        let stated = stream.size_hint().exact();
        let answer = Answer {
            headers: texts(&head.headers)?,
            body: stream.collect().await?,
            stated,
            ..Answer::default()
        };
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = answer;
        let mut response = http::Response::builder();
        for (name, value) in self.response.iter().flat_map(|headers| headers.iter()) {
            response = response.header(name, value);
        }
        let body = match self.response {
            Some(_) => self.body.clone(),
            None => Bytes::new(),
        };
        Ok(response.body(body.into())?)
    }
}

impl Transport for Capture {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async move {
            let exchanged = self.exchange(request).await;
            exchanged.map_err(|error| TransportError::new(TransportErrorKind::Io, error))
        })
    }
}

pub(super) fn texts(headers: &HeaderMap) -> Result<Vec<(String, String)>> {
    let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        Ok((name.to_string(), value.to_str()?.to_owned()))
    };
    headers.iter().map(text).collect()
}

/// A stream of these parts.
pub(super) struct Pieces {
    pub(super) parts: VecDeque<Bytes>,
    pub(super) length: Option<u64>,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(self.parts.pop_front().map(|part| Ok(Frame::data(part))))
    }

    fn size_hint(&self) -> SizeHint {
        match self.length {
            Some(length) => SizeHint::with_exact(length),
            None => SizeHint::default(),
        }
    }
}
