//! Whole processes that make one call over TLS: what a command or a function in the cloud costs at its start.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Plan;
use super::contestant::{Contestant, LEAN, OFFICIAL};
use super::figures::{Figures, Spread};
use super::handshakes;
use super::server::{Server, platform_certificates};
use super::table::{self, Table, figure};
use super::workshop::Workshop;

/// How many processes of each contestant are measured in a round. Their median is the figure of the round.
const REPETITIONS: usize = 8;

/// How many rounds there are by default.
const ROUNDS: usize = 5;

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
    let (rounds, repetitions) = (plan.rounds(ROUNDS), plan.calls(REPETITIONS));
    // The first process of each reads programs and files from the disk, and warms up the server.
    for entrant in &entrants {
        entrant.run(workshop)?;
    }
    for round in 0..rounds {
        eprintln!("bench: first calls, round {} of {rounds}", round + 1);
        for _ in 0..repetitions {
            for entrant in &mut entrants {
                let measured = entrant.run(workshop)?;
                for (values, value) in entrant.measured.iter_mut().zip(measured) {
                    values.push(value);
                }
            }
        }
        for entrant in &entrants {
            for (what, values) in FIGURES.iter().zip(&entrant.measured) {
                let round = values.get(round * repetitions..).unwrap_or_default();
                if let Some(spread) = Spread::of(round) {
                    figures.add(key(what), entrant.contestant.name, spread.median);
                }
            }
        }
    }
    let processes = rounds * repetitions;
    let table = table(figures, &entrants);
    end(entrants, processes)?;
    Ok(format!(
        "## First call\n\nA process that makes a client with the credentials, the region and the endpoint of the environment, calls Security \
         Incident Response `GetCaseAttachmentUploadUrl` once over TLS, and ends: {processes} processes of each in turns, \
         medians, and the quartiles between which half of the processes lie. Wall time and CPU are those of the whole process, from its \
         start to its end; the ratios are to `{LEAN}` and `{OFFICIAL}`, each of the medians of {rounds} rounds. Nothing asks for credentials over the network. The platform trusts \
         {} certificates; they are read as where neither `SSL_CERT_FILE` nor `SSL_CERT_DIR` is set, from the file and \
         from the folder.\n\n{table}",
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
fn end(entrants: Vec<Entrant>, processes: usize) -> Result<()> {
    for entrant in entrants {
        let name = entrant.contestant.name;
        let connections = handshakes::connections(&entrant.server.end()?, name)?;
        ensure!(
            connections == (processes + 1) as f64,
            "{name} opened {connections} connections in {} processes",
            processes + 1
        );
    }
    Ok(())
}

/// The name of a figure.
pub(super) fn key(what: &str) -> String {
    format!("first {what}")
}

fn table(figures: &Figures, entrants: &[Entrant]) -> String {
    let mut table = Table::new(&[
        "contestant",
        "wall ms",
        "quartiles",
        "of lean",
        "of official",
        "CPU ms",
        "quartiles",
        "of lean",
        "of official",
        "peak MB",
    ]);
    for entrant in entrants {
        let name = entrant.contestant.name;
        let of = |what: &str, to: &str| table::ratio(figures.ratio(&key(what), name, to));
        let [wall, cpu, memory] = &entrant.measured;
        let median =
            |values: &[f64], unit: f64| figure(Spread::of(values).map(|all| all.median), unit);
        table.row([
            name.to_owned(),
            median(wall, 1e-3),
            quartiles(wall),
            of("wall", LEAN),
            of("wall", OFFICIAL),
            median(cpu, 1e-3),
            quartiles(cpu),
            of("cpu", LEAN),
            of("cpu", OFFICIAL),
            median(memory, 1e6),
        ]);
    }
    table.text()
}

/// The lower and the upper quartile of seconds, in milliseconds.
fn quartiles(seconds: &[f64]) -> String {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
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
        let mixed = [6, 2, 80, 4, 5, 1, 7, 3].map(|value| f64::from(value) / 1e3);
        assert_eq!(quartiles(&mixed), "2.00–6.00");
        assert_eq!(quartiles(&sorted), "2.00–6.00");
        assert_eq!(quartiles(&sorted[..1]), "1.00–1.00");
        assert_eq!(quartiles(&[]), "–––");
    }
}
