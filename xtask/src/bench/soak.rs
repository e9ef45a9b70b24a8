//! What one client holds in memory over a long time.
//!
//! It is `cargo xtask long-run`: its server is in the same process, throttles and fails now and then, and keeps nothing for
//! a call. An hour is too long for a whole run, so this part runs only when it is named.

use std::time::Instant;

use anyhow::{Context, Result};

use super::Plan;
use super::contestant::ATTACHE;
use super::figures::Figures;
use super::table::{Table, figure, grouped};
use super::workshop::Workshop;
use crate::long_run::{self, Sample};

/// How many calls show how fast the machine is. 20,000 take less than a second, which gave two thirds of an hour.
const TRIAL: u64 = 500_000;
/// How many calls show it in a short run.
const SHORT_TRIAL: u64 = 20_000;

/// The sample from which memory is level: after two tenths of the calls, as in the test `long_run`.
const WARM: usize = 2;
/// How many bytes of live allocations the end may have more than that: the buffers of both ends of a connection, for
/// each of the 16 calls at a time, as in the test `long_run`.
const LIVE_LIMIT: f64 = 16.0 * 32.0 * 1024.0;
/// How many bytes of resident memory the end may have more: the allocator and the system round up.
const RESIDENT_LIMIT: f64 = 1e6;

/// One client for a long time.
pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let seconds = plan.soak();
    eprintln!("bench: {seconds} s of calls");
    // Building the program is no part of the trial.
    long_run::samples(&workshop.workspace, 10)?;
    // The program makes a number of calls; a trial says how many the machine makes in the time.
    let trial = if seconds < 60 { SHORT_TRIAL } else { TRIAL };
    let start = Instant::now();
    long_run::samples(&workshop.workspace, trial)?;
    let rate = trial as f64 / start.elapsed().as_secs_f64();
    let calls = ((rate * seconds as f64) as u64).div_ceil(10).max(1) * 10;
    let start = Instant::now();
    let samples = long_run::samples(&workshop.workspace, calls)?;
    let taken = start.elapsed().as_secs_f64();
    let growth = Growth::of(&samples)?;
    figures.add("memory soak resident", ATTACHE, growth.resident);
    let mut table = Table::new(&["what", "after warm-up", "at the end", "growth"]);
    table.row([
        "resident MB".to_owned(),
        figure(Some(growth.warm.resident), 1e6),
        figure(Some(growth.last.resident), 1e6),
        figure(Some(growth.resident), 1e6),
    ]);
    table.row([
        "live KB".to_owned(),
        figure(Some(growth.warm.live), 1e3),
        figure(Some(growth.last.live), 1e3),
        figure(Some(growth.live), 1e3),
    ]);
    let resident: Vec<String> = samples
        .iter()
        .map(|sample| figure(Some(sample.resident), 1e6))
        .collect();
    Ok(format!(
        "## Memory over a long time\n\n`{ATTACHE}` for {taken:.0} s: {} calls with one client, 16 at a time, to a server in the same process that throttles \
         and fails now and then. Warm-up is two tenths of the calls. Memory is level if at the end at most {:.1} MB more are \
         resident, and at most {} KB more are live. It {}.\n\n{}\n\
         Resident MB at the start and after each tenth: {}.\n",
        grouped(calls as f64),
        RESIDENT_LIMIT / 1e6,
        grouped(LIVE_LIMIT / 1e3),
        growth.verdict(),
        table.text(),
        resident.join(", "),
    ))
}

/// What the end of a long run has more than the end of its warm-up, in bytes.
#[derive(Debug)]
struct Growth {
    warm: Sample,
    last: Sample,
    resident: f64,
    live: f64,
}

impl Growth {
    fn of(samples: &[Sample]) -> Result<Self> {
        let warm = *samples.get(WARM).context("the run has no warm-up")?;
        let last = *samples.last().context("the run has no end")?;
        Ok(Self {
            warm,
            last,
            resident: last.resident - warm.resident,
            live: last.live - warm.live,
        })
    }

    fn verdict(&self) -> &'static str {
        if self.resident <= RESIDENT_LIMIT && self.live <= LIVE_LIMIT {
            "is level"
        } else {
            "is **not level**"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Growth, Sample};

    fn verdict(ends: &[(f64, f64)]) -> &'static str {
        let samples: Vec<Sample> = ends
            .iter()
            .map(|(resident, live)| Sample {
                resident: *resident,
                live: *live,
            })
            .collect();
        let growth = Growth::of(&samples).expect("it has a warm-up");
        growth.verdict()
    }

    #[test]
    fn memory_is_level_if_it_grows_only_until_the_end_of_the_warm_up() {
        let warm = [(1e6, 0.0), (8e6, 1e6), (9e6, 2e6)];
        let with = |end: (f64, f64)| verdict(&[warm[0], warm[1], warm[2], (5e7, 5e7), end]);
        assert_eq!(with((9e6, 2e6)), "is level");
        assert_eq!(with((10e6, 2.5e6)), "is level");
        assert_eq!(with((8e6, 1e6)), "is level");
        assert_eq!(with((10.1e6, 2e6)), "is **not level**");
        assert_eq!(with((9e6, 2.6e6)), "is **not level**");
    }

    #[test]
    fn a_run_without_warm_up_is_not_judged() {
        let sample = Sample {
            resident: 1.0,
            live: 1.0,
        };
        assert!(Growth::of(&[sample, sample]).is_err());
    }
}
