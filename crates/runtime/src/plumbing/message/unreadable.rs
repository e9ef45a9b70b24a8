//! Describes a body that is not of the form of its protocol: a page of a proxy, plain text of a gateway, or bytes in an
//! unrequested encoding.
//!
//! A body of this form, or one that begins like it, is not quoted, because its content may be confidential. Its errors
//! name the position.

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use crate::headers;
use crate::plumbing::json::Reader;
use crate::plumbing::safe_line::{safe_line, safe_name};
use crate::texts::ToText as _;

/// How many characters of the first line are shown.
const LINE_LIMIT: usize = 200;
/// How many bytes are searched for the first line.
const SEARCHED: usize = 4 * 1024;

/// The form of the bodies of a protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    #[default]
    Json,
    Xml,
    #[cfg(feature = "cbor")]
    Cbor,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Xml => "XML",
            #[cfg(feature = "cbor")]
            Self::Cbor => "CBOR",
        }
    }

    fn is_form_of(self, body: &[u8]) -> bool {
        match self {
            Self::Json => is_json(body),
            Self::Xml => is_xml(body) && begins_like_xml(body),
            #[cfg(feature = "cbor")]
            Self::Cbor => is_cbor(body),
        }
    }

    fn begins(self, body: &[u8]) -> bool {
        match self {
            Self::Json => begins_like_json(body),
            Self::Xml => begins_like_xml(body),
            #[cfg(feature = "cbor")]
            Self::Cbor => begins_like_cbor(body),
        }
    }
}

/// Describes a body in one safe line: its encoding, or its content type and its first line. `None` for a body that is
/// of the expected form or should be, and for an empty one.
#[cold]
pub(crate) fn describe(headers: &HeaderMap, body: &[u8], expected: Format) -> Option<String> {
    if body.is_empty() || expected.is_form_of(body) {
        return None;
    }
    let text = |name| {
        let value = headers::get(headers, &name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    if let Some(encoding) = text(CONTENT_ENCODING)
        && !is_identity(&encoding)
    {
        return Some(format!(
            "the body has the content encoding `{}`, which was not requested and is not supported",
            safe_name(&encoding)
        ));
    }
    if expected.begins(body) {
        return None;
    }
    let content_type = match text(CONTENT_TYPE) {
        Some(content_type) => format!("the content type `{}`", safe_name(&content_type)),
        None => "no content type".to_text(),
    };
    Some(match first_line(body) {
        Some(line) => format!(
            "the body is not {}: it has {content_type} and begins with `{}`",
            expected.name(),
            safe_line(&line).limit(LINE_LIMIT)
        ),
        None => format!(
            "the body is not {}: it has {content_type} and only white space",
            expected.name()
        ),
    })
}

fn is_identity(encoding: &str) -> bool {
    for name in encoding.split(',') {
        let name = name.trim();
        if !name.is_empty() && !name.eq_ignore_ascii_case("identity") {
            return false;
        }
    }
    true
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

#[cfg(feature = "xml-core")]
fn is_xml(body: &[u8]) -> bool {
    use crate::plumbing::xml::Reader;
    Reader::new(body)
        .and_then(|mut reader| reader.root().and_then(|_| reader.finish()))
        .is_ok()
}

#[cfg(not(feature = "xml-core"))]
fn is_xml(_: &[u8]) -> bool {
    false
}

#[cfg(feature = "cbor")]
fn is_cbor(body: &[u8]) -> bool {
    use crate::plumbing::cbor::Reader;
    let mut reader = Reader::new(body);
    begins_like_cbor(body) && reader.skip().and_then(|()| reader.finish()).is_ok()
}

/// Whether a body begins with an array, a map or a tag; no page and no text begins with one of these bytes.
#[cfg(feature = "cbor")]
fn begins_like_cbor(body: &[u8]) -> bool {
    matches!(body.first(), Some(0x80..=0xdb))
}

/// Whether a body begins with an element or a declaration, and not as a page of HTML.
fn begins_like_xml(body: &[u8]) -> bool {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = text.trim_ascii_start();
    let is_page = |begin: &&[u8]| {
        let length = begin.len().min(text.len());
        text[..length].eq_ignore_ascii_case(begin)
    };
    let pages: [&[u8]; 2] = [b"<!doctype", b"<html"];
    text.first() == Some(&b'<') && !pages.iter().any(is_page)
}

/// The first line that is not empty.
fn first_line(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(SEARCHED)]);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.to_text())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::Format;

    fn described(headers: &[(&'static str, &'static str)], body: &[u8]) -> Option<String> {
        described_as(Format::Json, headers, body)
    }

    fn described_as(
        format: Format,
        headers: &[(&'static str, &'static str)],
        body: &[u8],
    ) -> Option<String> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let value = HeaderValue::from_static(value);
                (name.parse().expect("a header"), value)
            })
            .collect();
        super::describe(&headers, body, format)
    }

    #[cfg(feature = "xml-core")]
    #[test]
    fn a_page_of_html_is_no_xml_even_if_it_is_well_formed() {
        let html = [("content-type", "text/html")];
        for page in [
            "<html><b>sorry</b></html>",
            "<!DOCTYPE html>\n<html>",
            "<HTML>",
            "Bad",
        ] {
            let line = described_as(Format::Xml, &html, page.as_bytes()).expect("a line");
            let begin = page.lines().next().expect("a line");
            assert_eq!(
                line,
                format!(
                    "the body is not XML: it has the content type `text/html` and begins with `{begin}`"
                )
            );
        }
        for body in [
            "<?xml version='1.0'?><R>secret</R>",
            "<R>sec",
            "\u{feff}<R><a>secret",
        ] {
            assert_eq!(
                described_as(Format::Xml, &html, body.as_bytes()),
                None,
                "{body}"
            );
        }
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
