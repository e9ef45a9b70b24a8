//! Builds the documentation of other services, with the prose of their models, and counts what that prose consists of.
//!
//! Without names, forty services are chosen that together have every construct: again and again the one that has the most
//! constructs, for its length, which no chosen one has, and once all are covered, those that have them a second time.
//! Services of protocols that are not supported are counted, but cannot be chosen.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use attache_codegen::ast::own_traits::OwnTraits;
use attache_codegen::words::prose::constructs;
use serde_json::Value;

use super::cover::{Candidate, cover};
use super::scratch::{Scratch, lines};
use super::services::{Choice, data};
use crate::add;
use crate::import::source::{self, Texts};

/// How many services are chosen.
const SAMPLE: usize = 40;

/// What a service has.
struct Prose {
    name: String,
    counts: BTreeMap<String, usize>,
    texts: usize,
    bytes: usize,
    is_supported: bool,
}

/// Builds the documentation; returns the table and whether rustdoc warned of anything.
///
/// # Errors
/// Data that is not available.
pub(super) fn run(
    workspace: &Path,
    choice: Choice,
    from: Option<&PathBuf>,
) -> Result<(String, bool)> {
    let data = data(workspace, from)?;
    let passes_over = matches!(choice, Choice::All);
    let names = match choice {
        Choice::Listed => {
            let all = Choice::All.names(workspace, &data)?;
            let read = all.iter().map(|name| read(name, &data.join(name)));
            let prose: Vec<Prose> = read.collect::<Result<_>>()?;
            println!("{}", table(&prose));
            chosen(&prose)
        }
        other => other.names(workspace, &data)?,
    };
    let mut failed = false;
    let scratch = Scratch::make(workspace, "documentation")?;
    let mut text = format!("{:<28} {:>8} {:>7}  rustdoc\n", "service", "lines", "time");
    for name in &names {
        let line = match document(&scratch, name, &data.join(name)) {
            Ok(line) => line,
            Err(error) if passes_over && format!("{error:#}").contains("unsupported protocol") => {
                format!("{name:<28} left out: {error:#}\n")
            }
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
    let mut found = Vec::new();
    match texts.separate() {
        Ok((_, prose)) => found.extend(prose.into_values()),
        // A protocol that the importer does not know: the texts as the files have them.
        Err(_) => {
            if let Texts::Botocore(files) = &texts {
                let service = files.get("service-2.json").map(String::as_str);
                collect(&serde_json::from_str(service.unwrap_or("{}"))?, &mut found);
            }
        }
    }
    let mut counts = BTreeMap::new();
    for text in &found {
        for (construct, count) in constructs(text) {
            *counts.entry(construct).or_default() += count;
        }
    }
    Ok(Prose {
        name: name.to_owned(),
        counts,
        texts: found.len(),
        bytes: found.iter().map(String::len).sum(),
        is_supported: texts.import(&OwnTraits::default()).is_ok(),
    })
}

/// Every documentation of a model of botocore.
fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(text) if key == "documentation" => found.push(text.clone()),
                    value => collect(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// The services that have every construct.
fn chosen(all: &[Prose]) -> Vec<String> {
    let supported = all.iter().filter(|one| one.is_supported);
    let candidates = supported.map(|one| Candidate {
        name: one.name.clone(),
        size: one.bytes,
        constructs: one.counts.keys().cloned().collect(),
    });
    cover(candidates.collect(), SAMPLE)
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
        "{} services, of which {supported} can be generated; {} texts of {} bytes\n\n{:<44} {:>9} {:>9}\n",
        all.len(),
        all.iter().map(|one| one.texts).sum::<usize>(),
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
    text
}

#[cfg(test)]
mod tests {
    use super::{Prose, chosen};

    fn prose(name: &str, constructs: &[&str], bytes: usize) -> Prose {
        Prose {
            name: name.to_owned(),
            counts: constructs
                .iter()
                .map(|one| ((*one).to_owned(), 1))
                .collect(),
            texts: 1,
            bytes,
            is_supported: !name.starts_with("un"),
        }
    }

    #[test]
    fn the_sample_has_every_construct_and_prefers_short_services() {
        let all = [
            prose("long", &["p", "ul", "table"], 9_000_000),
            prose("short", &["p", "ul"], 1_000),
            prose("plain", &["p"], 2_000),
            prose("unsupported", &["pre"], 10),
        ];
        assert_eq!(chosen(&all), ["short", "long", "plain"]);
        assert_eq!(chosen(&all[3..]), [""; 0]);
    }
}
