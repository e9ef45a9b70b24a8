//! Limits of the size of a lowered model.
//!
//! Each operation has a request, a response and a list of errors of its own, so that a small model in which operations
//! share them can become a large crate: 10,000 operations with one input of 10,000 members are 2 MB of JSON and would be
//! 100 million fields. The limits are far beyond any service that is published.

use serde_json::Value;

use crate::error::{Error, Result};

/// The most fields of all types, and errors of all operations, together.
const FIELDS: usize = 100_000;

/// How deep lists and objects of a value may nest that becomes code: each is an expression in another one.
const DOCUMENT_DEPTH: usize = 8;

/// How deep lists and maps may nest without a structure or a union between them.
pub(super) const COLLECTION_DEPTH: usize = 16;

/// What is left.
#[derive(Debug)]
pub(super) struct Budget {
    fields: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { fields: FIELDS }
    }
}

impl Budget {
    /// Takes some fields.
    ///
    /// # Errors
    /// There are not so many left.
    pub(super) fn take(&mut self, fields: usize) -> Result<()> {
        match self.fields.checked_sub(fields) {
            Some(left) => {
                self.fields = left;
                Ok(())
            }
            None => Err(Error::new(format!(
                "the model would become more than {FIELDS} fields and errors of operations: select some operations"
            ))),
        }
    }
}

/// Checks a value that becomes code.
///
/// # Errors
/// It nests too deep.
pub(super) fn validate_document(value: &Value) -> Result<()> {
    if depth(value) <= DOCUMENT_DEPTH {
        return Ok(());
    }
    Err(Error::new(format!(
        "the value nests more than {DOCUMENT_DEPTH} lists and objects deep"
    )))
}

/// What was read from JSON nests 128 deep at most.
fn depth(value: &Value) -> usize {
    let below: Option<usize> = match value {
        Value::Array(values) => values.iter().map(depth).max(),
        Value::Object(values) => values.values().map(depth).max(),
        _ => return 0,
    };
    1 + below.unwrap_or(0)
}
