//! `cargo xtask bench`: compares the cost of attache with the official SDK, hand-written code, and boto3.
//!
//! The programs are in `benches/`, which is a separate workspace, so that nothing else has to build their dependencies.
//! This module builds and runs them. Contestants take turns and figures are medians over rounds, because the same code
//! may take a third longer a minute later. A ratio has its spread, and says when it shows no difference. A slow result is
//! no failure: targets are reported, never asserted. Only counts of instructions, which are the same in each run, are checked:
//! by [`crate::instructions`].

mod build;
mod contestant;
mod duplicates;
mod figures;
mod first;
mod fresh;
mod generate;
mod generated;
mod handshakes;
mod levers;
mod load;
mod machine;
mod memory;
mod pictures;
mod query;
mod record;
mod run_instructions;
mod s3;
mod server;
mod size;
mod slices;
mod soak;
mod table;
mod target;
mod targets;
mod tls;
mod validate;
mod workshop;

use std::path::Path;

use anyhow::{Result, ensure};
use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use self::contestant::{CONTESTANTS, Contestant};
use self::figures::Figures;
pub use self::pictures::outdated as outdated_pictures;
use self::workshop::{Mode, Workshop};

/// The arguments of the command.
#[derive(Debug)]
struct Plan {
    rounds: Option<usize>,
    contestants: Vec<&'static Contestant>,
    quick: bool,
    /// For how many seconds one client makes calls in the part `soak`.
    soak: Option<u64>,
    /// The only mode in which clients of one service are built; `None` for all.
    mode: Option<Mode>,
}

impl Plan {
    fn rounds(&self, default: usize) -> usize {
        self.rounds.unwrap_or(default)
    }

    /// How often each contestant makes its calls in a round.
    fn turns(&self) -> usize {
        if self.quick { 1 } else { 5 }
    }

    fn soak(&self) -> u64 {
        let seconds = if self.quick { 10 } else { 3_600 };
        self.soak.unwrap_or(seconds)
    }

    /// How many calls to make where `calls` would be enough on a quiet machine.
    fn calls(&self, calls: usize) -> usize {
        if self.quick {
            calls.div_ceil(10)
        } else {
            calls
        }
    }
}

impl Plan {
    /// Whether clients of one service are built in this mode.
    fn builds(&self, mode: Mode) -> bool {
        self.mode.is_none_or(|only| only == mode)
    }

    /// How often things were measured, for the record.
    fn repetitions(&self) -> String {
        match self.rounds {
            Some(rounds) => format!("{rounds} each"),
            None => "1 of builds, first calls and the corpus, 3 of the rest".to_owned(),
        }
    }
}

/// The function of a part: it measures, stores its figures and returns its tables.
type Part = fn(&Workshop, &Plan, &mut Figures) -> Result<String>;

/// The part that takes an hour, so that a whole run is without it.
const SOAK: &str = "soak";

/// The parts: name, description and function.
const PARTS: [(&str, &str, Part); 18] = [
    (
        "build",
        "clean builds of an application with both clients, and a rebuild after a change",
        build::measure,
    ),
    ("size", "the size of its program, stripped", size::measure),
    (
        "slices",
        "both clients with one operation each, compared with the whole ones",
        slices::measure,
    ),
    (
        "fresh",
        "`cargo xtask generate` and `cargo test --workspace` in a fresh clone",
        fresh::measure,
    ),
    (
        "levers",
        "release builds with other settings of cargo and fewer features",
        levers::measure,
    ),
    (
        "run",
        "calls against a local server: rate, latency, CPU, allocations, memory",
        load::measure,
    ),
    (
        "memory",
        "idle clones, and 1,000 calls in flight",
        memory::measure,
    ),
    (
        "tls",
        "the same calls over TLS with kept connections",
        tls::measure,
    ),
    (
        "first",
        "whole processes that make one call over TLS",
        first::measure,
    ),
    (
        "run-instructions",
        "the instructions of a client for each call, counted by valgrind",
        run_instructions::measure,
    ),
    (
        "query",
        "calls of EC2 and STS, with clients that are generated from botocore's data",
        query::calls,
    ),
    (
        "query-build",
        "clean builds of the client of EC2, whole and with ten operations",
        query::builds,
    ),
    (
        "s3",
        "calls of S3, with a client that is generated from botocore's data",
        s3::calls,
    ),
    (
        "s3-build",
        "clean builds of the client of S3, whole and with three operations",
        s3::builds,
    ),
    ("validate", "checking a request", validate::measure),
    (
        "generate",
        "`cargo xtask generate`, the corpus of botocore, and its largest service",
        generate::measure,
    ),
    (
        "duplicates",
        "how many support cases are opened twice when a server acts and then fails",
        duplicates::measure,
    ),
    (
        SOAK,
        "the memory of one client over an hour; only if it is named",
        soak::measure,
    ),
];

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    clap::Command::new("bench")
        .about("Compare the cost of attache with others")
        .long_about(
            "Compares the cost of attache with others and prints tables in Markdown. The official SDK takes\n\
             minutes to build. boto3 needs Python and, the first time, the network.",
        )
        .arg(
            Arg::new("parts")
                .value_name("PART")
                .num_args(0..)
                .value_parser(PARTS.map(|(name, help, _)| PossibleValue::new(name).help(help)))
                .help("What to measure; everything but `soak` without it"),
        )
        .arg(
            Arg::new("without")
                .long("without")
                .value_name("PART")
                .value_delimiter(',')
                .value_parser(PARTS.map(|(name, ..)| name))
                .conflicts_with("parts")
                .help("Everything but these parts and `soak`; what the record has of them stays"),
        )
        .args(numbers())
        .arg(
            Arg::new("contestant")
                .long("contestant")
                .value_name("NAME")
                .value_delimiter(',')
                .value_parser(CONTESTANTS.each_ref().map(|contestant| contestant.name))
                .help("Only these contestants"),
        )
        .arg(
            Arg::new("mode")
                .long("mode")
                .value_name("NAME")
                .value_parser(["dev", "release"])
                .help("Only builds in this mode, of the parts `query-build` and `s3-build`"),
        )
        .args(flags())
}

