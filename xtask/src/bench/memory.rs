//! What clients hold in memory: clones that are not used, many calls in flight, and over a long time.
//!
//! The long time is that of `cargo xtask long-run`: its server is in the same process, throttles and fails now and then,
//! and keeps nothing for a call.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use super::Plan;
use super::contestant::{ATTACHE, Contestant, LEAN, OFFICIAL};
use super::figures::Figures;
use super::load::{COUNTED, Run, Task, Wire, key};
use super::table::{Table, figure, grouped, ratio, spread};
use super::workshop::Workshop;
use crate::long_run::{self, Sample};

const CLONES: Task = Task {
    name: "idle-clones",
    title: "",
    calls: 10_000,
};

const CALLS: Task = Task {
    name: "list-cases",
    title: "Security Incident Response `ListCases`, 25 cases, about 8 KB",
    calls: 10_000,
};

/// How many calls are in flight.
const IN_FLIGHT: usize = 1_000;

/// How many calls show how fast the machine is.
const TRIAL: u64 = 20_000;

/// The sample from which memory is level: after two tenths of the calls, as in the test `long_run`.
const WARM: usize = 2;
/// How many bytes of live allocations the end may have more than that: the buffers of both ends of a connection, for
/// each of the 16 calls at a time, as in the test `long_run`.
const LIVE_LIMIT: f64 = 16.0 * 32.0 * 1024.0;
/// How many bytes of resident memory the end may have more: the allocator and the system round up.
const RESIDENT_LIMIT: f64 = 1e6;

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let clones = clones(workshop, plan, figures)?;
    let in_flight = in_flight(workshop, plan, figures)?;
    let mut text = format!("## Memory\n\n{clones}\n{in_flight}");
    if !chosen(plan, &[ATTACHE]).is_empty() {
        text.push_str(&format!("\n{}", soak(workshop, plan.soak(), figures)?));
    }
    Ok(text)
}

/// Clones of a client that are not used.
fn clones(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let contestants = chosen(plan, &[ATTACHE, OFFICIAL]);
    for round in 0..plan.rounds(3) {
        for &contestant in &contestants {
            let run = Run {
                task: &CLONES,
                wire: Wire::Plain,
                calls: CLONES.calls,
                concurrency: 1,
                contestant,
            };
            run.with(
                workshop,
                &program(workshop, contestant, false)?,
                &["resident"],
                figures,
            )?;
            // Allocations are the same in every round.
            if round == 0 {
                run.with(
                    workshop,
                    &program(workshop, contestant, true)?,
                    &COUNTED,
                    figures,
                )?;
            }
        }
    }
    let mut table = Table::new(&["contestant", "bytes", "allocations", "resident bytes"]);
    for contestant in &contestants {
        let of = |what: &str| figures.spread(&key(CLONES.name, 1, what), contestant.name);
        table.row([
            contestant.name.to_owned(),
            spread(of("allocated"), 1.0),
            spread(of("allocations"), 1.0),
            spread(of("resident"), 1.0),
        ]);
    }
    Ok(format!(
        "What each of {} idle clones of the client of Security Incident Response takes, after one call: bytes that are \
         allocated and the number of allocations, with the place of the clone in a list, and the growth of the resident \
         memory.\n\n{}",
        grouped(CLONES.calls as f64),
        table.text()
    ))
}

/// Many calls at a time.
fn in_flight(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let contestants = chosen(plan, &[ATTACHE, OFFICIAL, LEAN]);
    for _ in 0..plan.rounds(3) {
        for &contestant in &contestants {
            let run = Run {
                task: &CALLS,
                wire: Wire::Plain,
                calls: plan.calls(CALLS.calls).max(IN_FLIGHT),
                concurrency: IN_FLIGHT,
                contestant,
            };
            run.with(
                workshop,
                &program(workshop, contestant, false)?,
                &["peak_memory"],
                figures,
            )?;
        }
    }
    let mut table = Table::new(&[
        "contestant",
        "peak MB",
        &format!("of {LEAN}"),
        &format!("of {OFFICIAL}"),
    ]);
    let peak = key(CALLS.name, IN_FLIGHT, "peak_memory");
    for contestant in &contestants {
        let name = contestant.name;
        table.row([
            name.to_owned(),
            figure(figures.median(&peak, name), 1e6),
            ratio(figures.ratio(&peak, name, LEAN)),
            ratio(figures.ratio(&peak, name, OFFICIAL)),
        ]);
    }
    Ok(format!(
        "Peak resident memory of the whole client process with {} calls in flight at a time, {}:\n\n{}",
        grouped(IN_FLIGHT as f64),
        CALLS.title,
        table.text()
    ))
}

fn program(workshop: &Workshop, contestant: &Contestant, counting: bool) -> Result<Command> {
    let program = workshop.program(contestant, counting)?;
    program.with_context(|| format!("{} has no such program", contestant.name))
}

/// Those of the named contestants that are chosen.
fn chosen(plan: &Plan, names: &[&str]) -> Vec<&'static Contestant> {
    let contestants = plan.contestants.iter().copied();
    contestants
        .filter(|contestant| names.contains(&contestant.name))
        .collect()
}

/// One client for a long time.
fn soak(workshop: &Workshop, seconds: u64, figures: &mut Figures) -> Result<String> {
    eprintln!("bench: {seconds} s of calls");
    // Building the program is no part of the trial.
    long_run::samples(&workshop.workspace, 10)?;
    // The program makes a number of calls; a trial says how many the machine makes in the time.
    let start = Instant::now();
    long_run::samples(&workshop.workspace, TRIAL)?;
    let rate = TRIAL as f64 / start.elapsed().as_secs_f64();
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
        "`{ATTACHE}` for {taken:.0} s: {} calls with one client, 16 at a time, to a server in the same process that throttles \
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
