//! A pull reader of XML.
//!
//! This module reads the structure of a text: elements and what is between them. Nothing here has type parameters, so
//! it is compiled once for all clients.

use std::borrow::Cow;
use std::fmt;

use super::markup::{self, Piece, is_namespace, local, space_length};
use super::reference::attribute_value;
use super::{Error, Result};
use crate::plumbing::budget::{Budget, VALUE_LIMIT};
#[cfg(feature = "tracing")]
use crate::plumbing::json::marks::Marks;
use crate::plumbing::read_error::NAME_LIMIT;

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
///         "Tags" => {
///             while reader.child()?.is_some() {
///                 tags.push(reader.string()?);
///             }
///         }
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
    pub(super) open: Vec<&'a str>,
    /// Whether the innermost of them has no end tag, and ends where it begins.
    pub(super) is_empty: bool,
    /// What is in the last start tag behind the name.
    pub(super) attributes: &'a str,
    /// Where the content of the element that was closed last ends.
    pub(super) content_end: usize,
    pub(super) budget: Budget,
    #[cfg(feature = "tracing")]
    pub(super) marks: Option<Box<Marks>>,
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
            Err(invalid) => Err(error_in(
                text,
                invalid.valid_up_to(),
                &[],
                "expected UTF-8".into(),
            )),
        }
    }

    /// Enters the root element and returns the local part of its name.
    ///
    /// # Errors
    /// When there is none, or anything is before it that may not be there.
    #[inline(never)]
    pub fn root(&mut self) -> Result<&'a str> {
        loop {
            self.position += space_length(&self.text.as_bytes()[self.position..]);
            match self.next_markup()? {
                Piece::StartTag => return self.start_tag(),
                Piece::Skipped => {}
                Piece::EndTag | Piece::Cdata(_) => return Err(self.error("expected an element")),
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
        if self.open.is_empty() {
            return self.document_child();
        }
        loop {
            self.skip_text();
            let start = self.position;
            match self.next_markup()? {
                Piece::StartTag => return self.start_tag().map(Some),
                Piece::EndTag => return self.end_tag().map(|()| None),
                Piece::Cdata(_) => self.mark_unknown(start, self.position),
                Piece::Skipped => {}
            }
        }
    }

    /// Outside of all elements, the only child is the root.
    fn document_child(&mut self) -> Result<Option<&'a str>> {
        match self.content_end {
            0 => self.root().map(Some),
            _ => Ok(None),
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
            if self.child()?.is_some() {
                self.skip()?;
            }
        }
        loop {
            self.position += space_length(&self.text.as_bytes()[self.position..]);
            if self.position == self.text.len() {
                return Ok(());
            }
            match self.next_markup()? {
                Piece::Skipped => {}
                Piece::StartTag | Piece::EndTag | Piece::Cdata(_) => {
                    return Err(self.error("expected the end of the input after the root element"));
                }
            }
        }
    }

    /// The value of an attribute of the element that was entered last, by the local part of its name.
    ///
    /// # Errors
    /// When the value has a reference that is not well-formed.
    #[inline]
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
    #[inline]
    pub fn attribute_error(&self, name: &str) -> Error {
        self.error(format!(
            "expected a value of another type in the attribute `{name}`"
        ))
    }

    /// An error about a value in an element that was closed.
    #[cfg(feature = "xml")]
    #[cold]
    pub(super) fn error_within(
        &self,
        name: &'a str,
        offset: usize,
        message: impl Into<Cow<'static, str>>,
    ) -> Error {
        let mut open = self.open.clone();
        open.push(name);
        error_in(self.text.as_bytes(), offset, &open, message.into())
    }

    #[cold]
    #[inline(never)]
    pub(super) fn error_at(&self, offset: usize, message: impl Into<Cow<'static, str>>) -> Error {
        error_in(self.text.as_bytes(), offset, &self.open, message.into())
    }
}

/// Shows only the position, because the text may be confidential.
impl fmt::Debug for Reader<'_> {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// `message` about byte `offset` of `text`, where the elements of these names are open.
#[cold]
fn error_in(text: &[u8], offset: usize, open: &[&str], message: Cow<'static, str>) -> Error {
    let before = &text[..offset.min(text.len())];
    let mut path = String::new();
    for name in open {
        path.push('/');
        match name.char_indices().nth(NAME_LIMIT) {
            Some((end, _)) => {
                path.push_str(&name[..end]);
                path.push('…');
            }
            None => path.push_str(name),
        }
    }
    Error::text("xml", before, offset, path, message)
}
