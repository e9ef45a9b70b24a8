//! Reads values that contain values: lists, maps and documents.
//!
//! The methods that take a closure are compiled again for each type that a client reads. They are therefore only loops
//! around the methods of [`reader`](super::reader), which are compiled once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::head::{FALSE, Head, NULL, TRUE, UNDEFINED};
use super::{Reader, Result};
use crate::document::Document;

impl Reader<'_> {
    /// Reads `null`, or whatever `read` reads.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn nullable<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        if self.null()? {
            Ok(None)
        } else {
            read(self).map(Some)
        }
    }

    /// Reads `null`, or whatever `read` reads, for a boxed member.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn boxed<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<Option<Box<T>>> {
        if self.null()? {
            return Ok(None);
        }
        self.charge_allocation(size_of::<T>())?;
        read(self).map(|value| Some(Box::new(value)))
    }

    /// Reads the value of a member of a union that the model does not know: its name and its value, `None` for `null`.
    ///
    /// # Errors
    /// Those of [`document`](Self::document).
    pub fn unknown_member(&mut self, name: &str) -> Result<Option<(String, Document)>> {
        if self.null()? {
            return Ok(None);
        }
        let name = self.own(Cow::Borrowed(name))?;
        Ok(Some((name, self.document()?)))
    }

    /// Reads an array into a list. Elements that are `null` are left out: a Smithy list has none unless it is sparse
    /// (Smithy 2.0, "Type refinement traits", section "sparse trait").
    ///
    /// # Errors
    /// When the next value is no array, and those of `item`.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut list = Vec::new();
        let mut elements = self.array()?;
        while self.element(&mut elements)? {
            if !self.null()? {
                self.charge_element(list.len(), list.capacity(), size_of::<T>())?;
                list.push(item(self)?);
            }
        }
        Ok(list)
    }

    /// Reads an array into a list that may hold nulls.
    ///
    /// # Errors
    /// When the next value is no array, and those of `item`.
    pub fn sparse_list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<Option<T>>> {
        let mut list = Vec::new();
        let mut elements = self.array()?;
        while self.element(&mut elements)? {
            self.charge_element(list.len(), list.capacity(), size_of::<Option<T>>())?;
            list.push(if self.null()? {
                None
            } else {
                Some(item(self)?)
            });
        }
        Ok(list)
    }

    /// Reads a map. Of equal keys the last one counts; values that are `null` are left out.
    ///
    /// # Errors
    /// When the next value is no map, and those of `value`.
    pub fn map<K: From<String> + Ord, T>(
        &mut self,
        mut value: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<BTreeMap<K, T>> {
        let mut map = BTreeMap::new();
        let mut fields = self.object()?;
        while let Some(key) = self.key(&mut fields)? {
            let key = K::from(self.own(key)?);
            if self.null()? {
                map.remove(&key);
            } else {
                self.charge_entry(map.len(), size_of::<(K, T)>())?;
                map.insert(key, value(self)?);
            }
        }
        Ok(map)
    }

    /// Reads a map that may hold nulls. Of equal keys the last one counts.
    ///
    /// # Errors
    /// When the next value is no map, and those of `value`.
    pub fn sparse_map<K: From<String> + Ord, T>(
        &mut self,
        mut value: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<BTreeMap<K, Option<T>>> {
        let mut map = BTreeMap::new();
        let mut fields = self.object()?;
        while let Some(key) = self.key(&mut fields)? {
            let key = K::from(self.own(key)?);
            self.charge_entry(map.len(), size_of::<(K, Option<T>)>())?;
            let entry = if self.null()? {
                None
            } else {
                Some(value(self)?)
            };
            map.insert(key, entry);
        }
        Ok(map)
    }

    /// Reads any value whose kinds a document has; bytes become a base64 text. Of equal keys in a map the last one counts.
    ///
    /// # Errors
    /// When the text is no valid CBOR, nests too deep, has a key that is no string, or a number beyond the range of `f64`.
    pub fn document(&mut self) -> Result<Document> {
        let start = self.position;
        let (tag, head) = self.tagged()?;
        Ok(match head {
            Head::Simple(NULL | UNDEFINED) => Document::Null,
            Head::Simple(FALSE) => Document::Bool(false),
            Head::Simple(TRUE) => Document::Bool(true),
            Head::Text(length) => {
                let text = self.text_of(start, length)?;
                Document::String(self.own(text)?)
            }
            Head::Array(_) if tag != Some(super::number::DECIMAL_FRACTION) => {
                self.position = start;
                let mut list = Vec::new();
                let mut elements = self.array()?;
                while self.element(&mut elements)? {
                    self.charge_element(list.len(), list.capacity(), size_of::<Document>())?;
                    list.push(self.document()?);
                }
                Document::Array(list)
            }
            Head::Map(_) => {
                self.position = start;
                let mut map = BTreeMap::new();
                let mut fields = self.object()?;
                while let Some(key) = self.key(&mut fields)? {
                    let key = self.own(key)?;
                    self.charge_entry(map.len(), size_of::<(String, Document)>())?;
                    map.insert(key, self.document()?);
                }
                Document::Object(map)
            }
            Head::Bytes(length) if !super::number::is_bignum(tag) => {
                let bytes = self.byte_string(start, head, length)?;
                self.charge_allocation(base64_simd::STANDARD.encoded_length(bytes.len()))?;
                Document::String(base64_simd::STANDARD.encode_to_string(&bytes))
            }
            _ => Document::Number(self.document_number(start, tag, head)?),
        })
    }
}
