//! The body of a message without what must not be shown.

use std::borrow::Cow;
#[cfg(any(feature = "cbor", feature = "form"))]
use std::ops::Range;

use http::HeaderValue;

use super::REDACTED;
#[cfg(feature = "cbor")]
use crate::document::Document;
#[cfg(feature = "cbor")]
use crate::plumbing::cbor;
use crate::plumbing::json;
use crate::plumbing::json::marks::{Marks, Reason};
use crate::plumbing::message::Written;
use crate::plumbing::message::unreadable::Format;
use crate::plumbing::safe_line::{safe_line, safe_name};
use crate::texts::has;

const UNKNOWN: &str = "** not in the model **";

/// The body of a request.
#[inline(never)]
pub(super) fn written(written: &Written, limit: usize) -> Option<String> {
    match written {
        Written::Json(bytes, starts) => {
            let marks = json::Reader::marks_of(bytes, starts);
            read(bytes, Format::Json, (&marks, bytes.len()), limit)
        }
        #[cfg(feature = "cbor")]
        Written::Cbor(bytes, starts) => {
            let marks = cbor::Reader::marks_of(bytes, starts);
            read(bytes, Format::Cbor, (&marks, bytes.len()), limit)
        }
        #[cfg(feature = "form")]
        Written::Form(bytes, sensitive) => Some(form(bytes, sensitive, limit)),
        #[cfg(feature = "xml-write")]
        Written::Xml(bytes, sensitive) => {
            let marks = Marks::sensitive(sensitive);
            read(bytes, Format::Xml, (&marks, bytes.len()), limit)
        }
    }
}

/// A body up to `end`, without the parts that are marked, cut after `limit` characters. CBOR is shown as JSON. `None` for
/// a body that cannot be shown.
pub(super) fn read(
    bytes: &[u8],
    format: Format,
    (marks, end): (&Marks, usize),
    limit: usize,
) -> Option<String> {
    let mut line = Line::new(limit);
    match format {
        #[cfg(feature = "cbor")]
        Format::Cbor => line.text(&plain_json(&readable(bytes, marks, end)?)),
        Format::Json | Format::Xml => {
            let Ok(text) = std::str::from_utf8(bytes) else {
                return Some(format!("{} bytes that are not shown", bytes.len()));
            };
            line.parts(text, format, (marks, end));
        }
    }
    let note = match (line.is_cut, bytes.len().saturating_sub(end)) {
        (true, _) => format!(" … of {} bytes", bytes.len()),
        (_, 0) => String::new(),
        (_, rest) => format!(" … {rest} bytes that do not match the model"),
    };
    Some(line.text + &note)
}

/// What stands for a part that is not shown.
fn hidden(reason: Reason) -> &'static str {
    match reason {
        Reason::Sensitive => REDACTED,
        Reason::Unknown => UNKNOWN,
    }
}

/// CBOR as JSON, without the parts that are marked. `None` for bytes that are no CBOR.
#[cfg(feature = "cbor")]
fn readable(bytes: &[u8], marks: &Marks, end: usize) -> Option<String> {
    let mut shown = ShownCbor {
        parts: marks.parts(),
        end,
    };
    let document = cbor::Reader::new(bytes).select(&mut shown).ok()?;
    let mut writer = json::Writer::with_capacity(bytes.len());
    writer.document(&document);
    String::from_utf8(writer.into_bytes()).ok()
}

/// What is shown of CBOR.
#[cfg(feature = "cbor")]
struct ShownCbor {
    parts: Vec<(Range<usize>, Reason)>,
    end: usize,
}

#[cfg(feature = "cbor")]
impl cbor::Select for ShownCbor {
    fn end(&self) -> usize {
        self.end
    }

    fn value(&mut self, place: Range<usize>, value: Document) -> Document {
        let parts = &self.parts;
        let is_whole = place.end <= self.end;
        match parts.binary_search_by_key(&place.start, |(part, _)| part.start) {
            Ok(index) => hidden(parts[index].1).into(),
            // Its members and elements were looked at already.
            Err(_) if is_whole || value.as_object().is_some() || value.as_array().is_some() => {
                value
            }
            Err(_) => UNKNOWN.into(),
        }
    }
}

