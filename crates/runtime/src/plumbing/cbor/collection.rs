//! Reads values that contain values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::head::{FALSE, Head, NULL, TRUE, UNDEFINED};
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
        Ok(Some((name, self.document()?)))
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
                self.document_array()?
            }
            Head::Map(_) => {
                self.position = start;
                self.document_object()?
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
