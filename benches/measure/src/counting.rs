//! Counting allocations.

use std::alloc::System;

use crate::Allocated;

/// The system's allocator, which counts.
pub type Allocator = stats_alloc::StatsAlloc<System>;

/// What was allocated so far.
pub fn allocated(allocator: &Allocator) -> Allocated {
    let stats = allocator.stats();
    Allocated {
        allocations: stats.allocations + stats.reallocations,
        bytes: stats.bytes_allocated,
    }
}
