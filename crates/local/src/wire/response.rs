//! Responses that say what was done.

use attache_runtime::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::service::Protocol;

/// A response with its whole body.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Response {
    /// A success without a body.
    pub fn success(protocol: Protocol, status: u16) -> Self {
        Self {
            status,
            headers: protocol.headers(),
            body: Bytes::new(),
        }
    }

    /// Sets a header. A value that cannot be one is left out.
    pub fn header(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }

    /// Sets a header of a map of them. What cannot be a header is left out.
    pub fn prefix_header(&mut self, prefix: &str, key: &str, value: &str) {
        set_prefix_header(&mut self.headers, prefix, key, value);
    }

    /// Leaves out the type of a body that there is none of, in the protocol that forbids it.
    pub(super) fn finish(mut self, protocol: Protocol) -> Self {
        if protocol == Protocol::RpcV2Cbor && self.body.is_empty() {
            self.headers.remove(http::header::CONTENT_TYPE);
        }
        self
    }

    /// Sets the status to that of a member.
    pub fn set_status(&mut self, status: i32) {
        self.status = u16::try_from(status).unwrap_or(self.status);
    }
}

/// Sets a header of a map whose headers have a prefix.
pub(super) fn set_prefix_header(headers: &mut HeaderMap, prefix: &str, key: &str, value: &str) {
    let name = HeaderName::from_bytes(format!("{prefix}{key}").as_bytes());
    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}
