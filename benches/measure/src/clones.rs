//! The memory of clones of a client that are not used.

use std::fmt::Write as _;

use crate::arguments::Arguments;
use crate::load::memory;
use crate::{Allocations, Failure, Operation, Program};

/// Makes clones, and returns one line of JSON: what each of them takes.
pub(crate) async fn run<P: Program>(
    program: &P,
    arguments: &Arguments,
    allocations: Option<Allocations>,
) -> Result<String, Failure> {
    // What a client creates for its first call is shared by all clones.
    program.call(Operation::ListCases).await?;
    let count = arguments.calls;
    let (resident, allocated) = (memory("VmRSS:"), allocations.map(|allocated| allocated()));
    let clones = program
        .clones(count)
        .ok_or("this contestant makes no clones")?;
    let per_clone = |bytes: usize| bytes as f64 / count as f64;
    let mut line = String::from("{");
    if let (Some(before), Some(allocated)) = (allocated, allocations) {
        let after = allocated();
        let _ = write!(
            line,
            r#""allocations":{},"allocated":{}"#,
            per_clone(after.allocations - before.allocations),
            per_clone(after.bytes - before.bytes),
        );
    } else if let (Some(before), Some(after)) = (resident, memory("VmRSS:")) {
        let grown = after.saturating_sub(before);
        let _ = write!(line, r#""resident":{}"#, per_clone(grown as usize));
    }
    line.push_str("}\n");
    // They live until here.
    drop(clones);
    Ok(line)
}
