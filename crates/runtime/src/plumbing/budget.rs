//! Limits the memory of the values of one text.
//!
//! The values of a text may be a hundred times larger than the text: `{},` can be an element of a list whose type has
//! hundreds of bytes. A reader therefore counts all memory before it allocates it: capacity of lists, nodes of maps,
//! texts, bytes, boxes. The count never decreases, so it limits the work as well, even if the same member is repeated.
//! Each function returns `false` where more would be used than is left.

/// How much memory in bytes the values of a text may use by default.
pub const VALUE_LIMIT: u64 = 256 * 1024 * 1024;

/// How many entries a node of a `BTreeMap` can hold.
const NODE_ENTRIES: usize = 11;
/// The memory of a node of a `BTreeMap` without its entries and without the links of an inner node.
const NODE_OVERHEAD: usize = 32;
/// The memory of the links of an inner node.
const LINKS: usize = (NODE_ENTRIES + 1) * size_of::<usize>();

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

    /// What to say about a text whose values need more.
    #[cold]
    pub(super) fn exhausted(&self) -> String {
        let limit = self.limit;
        format!("expected values that use at most {limit} bytes of memory (the value limit)")
    }

    /// Counts bytes that are about to be allocated.
    #[inline]
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

    /// Counts one allocation; the smallest one uses 32 bytes.
    #[inline]
    pub(super) fn allocation(&mut self, bytes: usize) -> bool {
        match bytes {
            0 => true,
            _ => self.take(bytes.max(24).saturating_add(8)),
        }
    }

    /// Counts the growth of a `Vec` of elements of `size` bytes for the next element: nothing while there is capacity,
    /// and its size again when it must grow.
    pub(super) fn element(&mut self, length: usize, capacity: usize, size: usize) -> bool {
        if length < capacity {
            return true;
        }
        let least = if size <= 1024 { 4 } else { 1 };
        self.allocation(capacity.max(least).saturating_mul(size))
    }

    /// Counts the growth of a `BTreeMap` with `length` entries for the next entry of `size` bytes: one node for the first
    /// entry, and two more nodes when that one is full, because it is divided then and gets a root. All nodes but the root are at
    /// least half full, so each further entry takes two places.
    #[inline]
    pub(super) fn entry(&mut self, length: usize, size: usize) -> bool {
        match length {
            0 => self.take(NODE_ENTRIES * size + NODE_OVERHEAD),
            1..NODE_ENTRIES => true,
            NODE_ENTRIES => self.take(2 * (NODE_ENTRIES * size + NODE_OVERHEAD) + LINKS),
            _ => self.take(2 * size + NODE_OVERHEAD),
        }
    }
}
