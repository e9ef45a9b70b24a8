//! Messages with a body of JSON.

use http::{HeaderName, HeaderValue, Method};

#[cfg(feature = "tracing")]
use super::Written;
use super::unreadable::{self, Format};
use super::{DecodeError, HttpRequest, HttpResponse};
use crate::body::Body;
use crate::headers;
use crate::plumbing::json::{self, Reader, Writer};

impl HttpRequest {
    /// A request of the awsJson protocols: `POST /`, the operation in `X-Amz-Target`, a JSON body.
    #[inline]
    pub fn aws_json(content_type: &'static str, target: &'static str, body: Writer) -> Self {
        let mut request = Self::new(Method::POST);
        request.path.push('/');
        headers::insert(
            &mut request.headers,
            http::header::CONTENT_TYPE,
            HeaderValue::from_static(content_type),
        );
        headers::insert(
            &mut request.headers,
            HeaderName::from_static("x-amz-target"),
            HeaderValue::from_static(target),
        );
        request.written(body);
        request
    }

    /// Sets a JSON body.
    pub fn json(&mut self, body: Writer) {
        self.content_type("application/json");
        self.written(body);
    }

    #[inline(never)]
    fn written(&mut self, body: Writer) {
        let (bytes, _sensitive) = body.into_parts();
        self.body = Body::Bytes(bytes.into());
        #[cfg(feature = "tracing")]
        self.marks
            .keep(&self.body, |bytes| Written::Json(bytes, _sensitive));
    }
}

impl HttpResponse {
    /// Reads the body as one JSON value. An empty body counts as an object without members.
    ///
    /// # Errors
    /// A body that is not JSON, or not of the type that is read.
    pub fn json<T>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, json::Error>,
    ) -> Result<T, DecodeError> {
        let mut reader = match self.reader() {
            Ok(reader) => reader,
            Err(error) => return Err(self.unreadable(error)),
        };
        let value = read(&mut reader);
        self.keep(&mut reader);
        let error = match value {
            Ok(value) => match reader.finish() {
                Ok(()) => return Ok(value),
                Err(error) => error,
            },
            Err(error) => error,
        };
        Err(self.unreadable(error))
    }

    #[cold]
    #[inline(never)]
    fn unreadable(&self, error: json::Error) -> DecodeError {
        match unreadable::describe(&self.headers, self.in_memory(), Format::Json) {
            Some(description) => DecodeError::new(format!("{error}; {description}")),
            None => error.into(),
        }
    }

    /// This is separate from [`json`](Self::json), which is compiled for every response.
    #[inline(never)]
    fn reader(&self) -> json::Result<Reader<'_>> {
        let bytes: &[u8] = self.in_memory();
        let text = if bytes.is_empty() { b"{}" } else { bytes };
        let reader = Reader::with_value_limit(text, self.value_limit);
        #[cfg(feature = "tracing")]
        if self.recording.is_some() {
            // What of it may be shown is known only while it is read.
            self.sensitive_payload();
            return reader.map(|mut reader| {
                reader.record();
                reader
            });
        }
        reader
    }

    /// Keeps what the reader has recorded.
    #[inline(never)]
    fn keep(&self, reader: &mut Reader<'_>) {
        #[cfg(feature = "tracing")]
        self.record(|recording| recording.body = reader.recorded());
        #[cfg(not(feature = "tracing"))]
        let _ = reader;
    }
}
