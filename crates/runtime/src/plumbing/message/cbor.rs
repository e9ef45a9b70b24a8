//! Messages with a body of CBOR: the protocol rpcv2Cbor.

use http::{HeaderName, HeaderValue, Method};

#[cfg(feature = "tracing")]
use super::Written;
use super::unreadable::{self, Format};
use super::{DecodeError, HttpRequest, HttpResponse};
use crate::body::Body;
use crate::plumbing::cbor::{self, Reader, Writer};

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/cbor");
const PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");

/// A map without members.
const EMPTY: &[u8] = b"\xa0";

impl HttpRequest {
    /// A request without a body, for an operation without an input.
    pub fn rpc_v2_cbor(path: &'static str) -> Self {
        let mut request = Self::new(Method::POST);
        request.path.push_str(path);
        request
            .headers
            .insert(PROTOCOL, HeaderValue::from_static("rpc-v2-cbor"));
        request.headers.insert(http::header::ACCEPT, CONTENT_TYPE);
        request
    }

    /// Sets a body of CBOR.
    pub fn cbor(&mut self, body: Writer) {
        self.headers
            .insert(http::header::CONTENT_TYPE, CONTENT_TYPE);
        let (bytes, _sensitive) = body.into_parts();
        self.body = Body::Bytes(bytes.into());
        #[cfg(feature = "tracing")]
        self.marks
            .keep(&self.body, |bytes| Written::Cbor(bytes, _sensitive));
    }
}

impl HttpResponse {
    /// Reads the body as one CBOR value. An empty body counts as a map without members.
    ///
    /// # Errors
    /// A body that is not CBOR, or not of the type that is read.
    pub fn cbor<T>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> cbor::Result<T>,
    ) -> Result<T, DecodeError> {
        let mut reader = self.cbor_reader();
        let value = read(&mut reader);
        self.keep_cbor(&mut reader);
        let result = value.and_then(|value| reader.finish().map(|()| value));
        result.map_err(|error| self.unreadable_cbor(error))
    }

    #[inline(never)]
    fn cbor_reader(&self) -> Reader<'_> {
        let bytes: &[u8] = self.in_memory();
        let bytes = if bytes.is_empty() { EMPTY } else { bytes };
        let reader = Reader::with_value_limit(bytes, self.value_limit);
        #[cfg(feature = "tracing")]
        if self.recording.is_some() {
            // What of it may be shown is known only while it is read.
            self.sensitive_payload();
            let mut reader = reader;
            reader.record();
            return reader;
        }
        reader
    }

    /// Keeps what the reader has recorded.
    #[inline(never)]
    fn keep_cbor(&self, reader: &mut Reader<'_>) {
        #[cfg(feature = "tracing")]
        self.record(|recording| {
            recording.format = Format::Cbor;
            recording.body = reader.recorded();
        });
        #[cfg(not(feature = "tracing"))]
        let _ = reader;
    }

    #[cold]
    #[inline(never)]
    fn unreadable_cbor(&self, error: cbor::Error) -> DecodeError {
        match unreadable::describe(&self.headers, self.in_memory(), Format::Cbor) {
            Some(description) => DecodeError::new(format!("{error}; {description}")),
            None => error.into(),
        }
    }
}
