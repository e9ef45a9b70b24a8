//! Reads single pieces of markup: tags, and what is between them.

use super::markup::{self, Piece, is_namespace, local, name_length, space_length};
use super::{DEPTH_LIMIT, Reader, Result};
use crate::texts::{find, prefix};

impl<'a> Reader<'a> {
    /// Whether the element has no text, which is not consumed.
    #[cfg(feature = "xml")]
    pub(super) fn has_no_text(&self) -> bool {
        let rest = &self.text.as_bytes()[self.position..];
        self.is_empty || rest[space_length(rest)..].starts_with(b"</")
    }

    /// Whether the element has children, none of which is consumed.
    #[cfg(feature = "xml")]
    pub(super) fn has_child(&mut self) -> Result<bool> {
        if self.is_empty {
            return Ok(false);
        }
        let start = self.position;
        let has_child = loop {
            self.skip_text();
            match self.next_markup()? {
                Piece::StartTag => break true,
                Piece::EndTag => break false,
                Piece::Cdata(_) | Piece::Skipped => {}
            }
        };
        self.position = start;
        Ok(has_child)
    }

    /// The name of the innermost open element.
    pub(super) fn innermost(&self) -> &'a str {
        self.open.last().copied().unwrap_or_default()
    }

    /// Leaves an element that has no end tag.
    pub(super) fn close_empty(&mut self) -> bool {
        if self.is_empty {
            self.is_empty = false;
            self.content_end = self.position;
            self.open.pop();
            return true;
        }
        false
    }

    /// Skips text up to the next `<`.
    pub(super) fn skip_text(&mut self) {
        let rest = &self.text.as_bytes()[self.position..];
        let length = prefix(rest, |byte| byte != b'<');
        let end = self.position + length;
        if self.is_recording() && space_length(rest) < length {
            self.mark_unknown(self.position, end);
        }
        self.position = end;
    }

    /// Finds out what is next, and consumes it unless it is a tag.
    pub(super) fn next_markup(&mut self) -> Result<Piece<'a>> {
        let start = self.position;
        let rest = &self.text[start..];
        let bytes = rest.as_bytes();
        match (bytes.first(), bytes.get(1)) {
            (None, _) => Err(self.error(match self.open.is_empty() {
                true => "expected an element, found the end of the input",
                false => "expected the end tag of an element, found the end of the input",
            })),
            (Some(b'<'), Some(b'/')) => Ok(Piece::EndTag),
            (Some(b'<'), Some(b'?')) => {
                self.skip_past("?>", start + 2, "an instruction")?;
                // The declaration has no data.
                if !rest.starts_with("<?xml ") {
                    self.mark_unknown(start, self.position);
                }
                Ok(Piece::Skipped)
            }
            (Some(b'<'), Some(b'!')) => {
                if rest.starts_with("<!--") {
                    self.skip_past("-->", start + 4, "a comment")?;
                    self.mark_unknown(start, self.position);
                    Ok(Piece::Skipped)
                } else if rest.starts_with("<![CDATA[") {
                    let end = self.skip_past("]]>", start + 9, "a CDATA section")?;
                    Ok(Piece::Cdata(&self.text[start + 9..end]))
                } else {
                    Err(self.error("expected an element, found a document type declaration"))
                }
            }
            (Some(b'<'), _) => Ok(Piece::StartTag),
            _ => Err(self.error("expected an element, found text")),
        }
    }

    /// Moves behind the next `end`, and returns where that begins.
    fn skip_past(&mut self, end: &str, from: usize, what: &str) -> Result<usize> {
        match self.text.get(from..).and_then(|rest| find(rest, end)) {
            Some(length) => {
                self.position = from + length + end.len();
                Ok(from + length)
            }
            None => Err(self.error_at(
                self.text.len(),
                format!("expected the end of {what}, found the end of the input"),
            )),
        }
    }

    pub(super) fn start_tag(&mut self) -> Result<&'a str> {
        let start = self.position + 1;
        let end = start + name_length(&self.text.as_bytes()[start..]);
        let name = &self.text[start..end];
        if name.is_empty() {
            return Err(self.error_at(start, "expected the name of an element after `<`"));
        }
        if self.open.len() == DEPTH_LIMIT {
            return Err(self.error(format!(
                "expected elements to nest at most {DEPTH_LIMIT} deep"
            )));
        }
        self.position = end;
        if self.text.as_bytes().get(end) == Some(&b'>') {
            self.position += 1;
            self.attributes = "";
        } else {
            self.read_attributes()?;
        }
        self.open.push(name);
        Ok(local(name))
    }

    fn read_attributes(&mut self) -> Result<()> {
        let start = self.position;
        let mut is_shown = true;
        loop {
            match markup::next(&self.text[self.position..]) {
                markup::Next::Attribute(attribute, length) => {
                    is_shown &= is_namespace(attribute.name);
                    self.position += length;
                }
                markup::Next::End(length, is_empty) => {
                    self.attributes = &self.text[start..self.position];
                    if !is_shown {
                        self.mark_unknown(start, self.position);
                    }
                    self.position += length;
                    self.is_empty = is_empty;
                    return Ok(());
                }
                markup::Next::Wrong(at, message) => {
                    return Err(self.error_at(self.position + at, message));
                }
            }
        }
    }

    /// Consumes the end tag that is next.
    pub(super) fn end_tag(&mut self) -> Result<()> {
        let name = self.innermost();
        let bytes = self.text.as_bytes();
        let end = self.position + 2 + name.len();
        let is_same = bytes[self.position + 2..].starts_with(name.as_bytes());
        let close = bytes
            .get(end..)
            .map_or(end, |rest| end + space_length(rest));
        if !is_same || bytes.get(close) != Some(&b'>') {
            return Err(self.error("expected the end tag of the innermost element"));
        }
        self.content_end = self.position;
        self.position = close + 1;
        self.open.pop();
        Ok(())
    }
}
