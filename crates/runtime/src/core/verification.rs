//! What the body of a successful response is verified with. Without the feature `http-checksum` it is nothing.

use http::HeaderMap;
#[cfg(feature = "http-checksum")]
use http::Method;

use crate::body::ByteStream;
#[cfg(feature = "http-checksum")]
use crate::checksum;
use crate::plumbing::message::HttpRequest;

/// How a response is verified.
#[derive(Clone, Copy)]
pub(super) struct Verification {
    #[cfg(feature = "http-checksum")]
    chosen: checksum::Chosen,
}

#[cfg(feature = "http-checksum")]
impl Verification {
    /// What was chosen for the response to a request. The response to a HEAD states the checksum of a body that it lacks.
    pub(super) fn of(request: &HttpRequest) -> Self {
        let chosen = match request.method {
            Method::HEAD => checksum::Chosen::default(),
            _ => request.chosen_checksums,
        };
        Self { chosen }
    }

    /// A body that fails at its end if it is not the one that was sent.
    pub(super) fn applied(self, headers: &HeaderMap, body: ByteStream) -> ByteStream {
        checksum::verified(self.chosen, headers, body)
    }
}

#[cfg(not(feature = "http-checksum"))]
impl Verification {
    pub(super) fn of(_: &HttpRequest) -> Self {
        Self {}
    }

    pub(super) fn applied(self, _: &HeaderMap, body: ByteStream) -> ByteStream {
        body
    }
}
