//! A request being written.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use http_body::Body as _;

#[cfg(feature = "http-checksum")]
use super::Checksums;
use super::EncodeError;
#[cfg(feature = "form")]
use super::PresignedCopy;
use super::expected::{Expected, Region};
#[cfg(feature = "tracing")]
use super::request_marks::RequestMarks;
use crate::body::{Body, ByteStream};
#[cfg(feature = "http-checksum")]
use crate::checksum::Chosen;
#[cfg(feature = "event-stream")]
use crate::event_stream::Outgoing;
use crate::plumbing::endpoint::ParameterValue;
use crate::plumbing::operation::{Scheme, SignatureVersion};
use crate::plumbing::{discovery::Question, sigv4, uri};
use crate::segments::Segments;
use crate::tree_hash;

/// A request that is being written.
///
/// `Debug` shows no query, no headers and no body, because they may contain secrets.
pub struct HttpRequest {
    pub(crate) method: Method,
    /// The URL to send to in place of the client's endpoint.
    pub(crate) endpoint: Option<String>,
    /// The parameters that it sets for the endpoint rules.
    pub(crate) endpoint_parameters: Vec<(&'static str, ParameterValue)>,
    /// What the endpoint is found for.
    pub(crate) question: Question,
    /// The URL that the service named, to send to in place of that of the endpoint rules.
    pub(crate) discovered: Option<String>,
    pub(crate) host_prefix: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// What the body is made of, if it is text and sources.
    pub(crate) segments: Option<Arc<Segments>>,
    /// The ways to authenticate it, if its operation lists them.
    pub(crate) schemes: &'static [Scheme],
    /// The form of its signature.
    pub(crate) signature_version: SignatureVersion,
    /// What its response may be.
    pub(crate) expected: Expected,
    /// Its region, where it may be another one than that of the client.
    pub(crate) region: Region,
    /// Whether the protocol and no member set its content type.
    has_default_type: bool,
    /// What a transport of a test sees of the request.
    #[cfg(feature = "test-util")]
    pub(crate) sent: Option<crate::test::Sent>,
    /// Whether the host contains a member that must not be shown.
    pub(crate) hides_host: bool,
    /// What else must not be shown of it.
    #[cfg(feature = "tracing")]
    pub(crate) marks: RequestMarks,
    /// Whether the query is to be sent as a form.
    pub(crate) query_as_form: bool,
    /// The copy from another region whose URL it is to carry.
    #[cfg(feature = "form")]
    pub(crate) presigned_copy: Option<PresignedCopy>,
    /// Whether the body is to be compressed with gzip.
    #[cfg(feature = "request-compression")]
    pub(crate) compress: bool,
    /// Whether the body needs the header `Content-MD5`.
    #[cfg(feature = "content-md5")]
    pub(crate) content_md5: bool,
    /// The events that are its body.
    #[cfg(feature = "event-stream")]
    pub(crate) events: Option<Outgoing>,
    /// Whether the first message of its response may have the members of the response that are no events.
    #[cfg(feature = "event-stream")]
    pub(crate) awaits_initial_response: bool,
    /// What the model says about checksums, if it says anything about those of the service.
    #[cfg(feature = "http-checksum")]
    pub(crate) checksums: Option<Checksums>,
    /// What was chosen for the call.
    #[cfg(feature = "http-checksum")]
    pub(crate) chosen_checksums: Chosen,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpRequest")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl HttpRequest {
    /// An empty request.
    pub fn new(method: Method) -> Self {
        Self {
            method,
            endpoint: None,
            endpoint_parameters: Vec::new(),
            question: Question::default(),
            discovered: None,
            host_prefix: String::new(),
            path: String::with_capacity(64),
            query: String::new(),
            // This leaves capacity for the headers that the core adds.
            headers: HeaderMap::with_capacity(12),
            body: Body::empty(),
            segments: None,
            schemes: &[],
            signature_version: SignatureVersion::V4,
            expected: Expected::default(),
            region: Region::default(),
            has_default_type: false,
            #[cfg(feature = "test-util")]
            sent: None,
            hides_host: false,
            #[cfg(feature = "tracing")]
            marks: RequestMarks::default(),
            query_as_form: false,
            #[cfg(feature = "form")]
            presigned_copy: None,
            #[cfg(feature = "request-compression")]
            compress: false,
            #[cfg(feature = "content-md5")]
            content_md5: false,
            #[cfg(feature = "event-stream")]
            events: None,
            #[cfg(feature = "event-stream")]
            awaits_initial_response: false,
            #[cfg(feature = "http-checksum")]
            checksums: None,
            #[cfg(feature = "http-checksum")]
            chosen_checksums: Chosen::default(),
        }
    }

    /// Appends a literal part of the path.
    pub fn path(&mut self, literal: &str) {
        self.path.push_str(literal);
    }

    /// Appends a parameter to the query.
    pub fn query(&mut self, name: &str, value: &str) {
        self.separate_query();
        uri::push_query_component(&mut self.query, name);
        self.query.push('=');
        uri::push_query_component(&mut self.query, value);
    }

    /// Appends a literal part of the query, as the URI pattern of the operation has it.
    #[inline]
    pub fn query_literal(&mut self, literal: &str) {
        self.separate_query();
        self.query.push_str(literal);
    }

    fn separate_query(&mut self) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
    }

