//! The canonical request: the form of a message that both ends sign.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::wire::Request;

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// The canonical request: a text that both ends make from the same message.
pub(super) fn canonical_request(
    request: &Request,
    query: &str,
    signed_headers: &str,
    payload: &str,
) -> String {
    // The path as it was sent, encoded once more: every service but S3 requires that.
    let path = utf8_percent_encode(&normalised(&request.path), RESERVED_IN_PATH).to_string();
    canonical(request, &path, query, signed_headers, payload)
}

pub(super) fn canonical(
    request: &Request,
    path: &str,
    query: &str,
    signed_headers: &str,
    payload: &str,
) -> String {
    let mut headers = String::new();
    for name in signed_headers.split(';') {
        let values: Vec<String> = request
            .headers
            .get_all(name)
            .iter()
            .map(|value| collapsed(&String::from_utf8_lossy(value.as_bytes())))
            .collect();
        headers.push_str(&format!("{name}:{}\n", values.join(",")));
    }
    let method = request.method.as_str();
    let query = canonical_query(query);
    format!("{method}\n{path}\n{query}\n{headers}\n{signed_headers}\n{payload}")
}

/// The path without empty segments, `.` and `..` (RFC 3986 section 5.2.4).
fn normalised(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let slash = if path.ends_with('/') && !segments.is_empty() {
        "/"
    } else {
        ""
    };
    format!("/{}{slash}", segments.join("/"))
}

/// The parameters, each name and value encoded alike, in the order of names and values.
///
/// A `+` is a space, as the services read it, so a signed `%2B` cannot be turned into a space.
pub(super) fn canonical_query(query: &str) -> String {
    let encode = |text: &str| {
        let bytes: Vec<u8> = percent_decode_str(&text.replace('+', " ")).collect();
        percent_encoding::percent_encode(&bytes, RESERVED).to_string()
    };
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encode(key), encode(value))
        })
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    pairs.join("&")
}

/// A header value without white space around it, and with single spaces in it.
fn collapsed(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}
