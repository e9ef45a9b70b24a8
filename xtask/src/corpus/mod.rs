//! `cargo xtask corpus`: generates every service below a folder of published models, to show which of them attache
//! supports.
//!
//! Nothing is written. Services are generated in parallel, with one thread for each processor. A panic is caught and
//! counted, because a panic on a published model is a fault of the generator.

mod services;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use attache_codegen::ast::own_traits::OwnTraits;
use attache_codegen::emit::Manifest;
use attache_codegen::plan::{End, plan};
use attache_codegen::{Input, analyse, emit};
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use sha2::{Digest, Sha256};

use crate::import::source;

/// How many of the largest services the table shows.
const SHOWN: usize = 10;

/// What the command found.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether the generator panicked.
    pub panicked: bool,
}

/// A service and how its generation ended.
#[derive(Debug)]
struct Row {
    name: String,
    time: Duration,
    outcome: Outcome,
}

#[derive(Debug)]
enum Outcome {
    Generated {
        operations: usize,
        types: usize,
        lines: usize,
        digest: [u8; 32],
        left_out: Vec<String>,
    },
    Refused(String),
    Panicked(String),
}

/// What clap reads for this command.
pub fn declaration() -> clap::Command {
    clap::Command::new("corpus")
        .about("Generate every service of published models in memory, and show how many succeed")
        .long_about(
            "Imports and generates every service found below DIR, in parallel; writes nothing. Prints\n\
             a table of the services that were generated and the reasons for which others were not,\n\
             and exits with 1 if anything panicked. The SHA-256 over all that was generated shows\n\
             whether a change to the generator changes what it writes.",
        )
        .arg(
            Arg::new("folder")
                .value_name("DIR")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help(
                    "botocore's data folder, or a folder of Smithy JSON AST files such as that of\n\
                     github.com/aws/api-models-aws",
                ),
        )
        .arg(
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .help("A line for each service, not only the largest and the slowest"),
        )
        .arg(
            Arg::new("threads")
                .long("threads")
                .value_name("N")
                .value_parser(value_parser!(u16).range(1..))
                .help("How many at a time [default: as many as there are processors]"),
        )
}

/// Runs the command with its arguments.
///
/// # Errors
/// A folder that cannot be read or holds no services.
pub fn command(matches: &ArgMatches) -> Result<Report> {
    let all = matches.get_flag("all");
    let threads = match matches.get_one::<u16>("threads") {
        Some(threads) => usize::from(*threads),
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    let folder: &PathBuf = matches.get_one("folder").expect("DIR is required");
    let start = Instant::now();
    let rows = generate(&services::find(folder)?, threads);
    Ok(Report {
        text: table(&rows, all, start.elapsed(), threads),
        panicked: rows
            .iter()
            .any(|row| matches!(row.outcome, Outcome::Panicked(_))),
    })
}

fn generate(services: &[PathBuf], threads: usize) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(path) = services.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let row = row(path);
                    if let Ok(mut rows) = rows.lock() {
                        rows.push(row);
                    }
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap_or_default();
    rows.sort_by(|one, two| one.name.cmp(&two.name));
    rows
}

fn row(path: &Path) -> Row {
    let name = services::name(path);
    let start = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| service(&name, path)))
        .unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Ok(Outcome::Panicked(text.unwrap_or_default()))
        })
        .unwrap_or_else(|error| Outcome::Refused(format!("{error:#}")));
    Row {
        name,
        time: start.elapsed(),
        outcome,
    }
}

fn service(name: &str, path: &Path) -> Result<Outcome> {
    let (_, imported) = source::read(path, &OwnTraits::default())?;
    let manifest = Manifest {
        crate_name: format!("attache-{name}"),
        runtime: "workspace = true".to_owned(),
        in_workspace: true,
        package: String::new(),
        has_extension: false,
        has_arbitrary: true,
        additions: Default::default(),
    };
    let analysed = analyse(&Input {
        model_file: "model.json",
        model: &imported.model_json,
        overlay: None,
        operations: None,
        manifest: &manifest,
        header: name,
    })?;
    let plan = plan(&analysed, End::Client)?;
    let files = emit::client_crate(&plan, &manifest, name)?;
    Ok(Outcome::Generated {
        operations: analysed.operations.len(),
        types: analysed.types.len(),
        lines: files.iter().map(|file| line_count(&file.text)).sum(),
        digest: digest(&files),
        left_out: analysed.left_out,
    })
}

