//! The body of a message without what must not be shown.

use std::borrow::Cow;
#[cfg(feature = "form")]
use std::ops::Range;

use http::HeaderValue;

use super::REDACTED;
use crate::plumbing::json::marks::{Marks, Reason};
use crate::plumbing::message::unreadable::Format;
use crate::plumbing::safe_line::{safe_line, safe_name};

const UNKNOWN: &str = "** not in the model **";

/// A body up to `end`, without the parts that are marked, cut after `limit` characters.
pub(super) fn read(
    bytes: &[u8],
    format: Format,
    (marks, end): (&Marks, usize),
    limit: usize,
) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return format!("{} bytes that are not shown", bytes.len());
    };
    let mut line = Line {
        text: String::new(),
        left: limit,
        is_cut: false,
    };
    let mut at = 0;
    for (range, reason) in marks.parts() {
        if range.start >= end {
            break;
        }
        line.text(&plain(
            format,
            text.get(at..range.start).unwrap_or_default(),
        ));
        let hidden = match reason {
            Reason::Sensitive => REDACTED,
            Reason::Unknown => UNKNOWN,
        };
        match format {
            Format::Json => line.text(&format!("\"{hidden}\"")),
            Format::Xml => line.text(hidden),
        }
        at = range.end.min(end);
    }
    line.text(&plain(format, text.get(at..end).unwrap_or_default()));
    let note = match (line.is_cut, bytes.len().saturating_sub(end)) {
        (true, _) => format!(" … of {} bytes", bytes.len()),
        (_, 0) => String::new(),
        (_, rest) => format!(" … {rest} bytes that do not match the model"),
    };
    line.text + &note
}

/// A form without the values of these ranges, cut after `limit` characters. It stays encoded, so that it is one line and
/// pairs stay apart.
#[cfg(feature = "form")]
pub(super) fn form(bytes: &[u8], sensitive: &[Range<usize>], limit: usize) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return format!("{} bytes that are not shown", bytes.len());
    };
    let mut line = Line {
        text: String::new(),
        left: limit,
        is_cut: false,
    };
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
        Format::Json => plain_json(piece),
        #[cfg(feature = "xml")]
        Format::Xml => crate::plumbing::xml::plain(piece),
        #[cfg(not(feature = "xml"))]
        Format::Xml => Cow::Borrowed(piece),
    }
}

/// In JSON, `\/` and `\u003f` become `/` and `?`.
fn plain_json(json: &str) -> Cow<'_, str> {
    if !json.contains('\\') {
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
            .and_then(|code| u8::from_str_radix(code, 16).ok())
            .map(char::from)
            .filter(|character| matches!(character, ' '..='~') && !matches!(character, '"' | '\\'));
        let length = match (character, escape.chars().next()) {
            (Some(character), _) => {
                text.push(character);
                5
            }
            (None, Some('/')) => {
                text.push('/');
                1
            }
            (None, Some(other)) => {
                text.extend(['\\', other]);
                other.len_utf8()
            }
            (None, None) => {
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
