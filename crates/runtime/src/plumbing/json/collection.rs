//! Reads values that contain values, values that may be `null`, and values that must not be shown.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Kind, Reader, Result};
use crate::document::Document;
use crate::plumbing::collection::read_collections;

read_collections!();

impl Reader<'_> {
    /// Whether the next value is `null`, which is not consumed.
    #[inline]
    pub fn is_null(&mut self) -> bool {
        self.peek() == Some(b'n')
    }

    /// Reads `null` and returns `true`, or reads nothing and returns `false`.
    ///
    /// # Errors
    /// When the next value begins like `null` but is not `null`.
    #[inline]
    pub fn null(&mut self) -> Result<bool> {
        if self.is_null() {
            self.literal("null").map(|()| true)
        } else {
            Ok(false)
        }
    }

    /// Reads the value of a member of a union that the model does not know: its name and its value, `None` for `null`.
    ///
    /// # Errors
    /// Those of [`document`](Self::document).
    #[inline]
    pub fn unknown_member(&mut self, name: &str) -> Result<Option<(String, Document)>> {
        if self.null()? {
            return Ok(None);
        }
        self.note_unknown();
        let name = self.own(Cow::Borrowed(name))?;
        self.begin_unknown();
        let value = self.document()?;
        self.end_hidden();
        Ok(Some((name, value)))
    }

    /// Reads any value. Of equal keys in an object the last one counts.
    ///
    /// # Errors
    /// When the text is no valid JSON, nests too deep, or has a number beyond the range of `f64`.
    #[inline]
    pub fn document(&mut self) -> Result<Document> {
        Ok(match self.peek_kind()? {
            Kind::Null => self.literal("null").map(|()| Document::Null)?,
            Kind::Boolean => Document::Bool(self.boolean()?),
            Kind::Number => Document::Number(self.any_number()?),
            Kind::String => Document::String(self.string()?),
            Kind::Array => self.document_array()?,
            Kind::Object => self.document_object()?,
        })
    }

    /// Reads an array into a document.
    #[inline]
    fn document_array(&mut self) -> Result<Document> {
        let mut list = Vec::new();
        let mut elements = self.array()?;
        while self.element(&mut elements)? {
            self.charge_element(list.len(), list.capacity(), size_of::<Document>())?;
            list.push(self.document()?);
        }
        Ok(Document::Array(list))
    }

    /// Reads an object into a document.
    #[inline]
    fn document_object(&mut self) -> Result<Document> {
        let mut map = BTreeMap::new();
        let mut fields = self.object()?;
        while let Some(key) = self.key(&mut fields)? {
            let key = self.own(key)?;
            self.charge_entry(map.len(), size_of::<(String, Document)>())?;
            map.insert(key, self.document()?);
        }
        Ok(Document::Object(map))
    }
}

#[cfg(feature = "credential-chain")]
impl<'a> Reader<'a> {
    /// Reads any value as the text that it is.
    ///
    /// # Errors
    /// As [`skip`](Self::skip).
    #[inline(never)]
    pub(crate) fn raw(&mut self) -> Result<&'a str> {
        self.peek();
        let start = self.position;
        self.skip()?;
        Ok(&self.text[start..self.position])
    }
}
