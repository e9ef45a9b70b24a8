//! A pull reader of XML.
//!
//! This module reads the structure of a text: elements and what is between them. Nothing here has type parameters, so
//! it is compiled once for all clients.

use std::borrow::Cow;
use std::fmt;

use super::markup::{self, is_space, local, name_length, space_length};
use super::text::attribute_value;
use super::{DEPTH_LIMIT, Error, Result};
use crate::plumbing::budget::{Budget, VALUE_LIMIT};
#[cfg(feature = "tracing")]
use crate::plumbing::json::marks::Marks;

/// Reads one document, from left to right.
///
/// [`root`](Self::root) and [`child`](Self::child) enter an element. Then its content is read by one function: a text,
/// a list, or a loop over `child` until that returns `None`, which leaves the element. After an error, the position is
/// undefined: drop the reader.
///
/// ```
/// use attache_runtime::plumbing::xml::Reader;
///
/// let text = b"<GetCallerIdentityResult><Account>123</Account><Tags><member>a</member></Tags></GetCallerIdentityResult>";
/// let mut reader = Reader::new(text)?;
/// let (mut account, mut tags) = (String::new(), Vec::new());
/// assert_eq!(reader.root()?, "GetCallerIdentityResult");
/// while let Some(name) = reader.child()? {
///     match name {
///         "Account" => account = reader.string()?,
///         "Tags" => tags = reader.list(Reader::string)?,
///         _ => reader.skip()?,
///     }
/// }
/// reader.finish()?;
/// assert_eq!((account, tags), ("123".to_owned(), vec!["a".to_owned()]));
/// # Ok::<(), attache_runtime::plumbing::xml::Error>(())
/// ```
pub struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) position: usize,
    /// The names of the elements that are open.
    open: Vec<&'a str>,
    /// Whether the innermost of them has no end tag, and ends where it begins.
    is_empty: bool,
    /// What is in the last start tag behind the name.
    attributes: &'a str,
    /// Where the content of the element that was closed last ends.
    pub(super) content_end: usize,
    pub(super) budget: Budget,
    #[cfg(feature = "tracing")]
    pub(super) marks: Option<Box<Marks>>,
}

/// What begins with the next `<`.
pub(super) enum Next<'a> {
    StartTag,
    EndTag,
    /// A literal text, which has been consumed.
    Cdata(&'a str),
    /// A comment or an instruction, which has been consumed.
    Skipped,
}

impl<'a> Reader<'a> {
    /// A reader at the begin of `text`. The values use at most [`VALUE_LIMIT`](crate::plumbing::json::VALUE_LIMIT)
    /// bytes.
    ///
    /// # Errors
    /// When the text is not UTF-8.
    pub fn new(text: &'a [u8]) -> Result<Self> {
        Self::with_value_limit(text, VALUE_LIMIT)
    }

    /// The same, with another limit in bytes for the memory of all values together: elements of lists, entries of maps,
    /// texts and bytes. An allocator may use half as much again while a list grows.
    ///
    /// # Errors
    /// When the text is not UTF-8.
    pub fn with_value_limit(text: &'a [u8], bytes: u64) -> Result<Self> {
        match std::str::from_utf8(text) {
            Ok(valid) => Ok(Self {
                text: valid,
                position: if valid.starts_with('\u{feff}') { 3 } else { 0 },
                open: Vec::with_capacity(16),
                is_empty: false,
                attributes: "",
                content_end: 0,
                budget: Budget::new(bytes),
                #[cfg(feature = "tracing")]
                marks: None,
            }),
            Err(error) => Err(Error::new(text, error.valid_up_to(), &[], "expected UTF-8")),
        }
    }

