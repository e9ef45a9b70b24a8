//! What clients hold in memory: clones that are not used, and many calls in flight.

use std::process::Command;

use anyhow::{Context, Result};

use super::Plan;
use super::contestant::{ATTACHE, Contestant, LEAN, OFFICIAL};
use super::figures::Figures;
use super::load::{COUNTED, Run, Task, Wire, key};
use super::table::{Table, figure, grouped, ratio, spread};
use super::workshop::Workshop;

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

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let clones = clones(workshop, plan, figures)?;
    let in_flight = in_flight(workshop, plan, figures)?;
    Ok(format!("## Memory\n\n{clones}\n{in_flight}"))
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
