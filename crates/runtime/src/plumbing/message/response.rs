//! A response being read.

use std::borrow::Cow;
use std::fmt;
#[cfg(feature = "tracing")]
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::HeaderMap;

use super::DecodeError;
#[cfg(feature = "tracing")]
use super::unreadable::Format;
use crate::body::{Body, ByteStream};
#[cfg(feature = "event-stream")]
use crate::event_stream::{Incoming, InputGuard};
use crate::plumbing::json;
#[cfg(feature = "tracing")]
use crate::plumbing::json::marks::Marks;
use crate::texts::ToText as _;

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
    /// Whether texts in it are encoded because the client asked for that, and not the caller.
    pub(crate) encoded_texts: bool,
    /// The messages of its body, if one of them was read already.
    #[cfg(feature = "event-stream")]
    pub(crate) events: Option<Incoming>,
    /// What ends the events of the request together with the response.
    #[cfg(feature = "event-stream")]
    pub(crate) input: Option<InputGuard>,
    /// What was read of it, if anyone wants to know.
    #[cfg(feature = "tracing")]
    pub(crate) recording: Option<Arc<Mutex<Recording>>>,
}

/// What was read of a response.
#[cfg(feature = "tracing")]
#[derive(Default)]
pub(crate) struct Recording {
    /// The form of the body.
    pub(crate) format: Format,
    /// The parts of the body that must not be shown, and how much of it was read.
    pub(crate) body: Option<(Marks, usize)>,
    /// The body, if a member is the body as it is.
    pub(crate) payload: Option<Payload>,
    /// The headers, and the prefixes of headers, that are members.
    headers: Vec<String>,
    prefixes: Vec<String>,
    /// The same for members that must not be shown.
    sensitive_headers: Vec<String>,
    sensitive_prefixes: Vec<String>,
}

/// Whether a body that is a member as it is may be shown.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    Shown,
    Hidden,
}

#[cfg(feature = "tracing")]
#[cold]
#[inline(never)]
fn locked(recording: &Mutex<Recording>) -> MutexGuard<'_, Recording> {
    recording.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(feature = "tracing")]
impl Recording {
    /// Whether a header was read as a member that may be shown.
    pub(crate) fn shows(&self, header: &str) -> bool {
        is_one_of(&self.headers, header) || begins_with_one_of(&self.prefixes, header)
    }

    /// Whether a header was read as a member that must not be shown.
    pub(crate) fn hides(&self, header: &str) -> bool {
        is_one_of(&self.sensitive_headers, header) || self.hides_name(header)
    }

    /// Whether the name of a header contains a key that must not be shown.
    pub(crate) fn hides_name(&self, header: &str) -> bool {
        begins_with_one_of(&self.sensitive_prefixes, header)
    }
}

#[cfg(feature = "tracing")]
fn is_one_of(names: &[String], header: &str) -> bool {
    for name in names {
        if name.eq_ignore_ascii_case(header) {
            return true;
        }
    }
    false
}

#[cfg(feature = "tracing")]
#[inline(never)]
fn begins_with_one_of(prefixes: &[String], header: &str) -> bool {
    for prefix in prefixes {
        if header.starts_with(prefix.as_str()) {
            return true;
        }
    }
    false
}

impl fmt::Debug for HttpResponse {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl HttpResponse {
    /// Whether its texts are to be decoded where it says that they are encoded (`attache#urlTexts`).
    pub fn decodes_texts(&self) -> bool {
        self.encoded_texts
    }

    /// A response with these parts.
    pub fn new(status: u16, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: Body::Bytes(body.into()),
            attempts: 1,
            value_limit: json::VALUE_LIMIT,
            encoded_texts: false,
            #[cfg(feature = "event-stream")]
            events: None,
            #[cfg(feature = "event-stream")]
            input: None,
            #[cfg(feature = "tracing")]
            recording: None,
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
        #[cfg(feature = "tracing")]
        self.record(|recording| recording.headers.push(name.to_text()));
        self.text_of(name)
    }

    /// The same for a header that must not be shown (`smithy.api#sensitive`).
    #[inline]
    pub fn sensitive_header(&self, name: &str) -> Option<String> {
        #[cfg(feature = "tracing")]
        self.record(|recording| recording.sensitive_headers.push(name.to_text()));
        self.text_of(name)
    }

    fn text_of(&self, name: &str) -> Option<String> {
        let mut values = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| match value.to_str() {
                Ok(ascii) => Cow::Borrowed(ascii),
                Err(_) => String::from_utf8_lossy(value.as_bytes()),
            });
        let mut text = values.next()?.into_owned();
        for value in values {
            text.push_str(", ");
            text.push_str(&value);
        }
        Some(text)
    }

    /// The headers whose name starts with a prefix (`smithy.api#httpPrefixHeaders`), without the prefix.
    #[inline]
    pub fn prefix_headers(&self, prefix: &str) -> impl Iterator<Item = (String, String)> {
        #[cfg(feature = "tracing")]
        self.record(|recording| recording.prefixes.push(prefix.to_ascii_lowercase()));
        self.texts_of(prefix)
    }

    /// The same for headers that must not be shown (`smithy.api#sensitive`).
    #[inline]
    pub fn sensitive_prefix_headers(&self, prefix: &str) -> impl Iterator<Item = (String, String)> {
        #[cfg(feature = "tracing")]
        self.record(|recording| {
            recording
                .sensitive_prefixes
                .push(prefix.to_ascii_lowercase());
        });
        self.texts_of(prefix)
    }

    #[inline]
    fn texts_of(&self, prefix: &str) -> impl Iterator<Item = (String, String)> {
        self.headers.keys().filter_map(move |name| {
            let key = name.as_str().strip_prefix(prefix)?;
            Some((key.to_text(), self.text_of(name.as_str())?))
        })
    }

    /// The body, if it is in memory.
    pub fn bytes(&self) -> &Bytes {
        self.reads_payload();
        self.in_memory()
    }

    pub(super) fn in_memory(&self) -> &Bytes {
        static EMPTY: Bytes = Bytes::new();
        match &self.body {
            Body::Bytes(bytes) => bytes,
            Body::Stream(_) => &EMPTY,
        }
    }

    /// The body as a stream.
    #[inline]
    pub fn into_stream(self) -> ByteStream {
        self.reads_payload();
        match self.body {
            Body::Bytes(bytes) => bytes.into(),
            Body::Stream(stream) => stream,
        }
    }

    /// Says that the body is a member that must not be shown (`smithy.api#sensitive`).
    pub fn sensitive_payload(&self) {
        #[cfg(feature = "tracing")]
        self.record(|recording| recording.payload = Some(Payload::Hidden));
    }

    fn reads_payload(&self) {
        #[cfg(feature = "tracing")]
        self.record(|recording| {
            recording.payload.get_or_insert(Payload::Shown);
        });
    }

    /// The body as text.
    ///
    /// # Errors
    /// A body that is not UTF-8.
    #[inline]
    pub fn text(&self) -> Result<String, DecodeError> {
        String::from_utf8(self.bytes().to_vec())
            .map_err(|_| DecodeError::new("the body is not UTF-8"))
    }

    #[cfg(feature = "tracing")]
    #[inline]
    pub(super) fn record(&self, change: impl FnOnce(&mut Recording)) {
        if let Some(recording) = &self.recording {
            change(&mut locked(recording));
        }
    }
}
