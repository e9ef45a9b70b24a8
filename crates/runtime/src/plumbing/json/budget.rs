//! How much memory the values of one text may take.
//!
//! A text may stand for values of a hundred times its size: `{},` is an element of a list whose type has hundreds of
//! bytes. So whatever the reader makes is counted before it is made: room in lists, nodes of maps, texts, bytes, boxes.
//! The count never goes down, so that it bounds the work as well, even where the same member comes again and again.
//!
//! Nothing here has type parameters: what a list or a map adds to each type that is read is one call.

use super::{Error, Reader, Result};

/// How much memory the values of a text may take in bytes, unless the caller says otherwise.
pub const VALUE_LIMIT: u64 = 256 * 1024 * 1024;

/// How many entries a node of a `BTreeMap` has room for.
const NODE_ENTRIES: usize = 11;
/// What a node of a `BTreeMap` takes beside its entries, the links of inner nodes included.
const NODE_OVERHEAD: usize = 32;

#[derive(Clone, Copy)]
pub(super) struct Budget {
    left: u64,
    limit: u64,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Self {
        Self { left: limit, limit }
    }
}

impl Reader<'_> {
    /// Counts bytes that are about to be allocated.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<()> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        match self.budget.left.checked_sub(bytes) {
            Some(left) => {
                self.budget.left = left;
                Ok(())
            }
            None => Err(self.exhausted()),
        }
    }

    /// Counts what the default values of a structure take beside the structure itself.
    ///
    /// # Errors
    /// When that is more than the value limit leaves.
    pub fn defaults(&mut self, bytes: usize) -> Result<()> {
        self.charge(bytes)
    }

    /// Counts one allocation: an allocator takes 32 bytes for the smallest.
    pub(super) fn charge_allocation(&mut self, bytes: usize) -> Result<()> {
        match bytes {
            0 => Ok(()),
            _ => self.charge(bytes.max(24).saturating_add(8)),
        }
    }

    /// Counts what a `Vec` of elements of `size` bytes takes more for the next element: nothing while it has room, and
    /// its size again where it must grow.
    pub(super) fn charge_element(
        &mut self,
        length: usize,
        capacity: usize,
        size: usize,
    ) -> Result<()> {
        if length < capacity {
            return Ok(());
        }
        let least = if size <= 1024 { 4 } else { 1 };
        self.charge_allocation(capacity.max(least).saturating_mul(size))
    }

    /// Counts what a `BTreeMap` takes for the next entry of `size` bytes, of which it has `length`: a node for the
    /// first, and two places for each that the first node has no room for, because nodes are half full at least.
    pub(super) fn charge_entry(&mut self, length: usize, size: usize) -> Result<()> {
        match length {
            0 => self.charge(NODE_ENTRIES * size + NODE_OVERHEAD),
            1..NODE_ENTRIES => Ok(()),
            _ => self.charge(2 * size + NODE_OVERHEAD),
        }
    }

    #[cold]
    fn exhausted(&self) -> Error {
        let limit = self.budget.limit;
        self.error(format!(
            "expected values that take at most {limit} bytes of memory (the value limit)"
        ))
    }
}
