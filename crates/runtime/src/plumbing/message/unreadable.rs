//! Describes a body that is not JSON: a page of a proxy, plain text of a gateway, or bytes in an unrequested encoding.
//!
//! A body that is JSON, or begins like it, is not quoted, because its content may be confidential. Its errors name the
//! position.

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use crate::plumbing::json::Reader;
use crate::plumbing::safe_line::{safe_line, safe_name};

/// How many characters of the first line are shown.
const LINE_LIMIT: usize = 200;
/// How many bytes are searched for the first line.
const SEARCHED: usize = 4 * 1024;

/// Describes a body in one safe line: its encoding, or its content type and its first line. `None` for a body that is
/// JSON or should be, and for an empty one.
#[cold]
pub(crate) fn describe(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    if body.is_empty() || is_json(body) {
        return None;
    }
    let text = |name| {
        let value = headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let encoding = text(CONTENT_ENCODING).filter(|encoding| !is_identity(encoding));
    if let Some(encoding) = encoding {
        return Some(format!(
            "the body has the content encoding `{}`, which was not requested and is not supported",
            safe_name(&encoding)
        ));
    }
    if begins_like_json(body) {
        return None;
    }
    let content_type = match text(CONTENT_TYPE) {
        Some(content_type) => format!("the content type `{}`", safe_name(&content_type)),
        None => "no content type".to_owned(),
    };
    Some(match first_line(body) {
        Some(line) => format!(
            "the body is not JSON: it has {content_type} and begins with `{}`",
            safe_line(&line).limit(LINE_LIMIT)
        ),
        None => format!("the body is not JSON: it has {content_type} and only white space"),
    })
}

fn is_identity(encoding: &str) -> bool {
    encoding
        .split(',')
        .map(str::trim)
        .all(|name| name.is_empty() || name.eq_ignore_ascii_case("identity"))
}

fn is_json(body: &[u8]) -> bool {
    Reader::new(body)
        .and_then(|mut reader| reader.skip().and_then(|()| reader.finish()))
        .is_ok()
}

/// Whether a body begins with an object, or with an array of values: truncated JSON, not a text in brackets.
fn begins_like_json(body: &[u8]) -> bool {
    let mut characters = body.trim_ascii_start().iter();
    match characters.next() {
        Some(b'{') => true,
        Some(b'[') => characters
            .as_slice()
            .trim_ascii_start()
            .first()
            .is_none_or(|next| b"{[\"]-0123456789".contains(next)),
        _ => false,
    }
}

/// The first line that is not empty.
fn first_line(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(SEARCHED)]);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.to_owned())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::describe;

    fn described(headers: &[(&'static str, &'static str)], body: &[u8]) -> Option<String> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let value = HeaderValue::from_static(value);
                (name.parse().expect("a header"), value)
            })
            .collect();
        describe(&headers, body)
    }

    #[test]
    fn a_body_that_is_not_json_is_described_by_its_type_and_first_line() {
        let html = [("content-type", "text/html; charset=utf-8")];
        assert_eq!(
            described(&html, b"\r\n  <html>\r\n<body>secret"),
            Some("the body is not JSON: it has the content type `text/html; charset=utf-8` and begins with \
                `<html>`".to_owned())
        );
        assert_eq!(
            described(&[], b"[error] upstream timed out"),
            Some(
                "the body is not JSON: it has no content type and begins with `[error] upstream timed out`"
                    .to_owned()
            )
        );
        assert_eq!(
            described(&[], b" \n "),
            Some("the body is not JSON: it has no content type and only white space".to_owned())
        );
        let long = described(&html, &b"\x1b[31m".repeat(100_000)).expect("a line");
        assert!(long.len() < 3_000 && !long.contains('\u{1b}'), "{long}");
        assert!(described(&[], b"\xff\xfe\x00").is_some_and(|line| line.contains("begins with")));
    }

    #[test]
    fn a_body_that_begins_like_json_is_not_quoted() {
        let html = [("content-type", "text/html")];
        for body in [
            "",
            "{\"subject\":\"secret",
            " {secret",
            "[{\"subject\":\"secret",
            "[\"secret",
            "\"secret\"",
            "[1,2]",
            "null",
            "12",
        ] {
            assert_eq!(described(&html, body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn an_encoding_is_named() {
        for (encoding, named) in [("gzip", true), ("br, gzip", true), ("identity", false)] {
            let line =
                described(&[("content-encoding", encoding)], b"\x1f\x8b\x08\x00").expect("a line");
            assert_eq!(
                line.contains(&format!("content encoding `{encoding}`")),
                named,
                "{line}"
            );
        }
        let plain = described(&[("content-encoding", "gzip")], b"{}");
        assert_eq!(
            plain, None,
            "the header is untrue, and the body can be read"
        );
    }
}