/// A form without the values of these ranges, cut after `limit` characters. It stays encoded, so that it is one line and
/// pairs stay apart.
#[cfg(feature = "form")]
fn form(bytes: &[u8], sensitive: &[Range<usize>], limit: usize) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return format!("{} bytes that are not shown", bytes.len());
    };
    let mut line = Line::new(limit);
    let mut at = 0;
    for range in sensitive {
        line.text(text.get(at..range.start).unwrap_or_default());
        line.text(REDACTED);
        at = range.end;
    }
    line.text(text.get(at..).unwrap_or_default());
    match line.is_cut {
        true => format!("{} … of {} bytes", line.text, bytes.len()),
        false => line.text,
    }
}

/// A line that takes a limited number of characters.
struct Line {
    text: String,
    left: usize,
    is_cut: bool,
}

impl Line {
    fn new(limit: usize) -> Self {
        Self {
            text: String::new(),
            left: limit,
            is_cut: false,
        }
    }

    /// A text up to `end`, without the parts that are marked.
    fn parts(&mut self, text: &str, format: Format, (marks, end): (&Marks, usize)) {
        let mut at = 0;
        for (range, reason) in marks.parts() {
            if range.start >= end {
                break;
            }
            let before = text.get(at..range.start).unwrap_or_default();
            self.text(&plain(format, before));
            match format {
                Format::Xml => self.text(hidden(reason)),
                _ => self.text(&format!("\"{}\"", hidden(reason))),
            }
            at = range.end.min(end);
        }
        self.text(&plain(format, text.get(at..end).unwrap_or_default()));
    }

    fn text(&mut self, piece: &str) {
        if self.is_cut {
            return;
        }
        let piece = safe_line(piece).limit(self.left).to_string();
        let count = piece.chars().count();
        self.is_cut = count > self.left;
        self.left = self.left.saturating_sub(count);
        self.text.push_str(&piece);
    }
}

/// A piece of a body in which each printable ASCII character stands for itself if it may, so that [`safe_line`] finds the
/// queries of URLs.
fn plain(format: Format, piece: &str) -> Cow<'_, str> {
    match format {
        #[cfg(feature = "xml-core")]
        Format::Xml => crate::plumbing::xml::plain(piece),
        #[cfg(not(feature = "xml-core"))]
        Format::Xml => Cow::Borrowed(piece),
        _ => plain_json(piece),
    }
}

/// In JSON, `\/` and `\u003f` become `/` and `?`.
fn plain_json(json: &str) -> Cow<'_, str> {
    if !has(json, b'\\') {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let character = escape
            .strip_prefix('u')
            .and_then(|code| code.get(..4))
            .and_then(|code| u64::from_str_radix(code, 16).ok())
            .and_then(|code| u8::try_from(code).ok())
            .map(char::from);
        let length = match (character, escape.chars().next()) {
            (Some(character @ (' '..='!' | '#'..='[' | ']'..='~')), _) => {
                text.push(character);
                5
            }
            (_, Some('/')) => {
                text.push('/');
                1
            }
            (_, Some(other)) => {
                text.push('\\');
                text.push(other);
                other.len_utf8()
            }
            (_, None) => {
                text.push('\\');
                0
            }
        };
        rest = &escape[length..];
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// What is said of a body that is not shown: its length, and its type if that may be shown.
pub(super) fn described(length: Option<usize>, content_type: Option<&HeaderValue>) -> String {
    let content_type = match content_type {
        Some(value) => format!(
            " of {}",
            safe_name(&String::from_utf8_lossy(value.as_bytes()))
        ),
        None => String::new(),
    };
    match length {
        Some(0) => String::new(),
        Some(length) => format!("{length} bytes{content_type}, which are not shown"),
        None => format!("a stream{content_type}, which is not shown"),
    }
}
