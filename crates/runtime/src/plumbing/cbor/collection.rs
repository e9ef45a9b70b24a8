//! Reads values that contain values: lists, maps, and members of unions. Documents are in [`readable`](super::readable).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Reader, Result};
use crate::document::Document;
use crate::plumbing::collection::read_collections;

read_collections!();

impl Reader<'_> {
    /// Reads the value of a member of a union that the model does not know: its name and its value, `None` for `null`.
    ///
    /// # Errors
    /// Those of [`document`](Self::document).
    pub fn unknown_member(&mut self, name: &str) -> Result<Option<(String, Document)>> {
        if self.null()? {
            return Ok(None);
        }
        let name = self.own(Cow::Borrowed(name))?;
        self.begin_unknown();
        let value = self.document()?;
        self.end_hidden();
        Ok(Some((name, value)))
    }
}
