//! What is left of many calls: nothing that grows with their number.

use std::alloc::System;

use attache_tests::long_run::{CALLS_AT_A_TIME, Held, Live, LongRun, Outcomes};
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

/// Runs the calls and holds the end against the second tenth, when every pool and cache is filled.
fn check(run: LongRun) -> (Vec<(u64, Held)>, Outcomes) {
    let mut measured = Vec::new();
    let outcomes = run
        .run(|calls, held| {
            println!("{calls:>9} calls: {held}");
            measured.push((calls, held));
        })
        .expect("the run comes to its end");
    println!("{outcomes:#?}");
    let (filled, last) = (measured[2].1, measured[10].1);
    // Each call under way has a connection, with a descriptor at each end; those that were closed may not be gone yet.
    let connections = 2 * CALLS_AT_A_TIME;
    if let (Some(filled), Some(last)) = (filled.descriptors, last.descriptors) {
        assert!(
            last <= filled + connections,
            "{filled} descriptors became {last}"
        );
    }
    assert_eq!(filled.threads, last.threads, "threads");
    let (filled, last) = (filled.live.expect("counted"), last.live.expect("counted"));
    let grown = last.allocations - filled.allocations;
    assert!(grown <= ALLOCATIONS, "{grown} more live allocations");
    let grown = last.bytes - filled.bytes;
    assert!(grown <= BYTES, "{grown} more bytes in live allocations");
    (measured, outcomes)
}

/// How many more allocations may be live at the end: those of connections, of which there may be more than before.
const ALLOCATIONS: i64 = 20 * CALLS_AT_A_TIME as i64;
/// How many more bytes these may have: the buffers of both ends of a connection.
const BYTES: i64 = (32 << 10) * CALLS_AT_A_TIME as i64;

#[test]
fn twenty_thousand_calls_leave_nothing_behind() {
    let (_, outcomes) = check(LongRun {
        calls: 20_000,
        // As many faults as a million calls have.
        trouble: 50,
        live,
    });
    assert_eq!(
        outcomes.succeeded + outcomes.failed + outcomes.uncertain,
        20_000
    );
    assert!(
        outcomes.faults > 1_000,
        "the server misbehaved {} times",
        outcomes.faults
    );
    assert!(
        outcomes.cases > 1_900,
        "{} of 2,000 cases were opened",
        outcomes.cases
    );
    assert_eq!(outcomes.twice, 0, "no case is opened twice");
    assert_eq!(
        outcomes.denied, 0,
        "no case is opened that certainly was not"
    );
}
