//! Makes many calls with one client and prints what the process holds. `cargo xtask long-run` runs it.

use std::alloc::System;

use anyhow::{Context, Result, ensure};
use attache_tests::long_run::{Live, LongRun};
use stats_alloc::StatsAlloc;

#[global_allocator]
static ALLOCATOR: StatsAlloc<System> = StatsAlloc::system();

fn live() -> Option<Live> {
    let stats = ALLOCATOR.stats();
    Some(Live {
        allocations: stats.allocations as i64 - stats.deallocations as i64,
        bytes: stats.bytes_allocated as i64 - stats.bytes_deallocated as i64,
    })
}

fn main() -> Result<()> {
    let calls = std::env::args().nth(1).context("usage: long_run CALLS")?;
    let calls: u64 = calls.parse().context("CALLS is a whole number")?;
    ensure!(
        calls > 0 && calls.is_multiple_of(10),
        "CALLS is a multiple of ten"
    );
    let run = LongRun {
        calls,
        trouble: 1,
        live,
    };
    let outcomes = run.run(|calls, held| println!("{calls:>9} calls: {held}"))?;
    println!("{outcomes:#?}");
    ensure!(outcomes.twice == 0, "cases were opened twice");
    ensure!(
        outcomes.denied == 0,
        "cases were opened that the client called certainly not opened"
    );
    Ok(())
}