    /// Sets a header.
    ///
    /// # Errors
    /// A value with a line break or another control character.
    #[inline]
    pub fn header(
        &mut self,
        name: &'static str,
        member: &'static str,
        value: &str,
    ) -> Result<(), EncodeError> {
        let value = header_value(member, value)?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(())
    }

    /// Sets a header that every request of a service has. A header that a member has set is kept.
    #[inline]
    pub fn constant_header(&mut self, name: &'static str, value: &'static str) {
        self.headers
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }

    /// Sets the headers `x-amz-content-sha256` and `x-amz-sha256-tree-hash` of a body in memory. Headers that a member
    /// has set are kept; a streamed body gets them in this way.
    #[inline]
    pub fn tree_hash(&mut self) {
        let Body::Bytes(bytes) = &self.body else {
            return;
        };
        for (name, hash) in [
            ("x-amz-content-sha256", sigv4::sha256_hex(bytes)),
            ("x-amz-sha256-tree-hash", tree_hash::tree_hash(bytes)),
        ] {
            if let Ok(value) = HeaderValue::from_str(&hash) {
                self.headers
                    .entry(HeaderName::from_static(name))
                    .or_insert(value);
            }
        }
    }

    /// Sets the headers of a map (`smithy.api#httpPrefixHeaders`). A header that another member sets is kept.
    ///
    /// # Errors
    /// A key that is no header name, or a value with a control character.
    #[inline]
    pub fn prefix_header(
        &mut self,
        prefix: &'static str,
        member: &'static str,
        key: &str,
        value: &str,
    ) -> Result<(), EncodeError> {
        let name = HeaderName::from_bytes(format!("{prefix}{key}").as_bytes()).map_err(|_| {
            EncodeError::new(format!("{member}/{key}"), "the key is not a header name")
        })?;
        let value = header_value(member, value)?;
        self.headers.entry(name).or_insert(value);
        Ok(())
    }

    /// Sets the host prefix (`smithy.api#endpoint`).
    #[inline]
    pub fn host_prefix(&mut self, literal: &str) {
        self.host_prefix.push_str(literal);
    }

    /// Appends a host label (`smithy.api#hostLabel`) to the host prefix.
    ///
    /// # Errors
    /// A label that is missing, or that is no host label (RFC 1123: letters, digits and hyphens).
    #[inline]
    pub fn host_label(
        &mut self,
        member: &'static str,
        value: Option<&str>,
    ) -> Result<(), EncodeError> {
        let value = Self::label_value(member, value)?;
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if value.len() > 63
            || value.starts_with('-')
            || value.ends_with('-')
            || !value.bytes().all(valid)
        {
            return Err(EncodeError::new(
                member,
                "it is part of the host name: 1 to 63 letters, digits and hyphens, no hyphen at either end",
            ));
        }
        self.host_prefix.push_str(value);
        Ok(())
    }

    /// Sets a body of bytes. A content type that a member has set is kept.
    pub fn bytes(&mut self, content_type: &'static str, body: Bytes) {
        self.content_type(content_type);
        self.body = Body::Bytes(body);
    }

    /// Sets a streamed body. A body that is in memory can be hashed and sent again.
    #[inline]
    pub fn stream(&mut self, content_type: &'static str, body: ByteStream) {
        self.content_type(content_type);
        self.body = match body.in_memory() {
            Some(bytes) => Body::Bytes(bytes.clone()),
            None => Body::Stream(body),
        };
    }

