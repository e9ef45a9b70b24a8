//! A transport that keeps the request and gives a prepared response.
//!
//! It stands where the network would, so that what it sees is complete: endpoint, headers and signature.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use attache_runtime::http::{self, HeaderMap};
use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::{Body, BoxError, BoxFuture, ByteStream};

use super::{Message, Sent};

#[derive(Clone, Debug)]
pub(super) struct Capture {
    response: Arc<Message>,
    request: Arc<Mutex<Option<Sent>>>,
}

impl Capture {
    pub(super) fn new(response: Message) -> Self {
        Self {
            response: Arc::new(response),
            request: Arc::default(),
        }
    }

    /// The request that was sent; none before it was.
    pub(super) fn sent(&self) -> Option<Sent> {
        self.request
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn respond(&self) -> Result<http::Response<ByteStream>, http::Error> {
        let mut response = http::Response::builder().status(self.response.status);
        for (name, value) in &self.response.headers {
            response = response.header(name, value);
        }
        response.body(self.response.body.clone().into())
    }

    async fn exchange(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<ByteStream>, BoxError> {
        let (head, body) = request.into_parts();
        let body = match body {
            Body::Bytes(bytes) => bytes,
            Body::Stream(stream) => stream.collect().await?,
            _ => return Err("a kind of body that is not known here".into()),
        };
        let sent = Sent {
            method: head.method.to_string(),
            url: head.uri.to_string(),
            headers: texts(&head.headers)?,
            body,
        };
        *self.request.lock().unwrap_or_else(PoisonError::into_inner) = Some(sent);
        Ok(self.respond()?)
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
    headers
        .iter()
        .map(|(name, value)| {
            let value = std::str::from_utf8(value.as_bytes())
                .with_context(|| format!("the header {name} is not UTF-8"))?;
            Ok((name.to_string(), value.to_owned()))
        })
        .collect()
}
