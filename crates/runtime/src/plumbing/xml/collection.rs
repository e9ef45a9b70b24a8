//! Reads values that contain values: lists, maps, boxes, and members that the model does not know.
//!
//! The methods that take a closure are compiled again for each type that a client reads. They are therefore only loops
//! around the methods of [`reader`](super::reader), which are compiled once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Reader, Result};
use crate::document::Document;

impl Reader<'_> {
    /// Reads a boxed member.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn boxed<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<Box<T>> {
        self.charge_allocation(size_of::<T>())?;
        read(self).map(Box::new)
    }

    /// Reads a value that must not be shown (`smithy.api#sensitive`).
    ///
    /// # Errors
    /// Those of `read`.
    pub fn sensitive<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let is_marked = self.begin_sensitive();
        let value = read(self)?;
        self.end_hidden(is_marked);
        Ok(value)
    }

    /// Reads the element, and goes back to where its content begins: another member has the same name and reads it, too.
    ///
    /// The bytes of the content count as memory of values. This bounds the work where such members are nested.
    ///
    /// # Errors
    /// Those of `read`, and a content that uses the rest of the memory.
    pub fn again(&mut self, read: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let (position, attributes, is_empty) = (self.position, self.attributes, self.is_empty);
        let element = self.open.last().copied();
        read(self)?;
        self.charge_allocation(self.position - position)?;
        self.open.extend(element);
        (self.position, self.attributes, self.is_empty) = (position, attributes, is_empty);
        Ok(())
    }

    /// Reads the children of the element into a list, whatever their names are: services and models sometimes disagree
    /// about them.
    ///
    /// # Errors
    /// Those of `item`.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut list = Vec::new();
        while self.child()?.is_some() {
            self.push(&mut list, &mut item)?;
        }
        Ok(list)
    }

    /// Reads the element into a list whose elements have no element around them (`smithy.api#xmlFlattened`).
    ///
    /// # Errors
    /// Those of `item`.
    pub fn push<T>(
        &mut self,
        list: &mut Vec<T>,
        item: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<()> {
        self.charge_element(list.len(), list.capacity(), size_of::<T>())?;
        list.push(item(self)?);
        Ok(())
    }

    /// Reads the children of the element into a map: `key` and `value` are the names of the elements in each of them. Of
    /// equal keys the last one counts.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn map<K: From<String> + Ord, T>(
        &mut self,
        key: &str,
        value: &str,
        mut read: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<BTreeMap<K, T>> {
        let mut map = BTreeMap::new();
        while self.child()?.is_some() {
            self.insert(&mut map, key, value, &mut read)?;
        }
        Ok(map)
    }

    /// Reads the element as an entry of a map whose entries have no element around them (`smithy.api#xmlFlattened`). An
    /// entry that lacks its key or its value is left out.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn insert<K: From<String> + Ord, T>(
        &mut self,
        map: &mut BTreeMap<K, T>,
        key: &str,
        value: &str,
        mut read: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<()> {
        let mut entry = (None, None);
        while let Some(name) = self.child()? {
            if name == key {
                entry.0 = Some(K::from(self.string()?));
            } else if name == value {
                entry.1 = Some(read(self)?);
            } else {
                self.skip()?;
            }
        }
        if let (Some(key), Some(value)) = entry {
            self.charge_entry(map.len(), size_of::<(K, T)>())?;
            map.insert(key, value);
        }
        Ok(())
    }

    /// Reads the value of a member of a union that the model does not know: its name and its value.
    ///
    /// # Errors
    /// When the text is not well-formed, or nests too deep.
    pub fn unknown_member(&mut self, name: &str) -> Result<(String, Document)> {
        let name = self.own(Cow::Borrowed(name))?;
        let is_marked = self.begin_unknown();
        let value = self.document()?;
        self.end_hidden(is_marked);
        Ok((name, value))
    }

    /// Reads any element: a text, or an object of its children. Of children of one name the last one counts, because
    /// nothing says which of them are lists.
    ///
    /// # Errors
    /// When the text is not well-formed, or nests too deep.
    pub fn document(&mut self) -> Result<Document> {
        if !self.has_child()? {
            return self.string().map(Document::String);
        }
        let mut map = BTreeMap::new();
        while let Some(name) = self.child()? {
            let name = self.own(Cow::Borrowed(name))?;
            self.charge_entry(map.len(), size_of::<(String, Document)>())?;
            map.insert(name, self.document()?);
        }
        Ok(Document::Object(map))
    }
}
