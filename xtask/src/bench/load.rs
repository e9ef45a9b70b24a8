//! Calls against a local server.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Plan;
use super::contestant::{Contestant, LEAN, OFFICIAL, Program};
use super::figures::Figures;
use super::handshakes;
use super::server::Server;
use super::table::{Table, figure, ratio};
use super::workshop::{Workshop, copy};

/// The calls of a task, and their number in a turn.
pub(super) struct Task {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) calls: usize,
}

/// How the server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Plain,
    Tls,
}

impl Wire {
    /// The name of a task in the figures.
    pub(super) fn label(self, task: &str) -> String {
        match self {
            Self::Plain => task.to_owned(),
            Self::Tls => format!("tls {task}"),
        }
    }
}

pub(super) const TASKS: [Task; 4] = [
    Task {
        name: "describe-cases",
        title: "Support `DescribeCases`, 100 cases, about 126 KB",
        calls: 800,
    },
    Task {
        name: "list-cases",
        title: "Security Incident Response `ListCases`, 25 cases, about 8 KB",
        calls: 3_000,
    },
    Task {
        name: "upload-url",
        title: "Security Incident Response `GetCaseAttachmentUploadUrl`",
        calls: 4_000,
    },
    Task {
        name: "add-attachments",
        title: "Support `AddAttachmentsToSet`, three attachments of 5 MB",
        calls: 32,
    },
];

pub(super) const CONCURRENCY: [usize; 2] = [1, 16];

/// With fewer calls, the time that 99 of 100 do not exceed is that of the slowest.
const ENOUGH_FOR_P99: usize = 100;

/// Python makes fewer calls, because it is slower by an order of magnitude.
const SCRIPT_SHARE: usize = 10;

/// The figures of a program's report that are kept.
const REPORTED: [&str; 5] = ["calls_per_second", "p50", "p99", "cpu", "peak_memory"];
pub(super) const COUNTED: [&str; 2] = ["allocations", "allocated"];
/// How many connections a run opened over TLS.
pub(super) const CONNECTIONS: &str = "connections";

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let tables = tables(
        workshop,
        plan,
        &plan.contestants,
        &TASKS,
        Wire::Plain,
        figures,
    )?;
    Ok(format!(
        "## Calls\n\nAgainst a local server over plain HTTP, medians of {} rounds. In a round, each contestant has {} turns, which are \
         processes of their own, and the figure of the round is the median of these. CPU is that of the whole client process, with its ratios to `{LEAN}` and `{OFFICIAL}`. Everything that is on by default is on: for attache validation, signatures, retries, limits \
         of time and `tracing` without a subscriber. Allocations are counted by a separate program.\n{tables}",
        plan.rounds(3),
        plan.turns(),
    ))
}

/// Runs the tasks, and returns a table for each.
pub(super) fn tables(
    workshop: &Workshop,
    plan: &Plan,
    contestants: &[&'static Contestant],
    tasks: &[Task],
    wire: Wire,
    figures: &mut Figures,
) -> Result<String> {
    let mut programs = Programs::new();
    for &contestant in contestants {
        eprintln!("bench: building {}", contestant.name);
        let program = workshop.program(contestant, false)?;
        let program = program.context("every contestant has a program")?;
        programs.push((contestant, program, workshop.program(contestant, true)?));
    }
    let rounds = plan.rounds(3);
    for round in 0..rounds {
        eprintln!("bench: calls, round {} of {rounds}", round + 1);
        for task in tasks {
            for concurrency in CONCURRENCY {
                let is_first = round == 0;
                let turns = Turns {
                    task,
                    wire,
                    concurrency,
                };
                turns.measure(workshop, plan, &programs, is_first, figures)?;
            }
        }
    }
    let mut text = String::new();
    for task in tasks {
        for concurrency in CONCURRENCY {
            text.push_str(&format!("\n{}, {concurrency} at a time:\n\n", task.title));
            let label = wire.label(task.name);
            text.push_str(&table(
                figures,
                plan,
                contestants,
                task,
                (&label, concurrency),
            ));
        }
    }
    Ok(text)
}

/// A contestant with its program, and the one that counts allocations.
type Programs = Vec<(&'static Contestant, Command, Option<Command>)>;

/// The turns of all contestants in a round.
struct Turns<'a> {
    task: &'a Task,
    wire: Wire,
    concurrency: usize,
}

impl Turns<'_> {
    /// Adds the median of the turns to the figures. Allocations are the same in every run, so the first counts them.
    fn measure(
        &self,
        workshop: &Workshop,
        plan: &Plan,
        programs: &Programs,
        is_first: bool,
        figures: &mut Figures,
    ) -> Result<()> {
        let mut turns = Figures::default();
        for turn in 0..plan.turns() {
            for (contestant, program, counting) in programs {
                if contestant
                    .only_task
                    .is_some_and(|only| only != self.task.name)
                {
                    continue;
                }
                let run = Run {
                    task: self.task,
                    wire: self.wire,
                    calls: calls(plan, contestant, self.task, self.concurrency),
                    concurrency: self.concurrency,
                    contestant,
                };
                let report = run.report(workshop, program)?;
                run.keep(&report, &REPORTED, &mut turns);
                run.keep(&report, &[CONNECTIONS], figures);
                if let (true, 0, Some(counting)) = (is_first, turn, counting) {
                    run.with(workshop, counting, &COUNTED, figures)?;
                }
            }
        }
        figures.add_medians(&turns);
        Ok(())
    }
}

