//! A response being read.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;

use super::{DecodeError, unreadable};
use crate::body::{Body, ByteStream};
use crate::plumbing::json::{self, Reader};

/// A response. Its body is in memory unless the operation streams it.
///
/// `Debug` shows no headers and no body, because they may contain secrets.
pub struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// How often the request was sent.
    pub(crate) attempts: u32,
    /// How much memory the decoded values of the body may use.
    pub(crate) value_limit: u64,
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl HttpResponse {
    /// A response with these parts.
    pub fn new(status: u16, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: Body::Bytes(body.into()),
            attempts: 1,
            value_limit: json::VALUE_LIMIT,
        }
    }

    /// Limits the memory of the decoded values of the body, in bytes: see
    /// [`ConfigBuilder::value_limit`](crate::ConfigBuilder::value_limit).
    #[must_use]
    pub fn with_value_limit(mut self, bytes: u64) -> Self {
        self.value_limit = bytes;
        self
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The value of a header, if it is present and is text. Several headers of one name become one list.
    pub fn header(&self, name: &str) -> Option<String> {
        let mut values = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        let mut text = values.next()?.into_owned();
        for value in values {
            text.push_str(", ");
            text.push_str(&value);
        }
        Some(text)
    }

    /// The headers whose name starts with a prefix (`smithy.api#httpPrefixHeaders`), without the prefix.
    pub fn prefix_headers(&self, prefix: &str) -> impl Iterator<Item = (String, String)> {
        self.headers.keys().filter_map(move |name| {
            let key = name.as_str().strip_prefix(prefix)?;
            Some((key.to_owned(), self.header(name.as_str())?))
        })
    }

    /// The body, if it is in memory.
    pub fn bytes(&self) -> &Bytes {
        static EMPTY: Bytes = Bytes::new();
        match &self.body {
            Body::Bytes(bytes) => bytes,
            Body::Stream(_) => &EMPTY,
        }
    }

    /// The body as a stream.
    pub fn into_stream(self) -> ByteStream {
        match self.body {
            Body::Bytes(bytes) => bytes.into(),
            Body::Stream(stream) => stream,
        }
    }

    /// The body as text.
    ///
    /// # Errors
    /// A body that is not UTF-8.
    pub fn text(&self) -> Result<String, DecodeError> {
        String::from_utf8(self.bytes().to_vec())
            .map_err(|_| DecodeError::new("the body is not UTF-8"))
    }

    /// Reads the body as one JSON value. An empty body counts as an object without members.
    ///
    /// # Errors
    /// A body that is not JSON, or not of the type that is read.
    pub fn json<T>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, json::Error>,
    ) -> Result<T, DecodeError> {
        let result = self.reader().and_then(|mut reader| {
            let value = read(&mut reader)?;
            reader.finish()?;
            Ok(value)
        });
        result.map_err(|error| self.unreadable(error))
    }

    #[cold]
    #[inline(never)]
    fn unreadable(&self, error: json::Error) -> DecodeError {
        match unreadable::describe(&self.headers, self.bytes()) {
            Some(description) => DecodeError::new(format!("{error}; {description}")),
            None => error.into(),
        }
    }

    /// This is separate from [`json`](Self::json), which is compiled for every response.
    #[inline(never)]
    fn reader(&self) -> json::Result<Reader<'_>> {
        let bytes: &[u8] = self.bytes();
        let text = if bytes.is_empty() { b"{}" } else { bytes };
        Reader::with_value_limit(text, self.value_limit)
    }
}
