//! Bodies without secrets, in the forms in which people read them: JSON, CBOR as JSON, and forms as pairs.
//!
//! What must not be shown of a body is known from the code that wrote or read it, as in the view of the wire.

#[cfg(feature = "form")]
use std::collections::BTreeMap;
#[cfg(any(feature = "cbor", feature = "form"))]
use std::ops::Range;

use super::exchange::Content;
use super::json::{line, parse};
use super::redaction::Cleaner;
#[cfg(feature = "xml-write")]
use super::xml::{self, Purpose};
use crate::document::Document;
#[cfg(feature = "cbor")]
use crate::plumbing::cbor;
use crate::plumbing::json::Reader;
use crate::plumbing::json::marks::Marks;
use crate::plumbing::message::Written;

impl Cleaner<'_> {
    /// A body that an operation has written; `None` for one that cannot be read again.
    pub(super) fn written(&self, written: &Written) -> Option<Content> {
        match written {
            Written::Json(bytes, starts) => self
                .json(bytes, &Reader::marks_of(bytes, starts))
                .map(Content::Json),
            #[cfg(feature = "cbor")]
            Written::Cbor(bytes, starts) => self
                .cbor(bytes, &cbor::Reader::marks_of(bytes, starts))
                .map(Content::Cbor),
            #[cfg(feature = "form")]
            Written::Form(bytes, sensitive) => self.form(bytes, sensitive).map(Content::Form),
            #[cfg(feature = "xml-write")]
            Written::Xml(bytes, sensitive) => {
                let parts = Marks::sensitive(sensitive).parts();
                let text = std::str::from_utf8(bytes).ok()?;
                xml::without(text, &parts, &[], *self, Purpose::Comparison).map(Content::Xml)
            }
        }
    }

    /// JSON without the parts that are marked; `None` for what is no JSON.
    pub(super) fn json(&self, text: &[u8], marks: &Marks) -> Option<Document> {
        let mut clean = Vec::with_capacity(text.len());
        let mut at = 0;
        for (range, _) in marks.parts() {
            clean.extend_from_slice(text.get(at..range.start)?);
            let value = parse(text.get(range.clone())?).ok()?;
            clean.extend_from_slice(line(&self.hide(value)).as_bytes());
            at = range.end;
        }
        clean.extend_from_slice(text.get(at..)?);
        parse(&clean).ok().map(|json| self.value(json))
    }

    /// CBOR without the parts that are marked; `None` for what is no CBOR.
    #[cfg(feature = "cbor")]
    pub(super) fn cbor(&self, bytes: &[u8], marks: &Marks) -> Option<Document> {
        let parts = marks.parts().into_iter().map(|(range, _)| range);
        let mut hiding = Hiding {
            cleaner: self,
            parts: parts.collect(),
        };
        let mut reader = cbor::Reader::new(bytes);
        let document = reader.select(&mut hiding).ok()?;
        reader.finish().ok()?;
        Some(self.value(document))
    }

    /// The pairs of a form without the values at these places; `None` for what is no form.
    ///
    /// A name that the user hides may be any part of a key.
    #[cfg(feature = "form")]
    fn form(&self, text: &[u8], sensitive: &[Range<usize>]) -> Option<Document> {
        let text = std::str::from_utf8(text).ok()?;
        let mut pairs = BTreeMap::new();
        let mut start = 0;
        for pair in text.split('&') {
            let (key, value) = pair.split_once('=')?;
            let place = start + key.len() + 1;
            start += pair.len() + 1;
            let (key, value) = (decoded(key), decoded(value));
            let is_sensitive = sensitive
                .binary_search_by_key(&place, |range| range.start)
                .is_ok();
            let is_named = key
                .split('.')
                .any(|name| self.redaction.hidden.contains(name));
            let value = match is_sensitive || is_named {
                true => self.hide_text(&value),
                false => self.text(&value),
            };
            pairs.insert(key, Document::String(value));
        }
        Some(Document::Object(pairs))
    }
}

/// Hides parts of CBOR.
#[cfg(feature = "cbor")]
struct Hiding<'a> {
    cleaner: &'a Cleaner<'a>,
    parts: Vec<Range<usize>>,
}

#[cfg(feature = "cbor")]
impl cbor::Select for Hiding<'_> {
    fn value(&mut self, place: Range<usize>, value: Document) -> Document {
        let found = self
            .parts
            .binary_search_by_key(&place.start, |part| part.start);
        match found {
            Ok(_) => self.cleaner.hide(value),
            Err(_) => value,
        }
    }
}

#[cfg(feature = "form")]
fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&text);
    decoded.decode_utf8_lossy().into_owned()
}
