//! The responses of servers in a fuzz input.
//!
//! Responses are separated by lines `%%`. The first line of each is a status or one of `connect`, `timeout` and `io`,
//! which are failures of the transport; `200 broken` is a response whose body ends with an error. Lines `name: value`
//! are headers, and what follows an empty line is the body. Every input is valid: a response without a status has
//! status 200.

use attache_runtime::http::{HeaderMap, HeaderName, HeaderValue};
use attache_runtime::transport::TransportErrorKind;

/// The line between two responses.
const SEPARATOR: &[u8] = b"\n%%\n";

/// A response or a failure.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A response.
    Response(Response),
    /// A failure of the transport.
    Failure(TransportErrorKind),
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status, at least 200, because a transport returns no informational responses.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the connection breaks after the body.
    pub broken: bool,
}

/// The parts of an input between lines `%%`.
pub fn parts(input: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = input;
    while let Some(at) = find(rest, SEPARATOR) {
        parts.push(&rest[..at]);
        rest = &rest[at + SEPARATOR.len()..];
    }
    parts.push(rest);
    parts
}

/// All responses of an input.
pub fn answers(input: &[u8]) -> Vec<Answer> {
    parts(input).into_iter().map(answer).collect()
}

fn answer(text: &[u8]) -> Answer {
    let (first, mut rest) = line(text);
    let first = String::from_utf8_lossy(first);
    let (status, attribute) = first.split_once(' ').unwrap_or((&first, ""));
    let status = match status {
        "connect" => return Answer::Failure(TransportErrorKind::Connect),
        "timeout" => return Answer::Failure(TransportErrorKind::Timeout),
        "io" => return Answer::Failure(TransportErrorKind::Io),
        number => number.parse().unwrap_or(200),
    };
    let mut headers = HeaderMap::new();
    while !rest.is_empty() {
        let (header, after) = line(rest);
        rest = after;
        if header.is_empty() {
            break;
        }
        let Some(at) = find(header, b":") else {
            continue;
        };
        let name = HeaderName::from_bytes(&header[..at]);
        let value = HeaderValue::from_bytes(header[at + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    Answer::Response(Response {
        status: if (200..1000).contains(&status) {
            status
        } else {
            200
        },
        headers,
        body: rest.to_vec(),
        broken: attribute == "broken",
    })
}

/// The first line, and what follows it.
pub fn line(text: &[u8]) -> (&[u8], &[u8]) {
    match find(text, b"\n") {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[]),
    }
}

/// The place of the first occurrence of a text.
pub fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
