//! Requests whose body is text and sources.

use std::sync::Arc;

use http::HeaderName;

use super::HttpRequest;
use crate::body::Body;
use crate::plumbing::sigv4::hexadecimal;
use crate::segments::Segments;
use crate::stand_in::Place;

const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

impl HttpRequest {
    /// Whether the operation reads its whole body for a header, or has another body.
    #[inline]
    pub(crate) fn needs_whole_body(&self) -> bool {
        #[cfg(feature = "content-md5")]
        if self.content_md5 {
            return true;
        }
        #[cfg(feature = "http-checksum")]
        if self.checksums.is_some_and(|of| of.request.is_some()) {
            return true;
        }
        self.has_events() || self.query_as_form || self.headers.contains_key(X_AMZ_CONTENT_SHA256)
    }

    /// Replaces a body by one that has sources in these places.
    #[inline]
    pub(crate) fn segmented(&mut self, segments: Arc<Segments>, places: &[Place]) {
        #[cfg(feature = "tracing")]
        self.marks.replace(places);
        #[cfg(not(feature = "tracing"))]
        let _ = places;
        self.body = Body::Stream(segments.stream());
        self.segments = Some(segments);
    }

    /// The SHA-256 of a body of sources in hexadecimal, once it was read.
    pub(crate) fn hash_of_sources(&self) -> Option<String> {
        let digest = self.segments.as_ref()?.sha256()?;
        Some(hexadecimal(&digest))
    }

    /// How many bytes are sent, if the time for them is limited by default: the source of another stream may be slow.
    pub(crate) fn timed_length(&self) -> Option<u64> {
        match (&self.body, &self.segments) {
            (Body::Bytes(bytes), _) => Some(bytes.len() as u64),
            (Body::Stream(_), Some(segments)) => Some(segments.length()),
            (Body::Stream(_), None) => None,
        }
    }
}
