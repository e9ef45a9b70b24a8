//! The URL of a request without what must not be shown.

use std::ops::Range;

use http::Uri;

use crate::plumbing::secret_names::is_secret_parameter;
use crate::plumbing::uri::scheme;
use crate::texts::{ToText as _, join};

const REDACTED: &str = "REDACTED";

/// The path and the query without the ranges that must not be shown. Both are percent-encoded, so they contain no
/// control characters.
#[inline(never)]
pub(super) fn target(
    path: &str,
    hidden_in_path: &[Range<usize>],
    query: &str,
    hidden_in_query: &[Range<usize>],
) -> String {
    let mut target = without(path, hidden_in_path);
    if !query.is_empty() {
        target.push('?');
        target.push_str(&without_secrets(&without(query, hidden_in_query)));
    }
    target
}

/// The path and the query of a request whose sensitive members are unknown.
#[inline(never)]
pub(super) fn hidden_target(path: &str, query: &str) -> String {
    match (path, query) {
        ("" | "/", "") => path.to_text(),
        _ => format!("/{REDACTED}"),
    }
}

/// The URL with this path and query. It has no user and no password, and no base path of the endpoint.
pub(super) fn full(uri: &Uri, hides_host: bool, target: &str) -> String {
    let scheme = scheme(uri).unwrap_or_default();
    let host = match hides_host {
        true => REDACTED,
        false => uri.host().unwrap_or_default(),
    };
    match uri.port_u16() {
        Some(port) => format!("{scheme}://{host}:{port}{target}"),
        None => format!("{scheme}://{host}{target}"),
    }
}

fn without(text: &str, hidden: &[Range<usize>]) -> String {
    let (mut shown, mut at) = (String::new(), 0);
    for range in hidden {
        shown.push_str(text.get(at..range.start).unwrap_or_default());
        shown.push_str(REDACTED);
        at = range.end;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown
}

fn without_secrets(query: &str) -> String {
    let mut parameters = Vec::new();
    for parameter in query.split('&') {
        parameters.push(match parameter.split_once('=') {
            Some((name, _)) if is_secret_parameter(name) => format!("{name}={REDACTED}"),
            _ => parameter.to_text(),
        });
    }
    join(&parameters, "&")
}
