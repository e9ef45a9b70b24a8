//! How much a model may become.
//!
//! Each operation has a request, a response and a list of errors of its own, so that a small model in which operations
//! share them can become a large crate: 10,000 operations with one input of 10,000 members are 2 MB of JSON and would be
//! 100 million fields. The limits are far beyond any service that is published.

use crate::error::{Error, Result};

/// The most fields of all types, and errors of all operations, together.
const FIELDS: usize = 500_000;

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
