//! What a process holds: memory, descriptors, threads and allocations.

use std::fmt;

/// Allocations that were not freed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// How many there are.
    pub allocations: i64,
    /// Their size in bytes.
    pub bytes: i64,
}

/// What the process holds. What the system does not tell is not known.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// Resident memory in bytes.
    pub resident: Option<u64>,
    /// Open descriptors.
    pub descriptors: Option<u64>,
    /// Threads.
    pub threads: Option<u64>,
    /// Live allocations, where they are counted.
    pub live: Option<Live>,
}

impl Held {
    /// What it holds now. Linux tells of the first three in `/proc`.
    pub fn now(live: fn() -> Option<Live>) -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let field = |name: &str| -> Option<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let descriptors = std::fs::read_dir("/proc/self/fd").ok();
        Self {
            resident: field("VmRSS:").map(|kibibytes| kibibytes * 1024),
            // The folder that is read is one of them.
            descriptors: descriptors.map(|found| found.count().saturating_sub(1) as u64),
            threads: field("Threads:"),
            live: live(),
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text =
            |value: Option<u64>| value.map_or("unknown".to_owned(), |value| value.to_string());
        let resident = self.resident.map(|bytes| bytes / 1024);
        write!(
            formatter,
            "{:>9} KiB resident, {:>3} descriptors, {:>2} threads",
            text(resident),
            text(self.descriptors),
            text(self.threads)
        )?;
        match self.live {
            Some(live) => write!(
                formatter,
                ", {:>6} live allocations with {:>8} bytes",
                live.allocations, live.bytes
            ),
            None => Ok(()),
        }
    }
}
