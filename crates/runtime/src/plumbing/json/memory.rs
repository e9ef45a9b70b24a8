//! What the values that the reader makes take of its budget.
//!
//! Nothing here has type parameters: what a list or a map adds to each type that is read is one call.

use super::{Error, Reader, Result};

/// How many entries a node of a `BTreeMap` has room for.
const NODE_ENTRIES: usize = 11;
/// What a node of a `BTreeMap` takes beside its entries, the links of inner nodes included.
const NODE_OVERHEAD: usize = 32;

impl Reader<'_> {
    /// Counts bytes that are about to be allocated.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<()> {
        match self.budget.take(bytes) {
            true => Ok(()),
            false => Err(self.exhausted()),
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
        let limit = self.budget.limit();
        self.error(format!(
            "expected values that take at most {limit} bytes of memory (the value limit)"
        ))
    }
}
