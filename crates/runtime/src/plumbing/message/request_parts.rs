//! The parts of a request that was written, for those who look at it.

use http::{HeaderMap, Method};

use super::HttpRequest;
use crate::body::Body;

impl HttpRequest {
    /// Lets the response decode the texts that the request asks to be encoded (`attache#urlTexts`).
    pub fn decodes_texts(&mut self) {
        self.expected.encoded_texts = true;
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path, percent-encoded as it is sent, without the base path of the endpoint.
    pub fn uri_path(&self) -> &str {
        &self.path
    }

    /// The query, percent-encoded as it is sent, without `?`.
    pub fn uri_query(&self) -> &str {
        &self.query
    }

    /// The prefix of the endpoint's host.
    pub fn host(&self) -> &str {
        &self.host_prefix
    }

    /// The headers that the operation sets. Signing adds more.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The body, by value.
    #[inline]
    pub fn into_body(self) -> Body {
        self.body
    }
}
