//! The view of the wire: requests and responses as events at `TRACE`, without what must not be shown.
//!
//! A part of a message is shown only if the generated code has written it, or read it, as a member that is not sensitive.
//! Whatever else there is, in a body, a header or a URL, is named or counted, not shown.

use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use tracing::{Level, enabled, trace};

use crate::body::Body;
use crate::plumbing::json::marks::{Marks, Reason};
use crate::plumbing::message::{HttpRequest, HttpResponse, Recording};
use crate::plumbing::operation::Operation;
use crate::plumbing::safe_line::safe_line;

const REDACTED: &str = "** redacted **";
/// Headers whose values are those of the runtime, of HTTP, or of AWS.
const SHOWN: [&str; 28] = [
    "accept",
    "age",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "host",
    "retry-after",
    "server",
    "transfer-encoding",
    "user-agent",
    "via",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amz-retry-after",
    "x-amz-target",
    "x-amzn-errortype",
    "x-amzn-query-mode",
    "x-amzn-request-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
];
/// Parameters of a query that are secret in every service.
const SECRET_PARAMETERS: [&str; 7] = [
    "X-Amz-Signature",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
    "AWSAccessKeyId",
    "Signature",
    "sig",
    "X-Goog-Signature",
];

/// What the view needs of an operation.
#[derive(Clone, Copy)]
pub(crate) struct View {
    /// Whether the generated code names its sensitive members.
    pub(crate) is_marked: bool,
    /// Reads a response, or the error of this name, so that the response records what was read.
    pub(crate) read: fn(HttpResponse, Option<&str>),
}

/// The view of one call.
pub(crate) struct Wire {
    view: View,
    limit: usize,
    request: Mutex<Shown>,
}

/// The request, as far as it can be shown.
#[derive(Default)]
struct Shown {
    path: String,
    query: String,
    hides_host: bool,
    headers: HeaderMap,
    body: String,
    length: Option<u64>,
}

/// Whether a subscriber takes the view.
fn is_wanted() -> bool {
    enabled!(target: "attache::wire", Level::TRACE)
}

impl Wire {
    pub(crate) fn new(view: View, limit: usize) -> Option<Self> {
        is_wanted().then(|| Self {
            view,
            limit,
            request: Mutex::default(),
        })
    }

    /// Keeps what the operation has written, before anything is added to it or its body is compressed.
    pub(crate) fn encoded(&self, request: &HttpRequest) {
        let marks = &request.marks;
        let is_marked = self.view.is_marked;
        let body = match (&request.body, &marks.body) {
            (Body::Bytes(bytes), _) if bytes.is_empty() => String::new(),
            (Body::Bytes(bytes), Some(json)) if is_marked => self.text(bytes, json, bytes.len()),
            (Body::Bytes(bytes), _) => hidden_body(Some(bytes.len() as u64), &request.headers),
            (Body::Stream(_), _) => hidden_body(None, &request.headers),
        };
        let mut shown = self.request();
        *shown = Shown {
            path: part(&request.path, &marks.path, is_marked),
            query: query(&part(&request.query, &marks.query, is_marked)),
            hides_host: marks.hides_host || (!is_marked && request.endpoint.is_some()),
            headers: if is_marked {
                request.headers.clone()
            } else {
                HeaderMap::new()
            },
            body,
            length: match &request.body {
                Body::Bytes(bytes) => Some(bytes.len() as u64),
                Body::Stream(_) => None,
            },
        };
    }

    /// Shows a request that is passed to the transport.
    pub(crate) fn sent(&self, request: &http::Request<Body>) {
        let shown = self.request();
        let known = |name: &HeaderName, value: &HeaderValue| {
            SHOWN.contains(&name.as_str())
                || shown.headers.get_all(name).iter().any(|own| own == value)
        };
        trace!(
            target: "attache::wire",
            {
                http.request.method = %request.method(),
                url.full = %safe_line_of_url(&shown, request.uri()),
                http.request.header = ?headers(request.headers(), known),
                http.request.body.size = shown.length,
                http.request.body.content = %shown.body,
            },
            "request",
        );
    }

