//! Whole processes that make one call over TLS: what a command or a function in the cloud costs at its start.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Plan;
use super::contestant::{Contestant, LEAN, OFFICIAL};
use super::figures::{Figures, Spread};
use super::handshakes;
use super::server::{Server, platform_certificates};
use super::table::{Table, figure, ratio};
use super::workshop::Workshop;

/// How many processes of each contestant are measured in a round.
const REPETITIONS: usize = 40;

/// How many groups the processes are divided into, in the order of time. The median of a group is the figure of a round:
/// single processes differ too much for a ratio.
const GROUPS: usize = 4;

/// The figures of a process.
const FIGURES: [&str; 3] = ["wall", "cpu", "memory"];

/// A contestant with its own server, which runs during the whole measurement.
struct Entrant {
    contestant: &'static Contestant,
    command: Command,
    server: Server,
    /// For each of [`FIGURES`], one figure for each process.
    measured: [Vec<f64>; 3],
}

impl Entrant {
    /// Runs the program once.
    fn run(&self, workshop: &Workshop) -> Result<[f64; 3]> {
        let (cost, _) = workshop.metered(&self.command)?;
        Ok([cost.wall, cost.cpu, cost.memory])
    }
}

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let mut entrants = entrants(workshop, plan)?;
    let repetitions = plan.rounds(1) * plan.calls(REPETITIONS);
    // The first process of each reads programs and files from the disk, and warms up the server.
    for entrant in &entrants {
        entrant.run(workshop)?;
    }
    for repetition in 0..repetitions {
        if repetition % 10 == 0 {
            eprintln!("bench: first calls, {repetition} of {repetitions}");
        }
        for entrant in &mut entrants {
            let measured = entrant.run(workshop)?;
            for (values, value) in entrant.measured.iter_mut().zip(measured) {
                values.push(value);
            }
        }
    }
    for entrant in &mut entrants {
        for (what, values) in FIGURES.iter().zip(&mut entrant.measured) {
            for group in values.chunks(repetitions.div_ceil(GROUPS)) {
                if let Some(group) = Spread::of(group) {
                    figures.add(key(what), entrant.contestant.name, group.median);
                }
            }
            values.sort_by(f64::total_cmp);
        }
    }
    let table = table(figures, &entrants);
    end(entrants, repetitions)?;
    Ok(format!(
        "## First call\n\nA process that makes a client with the credentials, the region and the endpoint of the environment, calls Security \
         Incident Response `GetCaseAttachmentUploadUrl` once over TLS, and ends: {repetitions} processes of each in turns, \
         medians, and the quartiles between which half of the processes lie. Wall time and CPU are those of the whole process, from its \
         start to its end. Figures and ratios are of the medians of {GROUPS} groups of processes that follow each other. Nothing asks for credentials over the network. The platform trusts \
         {} certificates, in a file and in a folder; `SSL_CERT_FILE` and `SSL_CERT_DIR` name these, and the file has the authority of the run as well. \
         `attache` reads the file only, the other contestants in Rust read both.\n\n{table}",
        platform_certificates()?,
    ))
}

fn entrants(workshop: &Workshop, plan: &Plan) -> Result<Vec<Entrant>> {
    // One that differs in other operations only is left out.
    let contestants = plan.contestants.iter().copied();
    contestants
        .filter(|contestant| contestant.only_task.is_none())
        .map(|contestant| {
            eprintln!("bench: building {}", contestant.name);
            let program = workshop.program(contestant, false)?;
            let mut command = program.context("every contestant has a program")?;
            command.args(["first-call", "1", "1"]);
            let server = Server::start_with_tls(workshop, contestant.name)?;
            server.environment(&mut command);
            Ok(Entrant {
                contestant,
                command,
                server,
                measured: Default::default(),
            })
        })
        .collect()
}

/// Stops the servers, which say how many connections there were.
fn end(entrants: Vec<Entrant>, repetitions: usize) -> Result<()> {
    for entrant in entrants {
        let name = entrant.contestant.name;
        let connections = handshakes::connections(&entrant.server.end()?, name)?;
        ensure!(
            connections == (repetitions + 1) as f64,
            "{name} opened {connections} connections in {} processes",
            repetitions + 1
        );
    }
    Ok(())
}

/// The name of a figure.
pub(super) fn key(what: &str) -> String {
    format!("first {what}")
}

fn table(figures: &Figures, entrants: &[Entrant]) -> String {
    let (of_lean, of_official) = (format!("of {LEAN}"), format!("of {OFFICIAL}"));
    let mut table = Table::new(&[
        "contestant",
        "wall ms",
        &of_lean,
        &of_official,
        "quartiles",
        "CPU ms",
        &of_lean,
        &of_official,
        "quartiles",
        "peak MB",
    ]);
    for entrant in entrants {
        let name = entrant.contestant.name;
        let median = |what: &str, unit: f64| figure(figures.median(&key(what), name), unit);
        let ratio = |what: &str, to: &str| ratio(figures.ratio(&key(what), name, to));
        let [wall, cpu, _] = &entrant.measured;
        table.row([
            name.to_owned(),
            median("wall", 1e-3),
            ratio("wall", LEAN),
            ratio("wall", OFFICIAL),
            quartiles(wall),
            median("cpu", 1e-3),
            ratio("cpu", LEAN),
            ratio("cpu", OFFICIAL),
            quartiles(cpu),
            median("memory", 1e6),
        ]);
    }
    table.text()
}

/// The lower and the upper quartile of sorted seconds, in milliseconds.
fn quartiles(sorted: &[f64]) -> String {
    let at = |share: f64| {
        let index = (sorted.len() as f64 * share).ceil() as usize;
        sorted.get(index.max(1) - 1).copied()
    };
    format!("{}–{}", figure(at(0.25), 1e-3), figure(at(0.75), 1e-3))
}

#[cfg(test)]
mod tests {
    use super::quartiles;

    #[test]
    fn half_of_the_processes_lie_between_the_quartiles() {
        let sorted = [1, 2, 3, 4, 5, 6, 7, 80].map(|value| f64::from(value) / 1e3);
        assert_eq!(quartiles(&sorted), "2.00–6.00");
        assert_eq!(quartiles(&sorted[..1]), "1.00–1.00");
        assert_eq!(quartiles(&[]), "–––");
    }
}