    /// Enters the root element and returns the local part of its name.
    ///
    /// # Errors
    /// When there is none, or anything is before it that may not be there.
    pub fn root(&mut self) -> Result<&'a str> {
        loop {
            self.position += space_length(&self.text.as_bytes()[self.position..]);
            match self.next_markup()? {
                Next::StartTag => return self.start_tag(),
                Next::Skipped => {}
                Next::EndTag | Next::Cdata(_) => return Err(self.error("expected an element")),
            }
        }
    }

    /// Enters the next child of the innermost open element and returns the local part of its name. If there is none,
    /// the function leaves the element and returns `None`. Text between children is skipped.
    ///
    /// # Errors
    /// When the text is not well-formed, or elements nest too deep.
    pub fn child(&mut self) -> Result<Option<&'a str>> {
        if self.close_empty() {
            return Ok(None);
        }
        loop {
            self.skip_text();
            let start = self.position;
            match self.next_markup()? {
                Next::StartTag => return self.start_tag().map(Some),
                Next::EndTag => return self.end_tag().map(|()| None),
                Next::Cdata(_) => self.mark_unknown(start, self.position),
                Next::Skipped => {}
            }
        }
    }

    /// Reads the content of an element and discards it, because it belongs to an unknown member. The function does not
    /// recurse.
    ///
    /// # Errors
    /// When the text is not well-formed, or elements nest too deep.
    pub fn skip(&mut self) -> Result<()> {
        let is_marked = self.begin_unknown();
        self.skip_content()?;
        self.end_hidden(is_marked);
        Ok(())
    }

    pub(super) fn skip_content(&mut self) -> Result<()> {
        let inside = self.open.len();
        while self.open.len() >= inside {
            self.child()?;
        }
        Ok(())
    }

    /// Leaves all elements that are open, and makes sure that nothing follows the root.
    ///
    /// # Errors
    /// When anything else does, or the rest of the text is not well-formed.
    pub fn finish(&mut self) -> Result<()> {
        while !self.open.is_empty() {
            match self.child()? {
                Some(_) => self.skip()?,
                None => {}
            }
        }
        loop {
            self.position += space_length(&self.text.as_bytes()[self.position..]);
            if self.position == self.text.len() {
                return Ok(());
            }
            match self.next_markup()? {
                Next::Skipped => {}
                Next::StartTag | Next::EndTag | Next::Cdata(_) => {
                    return Err(self.error("expected the end of the input after the root element"));
                }
            }
        }
    }

    /// The value of an attribute of the element that was entered last, by the local part of its name.
    ///
    /// # Errors
    /// When the value has a reference that is not well-formed.
    pub fn attribute(&self, name: &str) -> Result<Option<Cow<'a, str>>> {
        let mut rest = self.attributes;
        while let markup::Next::Attribute(attribute, length) = markup::next(rest) {
            if local(attribute.name) == name && !is_namespace(attribute.name) {
                return match attribute_value(attribute.value) {
                    Some(value) => Ok(Some(value)),
                    None => Err(self.error("expected references of XML in an attribute")),
                };
            }
            rest = &rest[length..];
        }
        Ok(None)
    }

    /// An error about what is next, for conditions that only the caller can check.
    ///
    /// `message` should name what was expected, and no value.
    #[cold]
    pub fn error(&self, message: impl Into<Cow<'static, str>>) -> Error {
        self.error_at(self.position, message)
    }

    /// An error about an attribute whose value is not of the type of its member.
    #[cold]
    pub fn attribute_error(&self, name: &str) -> Error {
        self.error(format!("expected a value of another type in the attribute `{name}`"))
    }

    /// An error about a value in an element that was closed.
    #[cold]
    pub(super) fn error_within(
        &self,
        name: &'a str,
        offset: usize,
        message: impl Into<Cow<'static, str>>,
    ) -> Error {
        let open: Vec<&str> = self.open.iter().copied().chain([name]).collect();
        Error::new(self.text.as_bytes(), offset, &open, message)
    }

    #[cold]
    pub(super) fn error_at(&self, offset: usize, message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(self.text.as_bytes(), offset, &self.open, message)
    }
}