fn calls(plan: &Plan, contestant: &Contestant, task: &Task, concurrency: usize) -> usize {
    let calls = match contestant.program {
        Program::Script(_) => plan.calls(task.calls / SCRIPT_SHARE),
        Program::Package { .. } | Program::Generated(_) => plan.calls(task.calls),
    };
    // Each of those at a time makes at least one.
    calls.max(concurrency)
}

/// A run of a program.
pub(super) struct Run<'a> {
    pub(super) task: &'a Task,
    pub(super) wire: Wire,
    pub(super) calls: usize,
    pub(super) concurrency: usize,
    pub(super) contestant: &'a Contestant,
}

impl Run<'_> {
    /// Runs a program, and keeps some figures of its report.
    pub(super) fn with(
        &self,
        workshop: &Workshop,
        program: &Command,
        names: &[&str],
        figures: &mut Figures,
    ) -> Result<()> {
        let report = self.report(workshop, program)?;
        self.keep(&report, names, figures);
        Ok(())
    }

    /// Runs a program with its own server, and returns its report, with the number of its connections over TLS.
    fn report(&self, workshop: &Workshop, program: &Command) -> Result<Value> {
        let name = self.contestant.name;
        let server = match self.wire {
            Wire::Plain => Server::start(workshop, &[])?,
            Wire::Tls => Server::start_with_tls(workshop, name)?,
        };
        let mut command = copy(program);
        server.environment(&mut command);
        let output = command
            .args([
                self.task.name,
                &self.calls.to_string(),
                &self.concurrency.to_string(),
            ])
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("could not run {name}"))?;
        ensure!(
            output.status.success(),
            "{name} failed at {}, see above",
            self.task.name
        );
        let ledger = server.end()?;
        let mut report: Value = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("the report of {name} is no JSON"))?;
        if self.wire == Wire::Tls {
            report[CONNECTIONS] = handshakes::connections(&ledger, name)?.into();
        }
        Ok(report)
    }

    /// Keeps those of the named figures that a report has: not every system reports every figure.
    fn keep(&self, report: &Value, names: &[&str], figures: &mut Figures) {
        let (name, label) = (self.contestant.name, self.wire.label(self.task.name));
        for &what in names {
            if let Some(value) = report.get(what).and_then(Value::as_f64) {
                let key = key(&label, self.concurrency, what);
                match COUNTED.contains(&what) {
                    true => figures.set(key, name, value),
                    false => figures.add(key, name, value),
                }
            }
        }
    }
}

/// The name of a figure.
pub(super) fn key(task: &str, concurrency: usize, what: &str) -> String {
    format!("run {task} {concurrency} {what}")
}

fn table(
    figures: &Figures,
    plan: &Plan,
    contestants: &[&'static Contestant],
    task: &Task,
    (label, concurrency): (&str, usize),
) -> String {
    let mut table = Table::new(&[
        "contestant",
        "calls/s",
        "p50 ms",
        "p99 ms",
        "CPU µs",
        &format!("of {LEAN}"),
        &format!("of {OFFICIAL}"),
        "allocations",
        "KB allocated",
        "peak MB",
    ]);
    for contestant in contestants {
        if contestant.only_task.is_some_and(|only| only != task.name) {
            continue;
        }
        let name = contestant.name;
        let cell = |what: &str, unit: f64| {
            figure(figures.median(&key(label, concurrency, what), name), unit)
        };
        let of = |to: &str| {
            let cpu = key(label, concurrency, "cpu");
            ratio(figures.ratio(&cpu, name, to))
        };
        table.row([
            name.to_owned(),
            cell("calls_per_second", 1.0),
            cell("p50", 1e-3),
            match calls(plan, contestant, task, concurrency) < ENOUGH_FOR_P99 {
                true => figure(None, 1e-3),
                false => cell("p99", 1e-3),
            },
            cell("cpu", 1e-6),
            of(LEAN),
            of(OFFICIAL),
            cell("allocations", 1.0),
            cell("allocated", 1e3),
            cell("peak_memory", 1e6),
        ]);
    }
    table.text()
}
