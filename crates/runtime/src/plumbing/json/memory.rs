//! Counts the memory of the values that the reader returns, by kind of value.
//!
//! Nothing here has type parameters, so a list or a map adds only one call to each type that is read.

use super::{Error, Reader, Result};

/// How many entries a node of a `BTreeMap` can hold.
const NODE_ENTRIES: usize = 11;
/// The memory of a node of a `BTreeMap` without its entries, including the links of inner nodes.
const NODE_OVERHEAD: usize = 32;

impl Reader<'_> {
    /// Counts bytes that are about to be allocated.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<()> {
        match self.budget.take(bytes) {
            true => Ok(()),
            false => Err(self.exhausted()),
        }
    }

    /// Counts the memory of the default values of a structure, without the structure itself.
    ///
    /// # Errors
    /// When that exceeds the value limit.
    pub fn defaults(&mut self, bytes: usize) -> Result<()> {
        self.charge(bytes)
    }

    /// Counts one allocation; the smallest one uses 32 bytes.
    pub(super) fn charge_allocation(&mut self, bytes: usize) -> Result<()> {
        match bytes {
            0 => Ok(()),
            _ => self.charge(bytes.max(24).saturating_add(8)),
        }
    }

    /// Counts the growth of a `Vec` of elements of `size` bytes for the next element: nothing while there is capacity,
    /// and its size again when it must grow.
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

    /// Counts the growth of a `BTreeMap` with `length` entries for the next entry of `size` bytes: a node for the first
    /// one, and two places for each entry beyond the first node, because nodes are at least half full.
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
            "expected values that use at most {limit} bytes of memory (the value limit)"
        ))
    }
}
