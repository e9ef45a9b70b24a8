//! XML as it is in a file: without secrets, and with a line for each element.

use std::ops::Range;

use super::hidden::Known;
use super::redaction::Cleaner;
use crate::plumbing::json::marks::Reason;
use crate::plumbing::xml::Reader;

/// Elements with the id of a request, and with the code and the message of an error: they are kept although no model has
/// them.
pub(super) const REQUEST_IDS: [&str; 3] = ["RequestId", "RequestID", "requestId"];
pub(super) const OF_ERRORS: [&str; 5] = ["Code", "Type", "RequestId", "RequestID", "requestId"];
pub(super) const OF_UNKNOWN_ERRORS: [&str; 7] = [
    "Code",
    "Type",
    "RequestId",
    "RequestID",
    "requestId",
    "Message",
    "message",
];
/// The elements around an error.
const ERRORS: [&str; 4] = ["ErrorResponse", "Response", "Errors", "Error"];

/// What a document without secrets is for, which decides what replaces a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A response is read again: a value of another type would be an error.
    Reading,
    /// A request is only compared: each hidden value is a text.
    #[cfg(feature = "xml-write")]
    Comparison,
}

/// A piece of a document.
enum Piece<'a> {
    /// A start tag: the name, and all of it.
    Start(&'a str, &'a str),
    /// The tag of an element without content.
    Empty(&'a str, &'a str),
    /// An end tag: the name.
    End(&'a str),
    /// What is between two tags: text, literal text, comments.
    Between(&'a str),
}

/// The pieces of a well-formed document, each with its place.
struct Pieces<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = (Range<usize>, Piece<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        if !is_tag(rest) {
            let length = between(rest);
            self.at += length;
            return Some((start..self.at, Piece::Between(&rest[..length])));
        }
        let length = tag_length(rest);
        self.at += length;
        let tag = &rest[..length];
        let inner = tag.trim_matches(['<', '>']);
        let piece = if let Some(name) = inner.strip_prefix('/') {
            Piece::End(name.trim())
        } else {
            let name = inner.split([' ', '\t', '\r', '\n', '/']).next();
            match inner.ends_with('/') {
                true => Piece::Empty(name.unwrap_or_default(), tag),
                false => Piece::Start(name.unwrap_or_default(), tag),
            }
        };
        Some((start..self.at, piece))
    }
}

fn is_tag(text: &str) -> bool {
    text.starts_with('<') && !text.starts_with("<!") && !text.starts_with("<?")
}

/// The length of a tag. A value of an attribute may have `>`.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// The length of what is before the next tag.
fn between(text: &str) -> usize {
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        let rest = &text[at + found..];
        if is_tag(rest) {
            return at + found;
        }
        let end = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
            .into_iter()
            .find(|(begin, _)| rest.starts_with(begin))
            .and_then(|(_, end)| Some(rest.find(end)? + end.len()));
        match end {
            Some(end) => at += found + end,
            None => return text.len(),
        }
    }
    text.len()
}

/// A document without what is in these parts, with a line for each element. Of the parts that the model does not know, the
/// texts of the elements with the kept names stay. `None` for what is not well-formed.
pub(super) fn without(
    text: &str,
    parts: &[(Range<usize>, Reason)],
    kept: &[&str],
    cleaner: Cleaner<'_>,
    purpose: Purpose,
) -> Option<String> {
    let mut shown = Shown::default();
    let mut open: Vec<(&str, bool)> = Vec::new();
    for (place, piece) in (Pieces { text, at: 0 }) {
        let index = parts.partition_point(|(part, _)| part.end <= place.start);
        let part = parts
            .get(index)
            .filter(|(part, _)| part.start <= place.start && place.start < part.end);
        let is_hidden = part.is_some() || open.last().is_some_and(|(_, hides)| *hides);
        match piece {
            Piece::Start(name, tag) => {
                let hides = open.last().is_some_and(|(_, hides)| *hides)
                    || cleaner.redaction.hidden.contains(local(name));
                open.push((name, hides));
                match is_hidden || has_hidden_attributes(parts, &place) {
                    true => shown.start(&format!("<{name}>")),
                    false => shown.start(&cleaner.text(tag)),
                }
            }
            Piece::Empty(name, tag) => match is_hidden || has_hidden_attributes(parts, &place) {
                true => shown.whole(&format!("<{name}/>")),
                false => shown.whole(&cleaner.text(tag)),
            },
            Piece::End(name) => {
                open.pop()?;
                shown.end(name);
            }
            Piece::Between(raw) => {
                let (name, hides) = open.last().copied().unwrap_or_default();
                let is_unknown = part.is_some_and(|(_, reason)| *reason == Reason::Unknown);
                let value = content(raw)?;
                let is_kept = is_unknown && !hides && kept.contains(&local(name));
                shown.text(&match (is_hidden && !is_kept, value.trim()) {
                    (false, _) => cleaner.text(&value),
                    (true, "") => value,
                    (true, value) if purpose == Purpose::Reading => hidden(value, cleaner),
                    (true, value) => cleaner.hide_text(value),
                });
            }
        }
    }
    open.is_empty().then_some(shown.text)
}

