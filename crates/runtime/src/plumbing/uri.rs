//! Percent-encoding as AWS requires it: every byte but the unreserved characters of RFC 3986 section 2.3 (`A-Z a-z 0-9
//! - . _ ~`) becomes `%` and two upper-case hexadecimal digits.
//!
//! This is stricter than what URLs require and what browsers do. The signature covers the encoded text, so client and
//! service must agree on each byte of it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All that is not unreserved.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The same without the slash, which separates the segments of a path.
pub(crate) const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Appends the value of a path label such as `{caseId}`; `/` is encoded too, so that the value stays one segment
/// (Smithy 2.0, "HTTP bindings", section "httpLabel serialization rules").
///
/// ```
/// let mut path = "/v1/cases/".to_owned();
/// attache_runtime::plumbing::uri::push_label(&mut path, "a/b: ü");
/// assert_eq!(path, "/v1/cases/a%2Fb%3A%20%C3%BC");
/// ```
pub fn push_label(path: &mut String, value: &str) {
    path.extend(utf8_percent_encode(value, RESERVED));
}

/// Appends the value of a greedy path label such as `{key+}`, which may span segments: `/` is not encoded.
pub fn push_greedy_label(path: &mut String, value: &str) {
    path.extend(utf8_percent_encode(value, RESERVED_IN_PATH));
}

/// Appends the name or the value of a query parameter; the caller sets `&` and `=`.
pub fn push_query_component(query: &mut String, value: &str) {
    query.extend(utf8_percent_encode(value, RESERVED));
}

/// The scheme of a URL. That of the library is inlined into each place.
#[inline(never)]
pub(crate) fn scheme(url: &http::Uri) -> Option<&str> {
    url.scheme_str()
}

/// Host and port of a URL, with the default port of its scheme where it names none.
pub fn host_and_port(url: &http::Uri) -> String {
    let host = url.host().unwrap_or_default();
    let default = if scheme(url) == Some("http") { 80 } else { 443 };
    format!("{host}:{}", url.port_u16().unwrap_or(default))
}
