//! A presigned request: a URL with which anyone may send one request, for a limited time.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method};

use crate::Timestamp;
use crate::plumbing::endpoint::without_secrets;

/// A request that anyone may send until it expires, with any HTTP client: the result of
/// [`Call::presign`](crate::Call::presign).
///
/// The signature is in the URL. Whoever has the URL has the permission, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PresignedRequest {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) expires_at: Timestamp,
}

impl PresignedRequest {
    /// The method of the request.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL, with the signature. It must be sent as it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers that must be sent, with these values; they are signed. `host` is not among them, because HTTP clients
    /// set it. Further headers may be sent, except those that begin with `x-amz-`.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body that must be sent, which may be empty; `None` if any body may be sent.
    ///
    /// The signature covers the body, unless the service accepts a URL for any: S3 does, and so do the operations whose
    /// payload is not signed (`aws.auth#unsignedPayload`).
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// When the service begins to refuse the request.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Debug for PresignedRequest {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(http::HeaderName::as_str).collect();
        formatter
            .debug_struct("PresignedRequest")
            .field("method", &self.method)
            .field("url", &without_secrets(&self.url))
            .field("headers", &names)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
