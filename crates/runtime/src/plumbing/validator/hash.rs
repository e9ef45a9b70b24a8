//! Hashes of documents, for lists whose elements must be unique.
//!
//! A document holds floats, which have no `Hash`. Equal documents have equal hashes, which is all that is needed.

use std::hash::{Hash, Hasher};

use crate::Document;
use crate::document::Number;

/// Feeds a document to a hasher, so that equal documents have equal hashes.
pub fn hash_document(document: &Document, state: &mut impl Hasher) {
    match document {
        Document::Null => 0_u8.hash(state),
        Document::Bool(value) => value.hash(state),
        Document::Number(Number::PosInt(value)) => value.hash(state),
        Document::Number(Number::NegInt(value)) => value.hash(state),
        // Zero and minus zero are equal.
        Document::Number(Number::Float(value)) => (value + 0.0).to_bits().hash(state),
        Document::String(value) => value.hash(state),
        Document::Array(values) => {
            values.len().hash(state);
            for value in values {
                hash_document(value, state);
            }
        }
        Document::Object(values) => {
            values.len().hash(state);
            for (key, value) in values {
                key.hash(state);
                hash_document(value, state);
            }
        }
    }
}
