//! The first difference between a recorded request and one that is sent.

use std::collections::BTreeSet;

use super::exchange::{Content, Request};
use super::hidden::is_placeholder;
use super::json::line;
#[cfg(feature = "xml-core")]
use super::xml_lines::xml_lines;
use crate::document::Document;

/// How many characters of a value a message shows.
const VALUE_LIMIT: usize = 200;

/// Where two requests differ, with both values; `None` if they are the same.
pub(super) fn difference(recorded: &Request, sent: &Request) -> Option<String> {
    let texts = [
        ("the method", &recorded.method, &sent.method),
        ("the path", &recorded.path, &sent.path),
        ("the query", &recorded.query, &sent.query),
    ];
    texts
        .into_iter()
        .find(|(_, one, two)| one != two)
        .map(|(place, one, two)| texts_differ(place, Some(one), Some(two)))
        .or_else(|| {
            let (one, two) = (&recorded.host, &sent.host);
            (one != two).then(|| texts_differ("the host", one.as_ref(), two.as_ref()))
        })
        .or_else(|| headers(recorded, sent))
        .or_else(|| bodies(&recorded.body, &sent.body))
}

fn headers(recorded: &Request, sent: &Request) -> Option<String> {
    let names: BTreeSet<&String> = recorded.headers.keys().chain(sent.headers.keys()).collect();
    names.into_iter().find_map(|name| {
        let (one, two) = (recorded.headers.get(name), sent.headers.get(name));
        (one != two).then(|| texts_differ(&format!("the header `{name}`"), one, two))
    })
}

fn texts_differ(place: &str, one: Option<&String>, two: Option<&String>) -> String {
    let shown = |text: Option<&String>| text.map(|text| Document::from(text.as_str()));
    sentence(place, shown(one).as_ref(), shown(two).as_ref())
}

fn bodies(recorded: &Content, sent: &Content) -> Option<String> {
    match (recorded, sent) {
        (Content::Unknown, _) => None,
        (Content::Json(one), Content::Json(two)) | (Content::Form(one), Content::Form(two)) => {
            values("", Some(one), Some(two))
        }
        #[cfg(feature = "cbor")]
        (Content::Cbor(one), Content::Cbor(two)) => values("", Some(one), Some(two)),
        #[cfg(feature = "xml-core")]
        (Content::Xml(one), Content::Xml(two)) => lines(one, two),
        (one, two) => (one != two).then(|| {
            format!(
                "the body is {} in the recording and {} in the request",
                described(one),
                described(two)
            )
        }),
    }
}

/// The first line in which two documents differ.
#[cfg(feature = "xml-core")]
fn lines(one: &str, two: &str) -> Option<String> {
    let (of_one, of_two) = (xml_lines(one), xml_lines(two));
    (0..of_one.len().max(of_two.len())).find_map(|index| {
        values("", of_one.get(index), of_two.get(index))?;
        let line = |text: &str| text.lines().nth(index).map(|line| line.trim().to_owned());
        let place = format!("line {} of the body", index + 1);
        Some(texts_differ(&place, line(one).as_ref(), line(two).as_ref()))
    })
}

fn described(content: &Content) -> String {
    match content {
        Content::Empty => "empty".to_owned(),
        Content::Json(_) => "JSON".to_owned(),
        #[cfg(feature = "cbor")]
        Content::Cbor(_) => "CBOR".to_owned(),
        #[cfg(feature = "xml-core")]
        Content::Xml(_) => "XML".to_owned(),
        Content::Form(_) => "a form".to_owned(),
        Content::Text(text) => format!("a text of {} bytes", text.len()),
        Content::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Content::Digest(digest) => {
            format!("{} bytes with the SHA-256 {}", digest.length, digest.sha256)
        }
        Content::Unknown => "unknown".to_owned(),
    }
}

/// Where two values differ. `place` is a JSON Pointer (RFC 6901).
fn values(place: &str, one: Option<&Document>, two: Option<&Document>) -> Option<String> {
    match (one, two) {
        (one, two) if one == two => None,
        // Which texts these are is not in the file.
        (Some(one), Some(two)) if is_placeholder(one) && is_placeholder(two) => None,
        (Some(Document::Object(one)), Some(Document::Object(two))) => {
            let names: BTreeSet<&String> = one.keys().chain(two.keys()).collect();
            names.into_iter().find_map(|name| {
                let token = name.replace('~', "~0").replace('/', "~1");
                values(&format!("{place}/{token}"), one.get(name), two.get(name))
            })
        }
        (Some(Document::Array(one)), Some(Document::Array(two))) => (0..one.len().max(two.len()))
            .find_map(|index| values(&format!("{place}/{index}"), one.get(index), two.get(index))),
        (one, two) => {
            let place = if place.is_empty() { "the body" } else { place };
            Some(sentence(place, one, two))
        }
    }
}

fn sentence(place: &str, one: Option<&Document>, two: Option<&Document>) -> String {
    format!(
        "{place} is {} in the recording and {} in the request",
        shown(one),
        shown(two)
    )
}

fn shown(value: Option<&Document>) -> String {
    let Some(value) = value else {
        return "missing".to_owned();
    };
    let text = line(value);
    match text.char_indices().nth(VALUE_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