    /// Sets a streamed body whose length the service must know (`smithy.api#requiresLength`).
    ///
    /// # Errors
    /// A stream that does not know its length, unless a member states it.
    #[inline]
    pub fn stream_with_length(
        &mut self,
        content_type: &'static str,
        member: &'static str,
        body: ByteStream,
    ) -> Result<(), EncodeError> {
        if body.size_hint().exact().is_none() && !self.headers.contains_key(CONTENT_LENGTH) {
            return Err(EncodeError::new(
                member,
                "the service requires the length of the stream, which is unknown: make it of a body whose `size_hint` is \
                 exact, or set the member with the length, if there is one",
            ));
        }
        self.stream(content_type, body);
        Ok(())
    }

    pub(crate) fn content_type(&mut self, content_type: &'static str) {
        let default = HeaderValue::from_static(content_type);
        self.has_default_type |= !self.headers.contains_key(CONTENT_TYPE);
        self.headers.entry(CONTENT_TYPE).or_insert(default);
    }

    /// Removes the content type that no member has set.
    #[inline]
    pub(crate) fn remove_default_content_type(&mut self) {
        if std::mem::take(&mut self.has_default_type) {
            self.headers.remove(CONTENT_TYPE);
        }
    }

    /// Whether the request can be sent more than once. A streamed body whose source cannot be opened again is consumed by
    /// the first attempt.
    pub(crate) fn is_replayable(&self) -> bool {
        let is_repeatable = match &self.body {
            Body::Bytes(_) => true,
            Body::Stream(stream) => stream.is_repeatable(),
        };
        is_repeatable && !self.has_events()
    }

    /// Whether its body is a stream that is consumed by the first attempt.
    pub(crate) fn is_read_once(&self) -> bool {
        matches!(&self.body, Body::Stream(stream) if !stream.is_repeatable())
    }

    /// The request for one attempt. Bytes in memory and the source of a stream are shared; another stream is taken out.
    pub(crate) fn take_copy(&mut self) -> Self {
        let again = match &self.body {
            Body::Bytes(bytes) => Some(Body::Bytes(bytes.clone())),
            Body::Stream(stream) => stream.again().map(Body::Stream),
        };
        let body = again.unwrap_or_else(|| std::mem::replace(&mut self.body, Body::empty()));
        Self {
            method: self.method.clone(),
            endpoint: self.endpoint.clone(),
            endpoint_parameters: self.endpoint_parameters.clone(),
            question: self.question.clone(),
            discovered: self.discovered.take(),
            host_prefix: self.host_prefix.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body,
            segments: self.segments.clone(),
            schemes: self.schemes,
            signature_version: self.signature_version,
            expected: self.expected,
            region: self.region.clone(),
            has_default_type: self.has_default_type,
            #[cfg(feature = "test-util")]
            sent: self.sent.clone(),
            hides_host: self.hides_host,
            #[cfg(feature = "tracing")]
            marks: RequestMarks::default(),
            query_as_form: self.query_as_form,
            #[cfg(feature = "form")]
            presigned_copy: self.presigned_copy.clone(),
            #[cfg(feature = "request-compression")]
            compress: self.compress,
            #[cfg(feature = "content-md5")]
            content_md5: self.content_md5,
            #[cfg(feature = "event-stream")]
            events: self.events.take(),
            #[cfg(feature = "event-stream")]
            awaits_initial_response: self.awaits_initial_response,
            #[cfg(feature = "http-checksum")]
            checksums: self.checksums,
            #[cfg(feature = "http-checksum")]
            chosen_checksums: self.chosen_checksums,
        }
    }

    /// Requests the error codes of the query protocol from a service that used it earlier
    /// (`aws.protocols#awsQueryCompatible`).
    #[inline]
    pub fn query_mode(&mut self) {
        self.headers.insert(
            HeaderName::from_static("x-amzn-query-mode"),
            HeaderValue::from_static("true"),
        );
    }
}

#[inline]
fn header_value(member: &'static str, value: &str) -> Result<HeaderValue, EncodeError> {
    let problem =
        "it is sent as a header, which cannot hold line breaks or other control characters";
    HeaderValue::from_str(value)
        .or_else(|_| HeaderValue::from_bytes(value.as_bytes()))
        .map_err(|_| EncodeError::new(member, problem))
}
