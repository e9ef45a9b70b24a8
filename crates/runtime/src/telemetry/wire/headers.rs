//! Which headers the view of the wire shows.
//!
//! The name of a header alone does not say whether its value may be shown: a sensitive member may be bound to any name,
//! and an interceptor may set any header.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::REDACTED;
use crate::plumbing::message::Recording;
use crate::plumbing::operation::Operation;
use crate::plumbing::safe_line::safe_line;

/// Headers that are secret in every message.
const SECRET: [&str; 5] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-amz-security-token",
];
/// Headers of a request that the core sets after all interceptors.
const ADDED: [&str; 3] = ["amz-sdk-invocation-id", "amz-sdk-request", "user-agent"];
/// The header that the core sets after all interceptors in a request that it signs.
const ADDED_BY_SIGNING: &str = "x-amz-date";
/// Headers of a response whose meaning HTTP or AWS defines, unless the model says another one.
const RECEIVED: [&str; 18] = [
    "age",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "transfer-encoding",
    "via",
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amz-retry-after",
    "x-amzn-errortype",
    "x-amzn-request-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
];

/// Decides about the headers of one message.
pub(super) trait Choice {
    /// Whether the value may be shown.
    fn shows(&self, name: &HeaderName, value: &HeaderValue) -> bool;

    /// Whether the name must not be shown.
    fn hides_name(&self, name: &HeaderName) -> bool;
}

/// The headers that the operation has written.
#[derive(Default)]
pub(super) struct Sent {
    own: HeaderMap,
    hidden_names: Vec<HeaderName>,
}

impl Sent {
    pub(super) fn new(own: &HeaderMap, hidden_names: &[HeaderName]) -> Self {
        Self {
            own: own.clone(),
            hidden_names: hidden_names.to_vec(),
        }
    }

    /// The choice among all headers that are sent.
    #[inline(never)]
    pub(super) fn of<'a>(
        &'a self,
        operation: &Operation,
        all: &HeaderMap,
    ) -> impl Choice + use<'a> {
        // An operation that can be signed may have been called with a token.
        let authorization = crate::headers::get(all, &AUTHORIZATION).map(HeaderValue::as_bytes);
        let has_signature = authorization.is_some_and(|value| value.starts_with(b"AWS4-"));
        SentChoice {
            sent: self,
            is_signed: operation.signed && has_signature,
        }
    }
}

struct SentChoice<'a> {
    sent: &'a Sent,
    is_signed: bool,
}

impl Choice for SentChoice<'_> {
    fn shows(&self, name: &HeaderName, value: &HeaderValue) -> bool {
        if ADDED.contains(&name.as_str()) || (self.is_signed && name.as_str() == ADDED_BY_SIGNING) {
            return true;
        }
        for own in self.sent.own.get_all(name) {
            if own == value && !own.is_sensitive() {
                return true;
            }
        }
        false
    }

    fn hides_name(&self, name: &HeaderName) -> bool {
        self.sent.hidden_names.contains(name)
    }
}

/// The headers of a response.
pub(super) struct Received<'a> {
    /// What was read of it, and whether nothing is left that a member could be bound to.
    read: Option<(&'a Recording, bool)>,
}

impl<'a> Received<'a> {
    pub(super) fn new(recording: &'a Recording, is_whole: bool) -> Self {
        Self {
            read: Some((recording, is_whole)),
        }
    }

    /// Shows no value.
    pub(super) fn nothing() -> Self {
        Self { read: None }
    }
}

impl Choice for Received<'_> {
    fn shows(&self, name: &HeaderName, _: &HeaderValue) -> bool {
        let name = name.as_str();
        self.read.is_some_and(|(recording, is_whole)| {
            !recording.hides(name)
                && (recording.shows(name) || (is_whole && RECEIVED.contains(&name)))
        })
    }

    fn hides_name(&self, name: &HeaderName) -> bool {
        let name = name.as_str();
        self.read.is_some_and(|(recording, is_whole)| {
            let is_known = is_whole || recording.shows(name) || RECEIVED.contains(&name);
            recording.hides_name(name) || !is_known
        })
    }
}

/// The headers as `name: value`, without what must not be shown.
pub(super) fn shown_headers(all: &HeaderMap, choice: &dyn Choice) -> Vec<String> {
    let mut shown = Vec::with_capacity(all.len());
    for (name, value) in all {
        let is_secret = value.is_sensitive() || SECRET.contains(&name.as_str());
        shown.push(if choice.hides_name(name) {
            format!("{REDACTED}: {REDACTED}")
        } else if !is_secret && choice.shows(name, value) {
            let value = String::from_utf8_lossy(value.as_bytes());
            format!("{name}: {}", safe_line(&value))
        } else {
            format!("{name}: {REDACTED}")
        });
    }
    shown
}