/// Whether an attribute declares a namespace.
pub(super) fn is_namespace(name: &str) -> bool {
    name == "xmlns" || name.starts_with("xmlns:")
}

/// Functions on single pieces of markup.
impl<'a> Reader<'a> {
    /// Whether the element has no text, which is not consumed.
    pub(super) fn has_no_text(&self) -> bool {
        let rest = &self.text.as_bytes()[self.position..];
        self.is_empty || rest[space_length(rest)..].starts_with(b"</")
    }

    /// Whether the element has children, none of which is consumed.
    pub(super) fn has_child(&mut self) -> Result<bool> {
        if self.is_empty {
            return Ok(false);
        }
        let start = self.position;
        let has_child = loop {
            self.skip_text();
            match self.next_markup()? {
                Next::StartTag => break true,
                Next::EndTag => break false,
                Next::Cdata(_) | Next::Skipped => {}
            }
        };
        self.position = start;
        Ok(has_child)
    }

    /// The name of the innermost open element.
    pub(super) fn innermost(&self) -> &'a str {
        self.open.last().copied().unwrap_or_default()
    }

    /// Whether the element that was entered last has no content at all.
    pub(super) fn is_empty(&self) -> bool {
        self.is_empty
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
    fn skip_text(&mut self) {
        let rest = &self.text.as_bytes()[self.position..];
        let length = rest.iter().position(|byte| *byte == b'<');
        let end = self.position + length.unwrap_or(rest.len());
        if self.is_recording() && !rest[..end - self.position].iter().all(|byte| is_space(*byte)) {
            self.mark_unknown(self.position, end);
        }
        self.position = end;
    }

    /// Finds out what is next, and consumes it unless it is a tag.
    pub(super) fn next_markup(&mut self) -> Result<Next<'a>> {
        let start = self.position;
        let rest = &self.text[start..];
        let bytes = rest.as_bytes();
        match (bytes.first(), bytes.get(1)) {
            (None, _) => Err(self.error(match self.open.is_empty() {
                true => "expected an element, found the end of the input",
                false => "expected the end tag of an element, found the end of the input",
            })),
            (Some(b'<'), Some(b'/')) => Ok(Next::EndTag),
            (Some(b'<'), Some(b'?')) => {
                self.skip_past("?>", start + 2, "an instruction")?;
                // The declaration has no data.
                if !rest.starts_with("<?xml ") {
                    self.mark_unknown(start, self.position);
                }
                Ok(Next::Skipped)
            }
            (Some(b'<'), Some(b'!')) => {
                if rest.starts_with("<!--") {
                    self.skip_past("-->", start + 4, "a comment")?;
                    self.mark_unknown(start, self.position);
                    Ok(Next::Skipped)
                } else if rest.starts_with("<![CDATA[") {
                    let end = self.skip_past("]]>", start + 9, "a CDATA section")?;
                    Ok(Next::Cdata(&self.text[start + 9..end]))
                } else {
                    Err(self.error("expected an element, found a document type declaration"))
                }
            }
            (Some(b'<'), _) => Ok(Next::StartTag),
            _ => Err(self.error("expected an element, found text")),
        }
    }

    /// Moves behind the next `end`, and returns where that begins.
    fn skip_past(&mut self, end: &str, from: usize, what: &str) -> Result<usize> {
        match self.text.get(from..).and_then(|rest| rest.find(end)) {
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

    fn start_tag(&mut self) -> Result<&'a str> {
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
        let close = bytes.get(end..).map_or(end, |rest| end + space_length(rest));
        if !is_same || bytes.get(close) != Some(&b'>') {
            return Err(self.error("expected the end tag of the innermost element"));
        }
        self.content_end = self.position;
        self.position = close + 1;
        self.open.pop();
        Ok(())
    }
}

/// Shows only the position, because the text may be confidential.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