/// Whether the attributes of a tag are marked.
fn has_hidden_attributes(parts: &[(Range<usize>, Reason)], tag: &Range<usize>) -> bool {
    let index = parts.partition_point(|(part, _)| part.end <= tag.start);
    parts
        .get(index)
        .is_some_and(|(part, _)| part.start < tag.end && part.end <= tag.end)
}

/// A value of the same form: any may be a text or bytes, but not each one is a number, a boolean or a time. Bytes have
/// four characters of base64, or eight, or twelve.
fn hidden(value: &str, cleaner: Cleaner<'_>) -> String {
    match value {
        "true" | "false" => "true".to_owned(),
        number if number.parse::<f64>().is_ok() => match number.len() % 4 {
            0 => "0000".to_owned(),
            _ => "0".to_owned(),
        },
        text if crate::Timestamp::parse_any(text).is_ok() => {
            crate::Timestamp::UNIX_EPOCH.to_string()
        }
        text => cleaner.hide_text(text),
    }
}

/// A document with the texts that are known.
pub(super) fn put_back(text: &str, known: &Known) -> String {
    let mut result = String::with_capacity(text.len());
    for (place, piece) in (Pieces { text, at: 0 }) {
        match piece {
            Piece::Between(raw) => match known.get(raw) {
                Some(text) => push_escaped(text, &mut result),
                None => result.push_str(raw),
            },
            _ => result.push_str(&text[place]),
        }
    }
    result
}

/// Whether a document is an error as services of AWS send it.
pub(super) fn is_error(text: &str) -> bool {
    let root = Reader::new(text.as_bytes()).and_then(|mut reader| {
        let root = reader.root()?;
        reader.finish()?;
        Ok(root)
    });
    root.is_ok_and(|root| ERRORS.contains(&root))
}

/// The text that is written between two tags; `None` for what is no text.
fn content(raw: &str) -> Option<String> {
    if !raw.contains(['&', '<', '\r']) {
        return Some(raw.to_owned());
    }
    let element = format!("<text>{raw}</text>");
    let mut reader = Reader::new(element.as_bytes()).ok()?;
    reader.root().ok()?;
    reader.string().ok()
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn push_escaped(text: &str, result: &mut String) {
    for character in text.chars() {
        match character {
            '&' => result.push_str("&amp;"),
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '\r' => result.push_str("&#13;"),
            other => result.push(other),
        }
    }
}

/// A document that is written with a line for each element.
#[derive(Default)]
struct Shown {
    text: String,
    depth: usize,
    /// White space since the last tag, which is kept between a start tag and an end tag only.
    space: String,
    is_after_start: bool,
    has_text: bool,
}

impl Shown {
    fn start(&mut self, tag: &str) {
        self.line();
        self.text.push_str(tag);
        self.depth += 1;
        self.is_after_start = true;
    }

    fn whole(&mut self, tag: &str) {
        self.line();
        self.text.push_str(tag);
        self.is_after_start = false;
    }

    fn end(&mut self, name: &str) {
        self.depth = self.depth.saturating_sub(1);
        match self.is_after_start || self.has_text {
            true => {
                let space = std::mem::take(&mut self.space);
                self.text.push_str(&space);
                self.has_text = false;
            }
            false => self.line(),
        }
        self.text.push_str(&format!("</{name}>"));
        self.is_after_start = false;
    }

    fn text(&mut self, value: &str) {
        if value.trim().is_empty() {
            self.space.push_str(value);
            return;
        }
        push_escaped(value, &mut self.text);
        self.has_text = true;
    }

    /// Begins a line for a tag.
    fn line(&mut self) {
        self.space.clear();
        self.has_text = false;
        if !self.text.is_empty() {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("  ", self.depth));
        }
    }
}