    /// Shows a response. `shape` is the name of its error.
    pub(crate) fn received(
        &self,
        operation: &Operation,
        response: &HttpResponse,
        shape: Option<&str>,
    ) {
        let recording = Arc::new(Mutex::new(Recording::default()));
        let mut copy = HttpResponse::new(
            response.status,
            response.headers.clone(),
            response.bytes().clone(),
        );
        copy.value_limit = response.value_limit;
        copy.recording = Some(Arc::clone(&recording));
        if self.view.is_marked {
            (self.view.read)(copy, shape);
        }
        let recording = match recording.lock() {
            Ok(recording) => recording,
            Err(poisoned) => poisoned.into_inner(),
        };
        let bytes = response.bytes();
        let (size, body) = match (&response.body, &recording.body) {
            (Body::Stream(_), _) => (None, hidden_body(None, &response.headers)),
            (Body::Bytes(_), _) if bytes.is_empty() => (Some(0), String::new()),
            (Body::Bytes(_), Some((marks, end))) => {
                (Some(bytes.len()), self.text(bytes, marks, *end))
            }
            (Body::Bytes(_), None) => {
                let length = bytes.len();
                (
                    Some(length),
                    hidden_body(Some(length as u64), &response.headers),
                )
            }
        };
        let known = |name: &HeaderName, _: &HeaderValue| {
            SHOWN.contains(&name.as_str()) || recording.has_read(name.as_str())
        };
        trace!(
            target: "attache::wire",
            {
                rpc.method = operation.name,
                http.response.status_code = response.status,
                http.response.header = ?headers(&response.headers, known),
                http.response.body.size = size,
                http.response.body.content = %body,
            },
            "response",
        );
    }

    /// JSON up to `end`, without the parts that are marked, cut at the limit.
    fn text(&self, bytes: &[u8], marks: &Marks, end: usize) -> String {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return format!("{} bytes that are not shown", bytes.len());
        };
        let mut line = String::new();
        let mut at = 0;
        let parts = marks.parts();
        let rest = (end..end, Reason::Sensitive);
        for (range, reason) in parts
            .iter()
            .filter(|(range, _)| range.start < end)
            .chain([&rest])
        {
            let piece = text.get(at..range.start).unwrap_or_default();
            let left = self.limit.saturating_sub(line.len());
            line.push_str(&safe_line(piece).limit(left).to_string());
            if line.len() >= self.limit {
                line.push_str(&format!(" … of {} bytes", bytes.len()));
                return line;
            }
            at = range.end.min(end);
            if range.start < end {
                line.push_str(match reason {
                    Reason::Sensitive => "\"** redacted **\"",
                    Reason::Unknown => "\"** not in the model **\"",
                });
            }
        }
        if end < bytes.len() {
            line.push_str(&format!(
                " … {} bytes that do not match the model",
                bytes.len() - end
            ));
        }
        line
    }

    fn request(&self) -> std::sync::MutexGuard<'_, Shown> {
        match self.request.lock() {
            Ok(shown) => shown,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

/// A part of a URL without the ranges that are sensitive; all of it is hidden if these are not known.
fn part(text: &str, hidden: &[std::ops::Range<usize>], is_marked: bool) -> String {
    if !is_marked {
        return match text {
            "" | "/" => text.to_owned(),
            _ => "/REDACTED".to_owned(),
        };
    }
    let (mut line, mut at) = (String::new(), 0);
    for range in hidden {
        line.push_str(text.get(at..range.start).unwrap_or_default());
        line.push_str("REDACTED");
        at = range.end;
    }
    line.push_str(text.get(at..).unwrap_or_default());
    line
}

/// A query without the values that are secret in every service.
fn query(text: &str) -> String {
    let parameters = text
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, _))
                if SECRET_PARAMETERS
                    .iter()
                    .any(|secret| secret.eq_ignore_ascii_case(name)) =>
            {
                format!("{name}=REDACTED")
            }
            _ => parameter.to_owned(),
        });
    parameters.collect::<Vec<_>>().join("&")
}

fn safe_line_of_url(shown: &Shown, uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or_default();
    let host = match shown.hides_host {
        true => "REDACTED",
        false => uri.authority().map_or("", |authority| authority.as_str()),
    };
    let mark = if shown.query.is_empty() { "" } else { "?" };
    // Both are percent-encoded, so they contain no control characters.
    format!("{scheme}://{host}{}{mark}{}", shown.path, shown.query)
}

/// The headers as `name: value`. A value is shown if it is known and not sensitive.
fn headers(all: &HeaderMap, known: impl Fn(&HeaderName, &HeaderValue) -> bool) -> Vec<String> {
    all.iter()
        .map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes());
            match !value.is_sensitive() && known(name, value) {
                true => format!("{name}: {}", safe_line(&text)),
                false => format!("{name}: {REDACTED}"),
            }
        })
        .collect()
}

/// What is said of a body that is not shown: its length and its type.
fn hidden_body(length: Option<u64>, headers: &HeaderMap) -> String {
    let content_type = headers.get(http::header::CONTENT_TYPE).map_or_else(
        || "no type".into(),
        |value| String::from_utf8_lossy(value.as_bytes()),
    );
    let content_type = safe_line(&content_type).limit(128);
    match length {
        Some(length) => format!("{length} bytes of {content_type}, which are not shown"),
        None => format!("a stream of {content_type}, which is not shown"),
    }
}
