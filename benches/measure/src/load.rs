//! The load, and what is measured while it runs.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

use crate::arguments::Arguments;
use crate::{Allocations, Failure, Operation, Program};

/// Warms up, measures, and returns one line of JSON.
pub(crate) async fn run<P: Program>(
    program: &P,
    operation: Operation,
    arguments: &Arguments,
    allocations: Option<Allocations>,
) -> Result<String, Failure> {
    // At least one call for each task, so that most connections are open before calls are measured.
    let warm_up = arguments.calls.div_ceil(4).max(arguments.concurrency);
    all(program, operation, warm_up, arguments.concurrency).await?;
    let allocated = allocations.map(|allocated| allocated());
    let (cpu, start) = (ProcessTime::now(), Instant::now());
    let mut times = all(program, operation, arguments.calls, arguments.concurrency).await?;
    let (elapsed, cpu) = (start.elapsed(), cpu.elapsed());
    let calls = times.len() as f64;
    times.sort_unstable();
    let mut line = format!(
        r#"{{"calls_per_second":{},"p50":{},"p99":{},"cpu":{}"#,
        calls / elapsed.as_secs_f64(),
        quantile(&times, 0.50),
        quantile(&times, 0.99),
        cpu.as_secs_f64() / calls,
    );
    if let (Some(before), Some(allocated)) = (allocated, allocations) {
        let after = allocated();
        let _ = write!(
            line,
            r#","allocations":{},"allocated":{}"#,
            (after.allocations - before.allocations) as f64 / calls,
            (after.bytes - before.bytes) as f64 / calls,
        );
    }
    if let Some(bytes) = memory("VmHWM:") {
        let _ = write!(line, r#","peak_memory":{bytes}"#);
    }
    line.push_str("}\n");
    Ok(line)
}

/// Makes calls concurrently and returns the duration of each.
async fn all<P: Program>(
    program: &P,
    operation: Operation,
    calls: usize,
    concurrency: usize,
) -> Result<Vec<Duration>, Failure> {
    let tasks: Vec<_> = (0..concurrency)
        .map(|task| {
            let program = program.clone();
            let share = calls / concurrency + usize::from(task < calls % concurrency);
            tokio::spawn(async move {
                let mut times = Vec::with_capacity(share);
                for _ in 0..share {
                    let start = Instant::now();
                    let found = program.call(operation).await?;
                    times.push(start.elapsed());
                    operation.check(found)?;
                }
                Ok::<_, Failure>(times)
            })
        })
        .collect();
    let mut times = Vec::with_capacity(calls);
    for task in tasks {
        times.extend(task.await??);
    }
    Ok(times)
}

/// The time in seconds that the given share of the calls did not exceed. The times are sorted and not empty.
fn quantile(times: &[Duration], share: f64) -> f64 {
    let index = (times.len() as f64 * share).ceil() as usize;
    times[index.clamp(1, times.len()) - 1].as_secs_f64()
}

/// A figure of this process in bytes, such as `VmHWM:`, its peak resident memory, and `VmRSS:`, what is resident now;
/// `None` where the system does not report it.
pub(crate) fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
