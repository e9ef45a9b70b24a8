//! The view of the wire: requests and responses as events at `TRACE`, without what must not be shown.
//!
//! A part of a message is shown only if the generated code has written it, or read it, as a member that is not sensitive.
//! Whatever else there is, in a body, a header or a URL, is named or counted, not shown.

mod body;
mod headers;
mod url;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::CONTENT_TYPE;
use tracing::{Level, enabled, trace};

use self::headers::{Choice, Received, Sent, shown_headers};
use super::events::RpcMethod;
use super::view::View;
use crate::body::Body;
use crate::plumbing::message::{HttpRequest, HttpResponse, Recording};
use crate::plumbing::operation::Operation;

/// What stands for a value that is not shown.
const REDACTED: &str = "** redacted **";

/// The view of one call.
pub(crate) struct Wire {
    view: View,
    limit: usize,
    request: Mutex<Shown>,
}

/// The request, as far as it can be shown.
#[derive(Default)]
struct Shown {
    hides_host: bool,
    target: String,
    headers: Sent,
    body: String,
    length: Option<usize>,
}

impl Wire {
    /// `None` if no subscriber takes the view.
    pub(crate) fn new(view: View, limit: usize) -> Option<Self> {
        enabled!(target: "attache::wire", Level::TRACE).then(|| Self {
            view,
            limit,
            request: Mutex::default(),
        })
    }

    /// Keeps what the operation has written.
    pub(crate) fn encoded(&self, request: &HttpRequest) {
        let marks = &request.marks;
        let is_marked = self.view.is_marked;
        let written = match is_marked {
            true => marks.body.as_ref(),
            false => None,
        };
        let length = match (&request.body, written) {
            (Body::Bytes(_), Some(written)) => Some(written.bytes().len()),
            (Body::Bytes(bytes), None) => Some(bytes.len()),
            (Body::Stream(_), Some(_)) => {
                let length = request.timed_length();
                length.and_then(|length| usize::try_from(length).ok())
            }
            (Body::Stream(_), None) => None,
        };
        let shown = written.and_then(|written| body::written(written, self.limit));
        let body = match shown {
            Some(shown) => shown,
            None => {
                let content_type = match crate::headers::get(&request.headers, &CONTENT_TYPE) {
                    Some(value) if is_marked && !value.is_sensitive() => Some(value),
                    _ => None,
                };
                body::described(length, content_type)
            }
        };
        *lock(&self.request) = Shown {
            hides_host: request.hides_host
                || (!is_marked && (request.endpoint.is_some() || !request.host_prefix.is_empty())),
            target: match is_marked {
                true => url::target(&request.path, &marks.path, &request.query, &marks.query),
                false => url::hidden_target(&request.path, &request.query),
            },
            headers: match is_marked {
                true => Sent::new(&request.headers, &marks.header_names),
                false => Sent::default(),
            },
            body,
            length,
        };
    }

    /// Shows a request that is passed to the transport.
    pub(crate) fn sent(&self, operation: &'static Operation, request: &http::Request<Body>) {
        let shown = lock(&self.request);
        let headers = shown_headers(
            request.headers(),
            &shown.headers.of(operation, request.headers()),
        );
        trace!(
            target: "attache::wire",
            {
                rpc.method = %RpcMethod(operation),
                http.request.method = %request.method(),
                url.full = %url::full(request.uri(), shown.hides_host, &shown.target),
                http.request.header = ?headers,
                http.request.body.size = shown.length,
                http.request.body.content = %shown.body,
            },
            "request",
        );
    }

    /// Shows a response. `shape` is the name of its error.
    pub(crate) fn received(
        &self,
        operation: &'static Operation,
        response: &HttpResponse,
        shape: Option<&str>,
    ) {
        let (recording, is_whole) = self.record(response, shape);
        let recording = lock(&recording);
        let headers = match self.view.is_marked {
            true => Received::new(&recording, is_whole),
            false => Received::nothing(),
        };
        let bytes = response.bytes();
        let size = match &response.body {
            Body::Bytes(bytes) => Some(bytes.len()),
            Body::Stream(_) => None,
        };
        let shown = match &recording.body {
            Some((marks, end)) if *end > 0 && !bytes.is_empty() => {
                body::read(bytes, recording.format, (marks, *end), self.limit)
            }
            _ => None,
        };
        let body = match shown {
            Some(shown) => shown,
            None => {
                let content_type = match crate::headers::get(&response.headers, &CONTENT_TYPE) {
                    Some(value) if headers.shows(&CONTENT_TYPE, value) => Some(value),
                    _ => None,
                };
                body::described(size, content_type)
            }
        };
        trace!(
            target: "attache::wire",
            {
                rpc.method = %RpcMethod(operation),
                http.response.status_code = response.status,
                http.response.header = ?shown_headers(&response.headers, &headers),
                http.response.body.size = size,
                http.response.body.content = %body,
            },
            "response",
        );
    }

    /// Reads a copy of a response that records what is read. Returns the record, and whether everything was read.
    fn record(
        &self,
        response: &HttpResponse,
        shape: Option<&str>,
    ) -> (Arc<Mutex<Recording>>, bool) {
        let recording = Arc::new(Mutex::new(Recording::default()));
        let mut copy = HttpResponse::new(
            response.status,
            response.headers.clone(),
            response.bytes().clone(),
        );
        copy.value_limit = response.value_limit;
        copy.recording = Some(Arc::clone(&recording));
        let is_whole = self.view.is_marked && (self.view.read)(copy, shape);
        (recording, is_whole)
    }
}

#[inline(never)]
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