/// The arguments without a value.
fn flags() -> [Arg; 3] {
    let flag = |id: &'static str, help: &'static str| {
        Arg::new(id).long(id).action(ArgAction::SetTrue).help(help)
    };
    [
        flag(
            "quick",
            "A tenth of the calls: shows that everything works, but the figures are imprecise",
        ),
        flag(
            "record",
            "Write what is measured to benches/RESULTS.md: everything, or the sections of the parts that are named",
        )
        .conflicts_with_all(["contestant", "quick", "mode"]),
        flag(
            "pictures",
            "Measure nothing, and draw the charts of the guide from benches/RESULTS.md",
        )
        .conflicts_with_all(["parts", "without", "contestant", "quick", "rounds", "record"]),
    ]
}

/// The arguments that say how much is measured.
fn numbers() -> [Arg; 2] {
    [
        Arg::new("rounds")
            .long("rounds")
            .value_name("N")
            .value_parser(value_parser!(u16).range(1..))
            .help("How often each contestant is run [default: 1 for builds and the corpus, 3 otherwise]"),
        Arg::new("soak")
            .long("soak")
            .value_name("SECONDS")
            .value_parser(value_parser!(u64).range(1..))
            .help("How long one client makes calls in the part `soak` [default: 3600, or 10 with --quick]"),
    ]
}

/// Runs the command with its arguments.
///
/// # Errors
/// Programs that do not build, and calls that fail.
pub fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    if matches.get_flag("pictures") {
        pictures::draw(workspace)?;
        return Ok(String::new());
    }
    let named = |id: &str| -> Vec<&String> {
        let names = matches.get_many(id);
        names.into_iter().flatten().collect()
    };
    let (names, without) = (named("parts"), named("without"));
    let contestants = named("contestant");
    let is_chosen = |contestant: &&Contestant| {
        contestants.is_empty() || contestants.iter().any(|name| *name == contestant.name)
    };
    let record = matches.get_flag("record");
    let rounds = matches.get_one::<u16>("rounds");
    let plan = Plan {
        quick: matches.get_flag("quick"),
        rounds: rounds.map(|rounds| usize::from(*rounds)),
        soak: matches.get_one("soak").copied(),
        contestants: CONTESTANTS.iter().filter(is_chosen).collect(),
        mode: Mode::ALL.into_iter().find(|mode| {
            matches
                .get_one::<String>("mode")
                .is_some_and(|name| name == mode.name())
        }),
    };
    let workshop = Workshop::set_up(workspace)?;
    let mut figures = Figures::default();
    let (sections, failed) = measure(
        &workshop,
        &plan,
        |part| is_wanted(&names, &without, part),
        &mut figures,
    );
    if record && !sections.is_empty() {
        match names.is_empty() && failed.is_empty() {
            true => {
                record::write(&workshop, &plan, &sections, &figures, !without.is_empty())?;
            }
            false => record::write_parts(&workshop, &plan, &sections, &figures)?,
        }
        pictures::draw(workspace)?;
    }
    ensure!(
        failed.is_empty(),
        "could not measure {}, see above",
        failed.join(", ")
    );
    Ok(format!("{}\n\n{}", table::LEGEND, targets::table(&figures)))
}

/// Whether a part is measured, if these are named, or all are without these.
fn is_wanted(names: &[&String], without: &[&String], part: &str) -> bool {
    let is_one_of = |names: &[&String]| names.iter().any(|name| *name == part);
    match names.is_empty() {
        true => part != SOAK && !is_one_of(without),
        false => is_one_of(names),
    }
}

/// The sections of the parts that are wanted, and the names of those that failed. Such a part does not cost the figures of the
/// others.
fn measure(
    workshop: &Workshop,
    plan: &Plan,
    is_wanted: impl Fn(&str) -> bool,
    figures: &mut Figures,
) -> (Vec<String>, Vec<&'static str>) {
    let (mut sections, mut failed) = (Vec::new(), Vec::new());
    for (name, _, part) in PARTS {
        if !is_wanted(name) {
            continue;
        }
        eprintln!("bench: {name}");
        let before = figures.clone();
        match part(workshop, plan, figures) {
            Ok(section) => {
                println!("{section}");
                sections.push(section);
            }
            Err(error) => {
                eprintln!("bench: {name} could not be measured: {error:#}");
                failed.push(name);
                // Half of its rounds would be judged.
                *figures = before;
            }
        }
    }
    (sections, failed)
}
