//! The instructions of the client for each call, counted by callgrind: a measure on which the load of the machine has no
//! influence.
//!
//! Each figure is the difference of two runs of different lengths, so that start and first calls do not count. Two runs
//! are not exactly equal, because the threads of a client wait for each other in different orders.

use std::process::Command;

use anyhow::{Context, Result};

use super::Plan;
use super::contestant::{Contestant, LEAN, OFFICIAL, Program};
use super::figures::Figures;
use super::server::Server;
use super::table::{Table, ratio, spread};
use super::workshop::{Workshop, copy};
use crate::callgrind;

/// The calls of a task, in the shorter and in the longer run.
pub(super) struct Task {
    name: &'static str,
    title: &'static str,
    fewer: usize,
    more: usize,
}

pub(super) const LIST_CASES: Task = Task {
    name: "list-cases",
    title: "`ListCases`, 25 cases",
    fewer: 100,
    more: 1_000,
};

const TASKS: [Task; 3] = [
    LIST_CASES,
    Task {
        name: "upload-url",
        title: "`GetCaseAttachmentUploadUrl`",
        fewer: 100,
        more: 1_000,
    },
    Task {
        name: "describe-cases",
        title: "`DescribeCases`, 126 KB",
        fewer: 20,
        more: 200,
    },
];

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let valgrind = callgrind::version()?;
    // A script would be counted with its interpreter, and the largest attachments take minutes.
    let contestants = plan.contestants.iter().copied().filter(|contestant| {
        contestant.only_task.is_none() && !matches!(contestant.program, Program::Script(_))
    });
    let mut programs = Vec::new();
    for contestant in contestants {
        eprintln!("bench: building {}", contestant.name);
        let program = workshop.program(contestant, false)?;
        programs.push((
            contestant,
            program.context("every contestant has a program")?,
        ));
    }
    let rounds = plan.rounds(3);
    for round in 0..rounds {
        eprintln!("bench: instructions, round {} of {rounds}", round + 1);
        for task in &TASKS {
            for (contestant, program) in &programs {
                let count = per_call(workshop, plan, program, task)
                    .with_context(|| format!("{} failed at {}", contestant.name, task.name))?;
                figures.add(key(task.name), contestant.name, count);
            }
        }
    }
    let contestants: Vec<_> = programs.iter().map(|(contestant, _)| *contestant).collect();
    Ok(format!(
        "## Instructions of calls\n\nThousands of instructions of the client process for each call, one call at a time over plain \
         HTTP, counted by {valgrind}: medians of {rounds} rounds with the least and the \
         greatest, and their ratios to `{LEAN}` and `{OFFICIAL}`. The system's part of a call is not counted.\n{}",
        tables(figures, &contestants)
    ))
}

/// The name of a figure.
pub(super) fn key(task: &str) -> String {
    format!("run-instructions {task}")
}

/// The instructions of one call of a program.
pub(super) fn per_call(
    workshop: &Workshop,
    plan: &Plan,
    program: &Command,
    task: &Task,
) -> Result<f64> {
    let count = |calls: usize| -> Result<u64> {
        let server = Server::start(workshop, &[])?;
        let mut command = copy(program);
        server.environment(&mut command);
        command.args([task.name, &calls.to_string(), "1"]);
        let log = workshop.folder.join("callgrind.log");
        let counted = callgrind::count(&command, &log)?;
        server.end()?;
        Ok(counted.instructions)
    };
    let (fewer, more) = (plan.calls(task.fewer), plan.calls(task.more));
    let difference = count(more)? as f64 - count(fewer)? as f64;
    Ok(difference / (made(more) - made(fewer)) as f64)
}

/// How many calls a program makes that is to measure this many: it makes a quarter of them before, to warm up.
fn made(calls: usize) -> usize {
    calls + calls.div_ceil(4)
}

fn tables(figures: &Figures, contestants: &[&'static Contestant]) -> String {
    let mut text = String::new();
    for task in &TASKS {
        let mut table = Table::new(&[
            "contestant",
            "thousands",
            &format!("of {LEAN}"),
            &format!("of {OFFICIAL}"),
        ]);
        let key = key(task.name);
        for contestant in contestants {
            let name = contestant.name;
            table.row([
                name.to_owned(),
                spread(figures.spread(&key, name), 1e3),
                ratio(figures.ratio(&key, name, LEAN)),
                ratio(figures.ratio(&key, name, OFFICIAL)),
            ]);
        }
        text.push_str(&format!("\n{}:\n\n{}", task.title, table.text()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{TASKS, made};

    #[test]
    fn the_calls_that_warm_up_are_calls_too() {
        assert_eq!(made(1_000) - made(100), 1_125);
        assert_eq!(made(1), 2);
    }

    #[test]
    fn the_shorter_run_of_each_task_is_shorter_even_if_it_is_quick() {
        for task in &TASKS {
            assert!(made(task.fewer.div_ceil(10)) < made(task.more.div_ceil(10)));
        }
    }
}
