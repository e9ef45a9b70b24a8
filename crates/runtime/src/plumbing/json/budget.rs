//! Limits the memory of the values of one text.
//!
//! The values of a text may be a hundred times larger than the text: `{},` can be an element of a list whose type has
//! hundreds of bytes. The reader therefore counts all memory before it allocates it: capacity of lists, nodes of maps,
//! texts, bytes, boxes. The count never decreases, so it limits the work as well, even if the same member is repeated.
//! The module `memory` computes what each kind of value uses.

/// How much memory in bytes the values of a text may use by default.
pub const VALUE_LIMIT: u64 = 256 * 1024 * 1024;

/// The limit, and how much of it is left.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    left: u64,
    limit: u64,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Self {
        Self { left: limit, limit }
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// Counts bytes that are about to be allocated; `false` where that is more than is left.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}
