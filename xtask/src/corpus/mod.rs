//! `cargo xtask corpus`: generates every service below a folder of published models, to show which of them attache
//! supports.
//!
//! Nothing is written. Services are generated in parallel, with one thread for each processor. A panic is caught and
//! counted, because a panic on a published model is a fault of the generator.

mod row;
mod services;
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::Result;
use attache_codegen::ast::own_traits::OwnTraits;
use attache_codegen::emit::Manifest;
use attache_codegen::plan::{End, plan};
use attache_codegen::{Input, analyse, emit};
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use sha2::{Digest, Sha256};

use self::row::{Generated, Outcome, Row};
use self::table::table;
use crate::import::source;

/// What the command found.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether the generator panicked.
    pub panicked: bool,
}

/// The declaration of this command for clap.
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
            Arg::new("facts")
                .long("facts")
                .action(ArgAction::SetTrue)
                .help("Leave the documentation of the models out: `documentation = \"facts\"`"),
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
    let has_prose = !matches.get_flag("facts");
    let rows = generate(&services::find(folder)?, threads, has_prose);
    Ok(Report {
        text: table(&rows, all, start.elapsed(), threads),
        panicked: rows
            .iter()
            .any(|row| matches!(row.outcome, Outcome::Panicked(_))),
    })
}

fn generate(services: &[PathBuf], threads: usize, has_prose: bool) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(path) = services.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let row = row(path, has_prose);
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

fn row(path: &Path, has_prose: bool) -> Row {
    let name = services::name(path);
    let start = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| service(&name, path, has_prose)))
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

fn service(name: &str, path: &Path, has_prose: bool) -> Result<Outcome> {
    let (_, imported) = source::read(path, &OwnTraits::default())?;
    let manifest = Manifest {
        crate_name: format!("attache-{name}"),
        runtime: "workspace = true".to_owned(),
        in_workspace: true,
        package: String::new(),
        has_extension: false,
        has_arbitrary: true,
        has_test_util: true,
        additions: Default::default(),
    };
    let analysed = analyse(&Input {
        model_file: "model.json",
        model: &imported.model_json,
        overlay: None,
        words: None,
        prose: has_prose.then_some(("prose.json", &imported.prose)),
        operations: None,
        manifest: &manifest,
        header: name,
    })?;
    let plan = plan(&analysed, End::Client)?;
    let files = emit::client_crate(&plan, &manifest, name)?;
    Ok(Outcome::Generated(Generated {
        operations: analysed.operations.len(),
        types: analysed.types.len(),
        lines: files.iter().map(|file| line_count(&file.text)).sum(),
        digest: digest(&files),
        left_out: analysed.left_out,
    }))
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