/// Counting line breaks in bytes takes a fraction of the time of `lines`, which matters for millions of lines.
fn line_count(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// The hash of paths and texts, each preceded by its length.
fn digest(files: &[emit::File]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for text in files.iter().flat_map(|file| [&file.path, &file.text]) {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().into()
}

/// The reason of a refusal without the places, so that equal ones can be counted.
fn reason(error: &str) -> String {
    if let Some((_, reason)) = error.split_once("unsupported protocol ") {
        let protocol = reason.split(':').next().unwrap_or(reason);
        return format!("protocol {protocol}");
    }
    let last = error.rsplit(": ").next().unwrap_or(error);
    // Names of shapes and parameters differ from service to service.
    let mut text = String::new();
    for (index, part) in last.split('`').enumerate() {
        text.push_str(if index % 2 == 0 { part } else { "…" });
    }
    text
}

fn table(rows: &[Row], all: bool, wall: Duration, threads: usize) -> String {
    let mut generated: Vec<(&Row, [usize; 3])> = Vec::new();
    let mut refused: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut left_out: Vec<String> = Vec::new();
    let mut panicked = Vec::new();
    let mut hash = Sha256::new();
    for row in rows {
        match &row.outcome {
            Outcome::Generated {
                operations,
                types,
                lines,
                digest,
                left_out: reasons,
            } => {
                hash.update(digest);
                generated.push((row, [*operations, *types, *lines]));
                left_out.extend(
                    reasons
                        .iter()
                        .map(|reason| format!("{}: {reason}", row.name)),
                );
            }
            Outcome::Refused(error) => refused.entry(reason(error)).or_default().push(&row.name),
            Outcome::Panicked(text) => panicked.push(format!("{}: {text}", row.name)),
        }
    }
    let sum = |index: usize| {
        generated
            .iter()
            .map(|(_, counts)| counts[index])
            .sum::<usize>()
    };
    let cpu: Duration = rows.iter().map(|row| row.time).sum();
    let mut text = format!(
        "{} services: {} generated with {} operations, {} types and {} lines; {} refused, {} panicked; {:.1} s on {threads} \
         threads, {:.1} s in all of them\nsha256 {}\n\n",
        rows.len(),
        generated.len(),
        sum(0),
        sum(1),
        sum(2),
        refused.values().map(Vec::len).sum::<usize>(),
        panicked.len(),
        wall.as_secs_f64(),
        cpu.as_secs_f64(),
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>(),
    );
    let _ = writeln!(
        text,
        "{:<36} {:>10} {:>7} {:>9} {:>8}",
        "service", "operations", "types", "lines", "ms"
    );
    let shown = if all { generated.len() } else { SHOWN };
    if !all {
        generated.sort_by_key(|(_, [.., lines])| std::cmp::Reverse(*lines));
    }
    for (row, [operations, types, lines]) in generated.iter().take(shown) {
        let milliseconds = row.time.as_secs_f64() * 1_000.0;
        let _ = writeln!(
            text,
            "{:<36} {operations:>10} {types:>7} {lines:>9} {milliseconds:>8.1}",
            row.name
        );
    }
    for (title, lines) in [
        ("left out of their services", &left_out),
        ("panicked", &panicked),
    ] {
        if !lines.is_empty() {
            let _ = write!(text, "\n{title}: {}\n", lines.len());
            lines
                .iter()
                .for_each(|line| text.push_str(&format!("  {line}\n")));
        }
    }
    let _ = writeln!(text, "\nrefused:");
    let mut refused: Vec<_> = refused.into_iter().collect();
    refused.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    for (reason, names) in refused {
        let _ = writeln!(
            text,
            "{:>5}  {reason}\n       {}",
            names.len(),
            names.join(", ")
        );
    }
    text
}
