//! Builds the documentation of other services, with the prose of their models, and counts what that prose consists of.
//!
//! Without names, forty services are chosen that together have every construct: again and again the one that has the most
//! constructs which no chosen one has, and once all are covered, those that have them a second time. Services of protocols
//! that are not supported are counted, but cannot be chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use attache_codegen::ast::own_traits::OwnTraits;
use attache_codegen::words::prose::constructs;

use super::differential;
use super::environment::Environment;
use super::scratch::{Scratch, lines};
use super::services::Choice;
use crate::add;
use crate::import::source;

/// How many services are chosen.
const SAMPLE: usize = 40;

/// What a service has.
struct Prose {
    name: String,
    counts: BTreeMap<String, usize>,
    bytes: usize,
    is_supported: bool,
}

/// Builds the documentation; returns the tables and whether rustdoc warned of anything.
///
/// # Errors
/// Python or botocore that is not available.
pub(super) fn run(workspace: &Path, choice: Choice) -> Result<(String, bool)> {
    let data = differential::installed(workspace, &Environment::set_up(workspace)?)?;
    let (names, mut text) = match choice {
        Choice::Listed => {
            let all = Choice::All.names(workspace, &data)?;
            let read = all.iter().map(|name| read(name, &data.join(name)));
            let prose: Vec<Prose> = read.collect::<Result<_>>()?;
            (chosen(&prose), table(&prose))
        }
        other => (other.names(workspace, &data)?, String::new()),
    };
    let mut failed = false;
    let scratch = Scratch::make(workspace, "documentation")?;
    let _ = writeln!(
        text,
        "{:<28} {:>8} {:>7}  rustdoc",
        "service", "lines", "time"
    );
    for name in &names {
        let line = match document(&scratch, name, &data.join(name)) {
            Ok(line) => line,
            Err(error) => {
                failed = true;
                format!("{name:<28} FAILED: {error:#}\n")
            }
        };
        print!("{line}");
        text.push_str(&line);
        let crates = scratch.folder.join("crates");
        if crates.exists() {
            fs::remove_dir_all(&crates)
                .with_context(|| format!("could not delete {}", crates.display()))?;
        }
    }
    Ok((text, failed))
}

/// Adds a service and builds its documentation; a line of the table.
fn document(scratch: &Scratch, name: &str, from: &Path) -> Result<String> {
    add::add(&scratch.folder, name, from)?;
    let package = format!("attache-{name}");
    let lines = lines(&scratch.folder.join("crates").join(name))?;
    let arguments = ["doc", "--no-deps", "--package", &package];
    let time = scratch.cargo_with(&arguments, "--deny warnings")?;
    Ok(format!(
        "{name:<28} {lines:>8} {:>6.1}s  clean\n",
        time.as_secs_f64()
    ))
}

/// The prose of a service, whether or not a client can be generated.
fn read(name: &str, from: &Path) -> Result<Prose> {
    let (_, texts) = source::load(from)?;
    // A protocol that the importer does not know.
    let prose = texts.separate().map(|(_, prose)| prose).unwrap_or_default();
    let mut counts = BTreeMap::new();
    for text in prose.values() {
        for (construct, count) in constructs(text) {
            *counts.entry(construct).or_default() += count;
        }
    }
    Ok(Prose {
        name: name.to_owned(),
        counts,
        bytes: prose.values().map(String::len).sum(),
        is_supported: texts.import(&OwnTraits::default()).is_ok(),
    })
}

/// The services that have every construct, the shortest first among equals.
fn chosen(all: &[Prose]) -> Vec<String> {
    let mut left: Vec<&Prose> = all.iter().filter(|one| one.is_supported).collect();
    left.sort_by_key(|one| one.bytes);
    let mut names = Vec::new();
    let mut covered: BTreeSet<&str> = BTreeSet::new();
    while names.len() < SAMPLE && !left.is_empty() {
        let gain = |one: &Prose| {
            let new = one
                .counts
                .keys()
                .filter(|name| !covered.contains(name.as_str()));
            new.count()
        };
        // The first of the largest.
        let best = (0..left.len()).rev().max_by_key(|at| gain(left[*at]));
        let Some(best) = best.filter(|at| gain(left[*at]) > 0) else {
            if covered.is_empty() {
                break;
            }
            covered.clear();
            continue;
        };
        let one = left.remove(best);
        covered.extend(one.counts.keys().map(String::as_str));
        names.push(one.name.clone());
    }
    names
}

/// How often each construct is there, in how many services, and whether only services have it that are not supported.
fn table(all: &[Prose]) -> String {
    let mut rows: BTreeMap<&str, (usize, usize, bool)> = BTreeMap::new();
    for one in all {
        for (construct, count) in &one.counts {
            let row = rows.entry(construct).or_default();
            row.0 += count;
            row.1 += 1;
            row.2 |= one.is_supported;
        }
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|(_, (count, _, _))| std::cmp::Reverse(*count));
    let supported = all.iter().filter(|one| one.is_supported).count();
    let mut text = format!(
        "{} services, of which {supported} can be generated; {} bytes of prose\n\n{:<44} {:>9} {:>9}\n",
        all.len(),
        all.iter().map(|one| one.bytes).sum::<usize>(),
        "construct",
        "times",
        "services"
    );
    for (construct, (count, services, is_supported)) in rows {
        let remark = if is_supported {
            ""
        } else {
            "  none that can be generated"
        };
        let _ = writeln!(text, "{construct:<44} {count:>9} {services:>9}{remark}");
    }
    text.push('\n');
    text
}
