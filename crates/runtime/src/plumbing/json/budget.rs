//! How much memory the values of one text may take.
//!
//! A text may stand for values of a hundred times its size: `{},` is an element of a list whose type has hundreds of
//! bytes. So whatever the reader makes is counted before it is made: room in lists, nodes of maps, texts, bytes, boxes.
//! The count never goes down, so that it bounds the work as well, even where the same member comes again and again.
//! `memory` says what each kind of value takes.

/// How much memory the values of a text may take in bytes, unless the caller says otherwise.
pub const VALUE_LIMIT: u64 = 256 * 1024 * 1024;

/// What is left of the limit.
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
