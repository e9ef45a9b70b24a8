//! Checks the crates of all services: `cargo xtask outside --services --all` and `--constructs`.
//!
//! Each service is added to a workspace below `target/outside`, checked without a warning, and deleted, so that a run needs
//! the memory and the disk of one service. What was found is kept in [`state`], so that a run can be interrupted, and so
//! that after a change of the generator only those crates are checked again that it changed.
//!
//! `--all` checks every service with its default features. `--constructs` chooses services that together have every
//! construct of models ([`constructs`]), and runs clippy and rustdoc with more sets of features.

mod constructs;
mod state;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ArgMatches;

use self::state::{Digests, Entry, State};
use super::scratch::{Scratch, lines};
use super::services::{Choice, data, facts, with_all_features};
use crate::add;

/// How the crates are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Every service, with its default features.
    All,
    /// The services with every construct, with clippy, rustdoc and more features.
    Constructs,
}

impl Depth {
    /// What the arguments ask for.
    pub(super) fn of(matches: &ArgMatches) -> Option<Self> {
        match (matches.get_flag("constructs"), matches.get_flag("all")) {
            (true, _) => Some(Self::Constructs),
            (false, true) if !matches.get_flag("docs") => Some(Self::All),
            _ => None,
        }
    }

    /// The name of the file with the results.
    fn file(self) -> &'static str {
        match self {
            Self::All => "services-all.json",
            Self::Constructs => "services-constructs.json",
        }
    }

    /// The arguments of the runs of cargo, without the package.
    fn runs(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::All => &[&["check"]],
            Self::Constructs => &[
                &["check"],
                &["clippy"],
                &["clippy", "--no-default-features", "--features", "serde"],
                &["clippy", "--no-default-features", "--features", "proptest"],
                &["clippy", "--no-default-features", "--features", "blocking"],
                &["clippy", "--features", "serde,proptest,blocking,test-util"],
                &["doc", "--no-deps"],
            ],
        }
    }
}

/// Checks services; returns the summary and whether anything failed or warned.
///
/// # Errors
/// Data that is not available; a result that cannot be kept.
pub(super) fn run(
    workspace: &Path,
    depth: Depth,
    from: Option<&PathBuf>,
) -> Result<(String, bool)> {
    let data = data(workspace, from)?;
    let names = match depth {
        Depth::All => Choice::All.names(workspace, &data)?,
        Depth::Constructs => {
            let all = Choice::All.names(workspace, &data)?;
            constructs::chosen(&all, &data)?
        }
    };
    let scratch = Scratch::make(workspace, "services")?;
    let mut state = State::load(workspace, depth.file())?;
    let digests = Digests::of(workspace)?;
    for (index, name) in names.iter().enumerate() {
        if state.is_done(name, &digests) {
            continue;
        }
        let entry = match service(&scratch, depth, name, &data.join(name), &state, &digests) {
            Ok(entry) => entry,
            Err(error) => Entry::refused(&digests, format!("{error:#}")),
        };
        println!(
            "{:>3}/{} {name}: {}",
            index + 1,
            names.len(),
            entry.sentence()
        );
        state.keep(name, entry)?;
        // The disk keeps the artifacts of one service.
        if scratch.folder.join("crates").join(name).exists() {
            let _ = scratch.cargo(&["clean", "--package", &format!("attache-{name}")]);
        }
        delete(&scratch, "crates")?;
        delete(&scratch, "models")?;
        scratch.settle(workspace)?;
    }
    Ok(summary(&state, &names))
}

/// Adds a service and checks it, unless the same crate was checked before.
fn service(
    scratch: &Scratch,
    depth: Depth,
    name: &str,
    from: &Path,
    state: &State,
    digests: &Digests,
) -> Result<Entry> {
    add::add(&scratch.folder, name, from)?;
    if depth == Depth::Constructs {
        with_all_features(scratch, name)?;
    }
    let folder = scratch.folder.join("crates").join(name);
    let digest = state::of_folder(&folder)?;
    if let Some(entry) = state.same(name, &digest, digests) {
        return Ok(entry);
    }
    let (_, operations, left_out) = facts(name, from)?;
    let mut remarks = Vec::new();
    for run in depth.runs() {
        let package = format!("attache-{name}");
        let mut arguments = run.to_vec();
        arguments.extend(["--package", &package]);
        if let Some(text) = scratch.complaint(&arguments)? {
            remarks.push(format!("cargo {}:\n{text}", run.join(" ")));
        }
    }
    let mut entry = Entry::refused(digests, String::new());
    entry.digest = digest;
    entry.operations = operations;
    entry.left_out = left_out;
    entry.lines = lines(&folder)?;
    entry.remarks = remarks;
    Ok(entry)
}

fn delete(scratch: &Scratch, folder: &str) -> Result<()> {
    let folder = scratch.folder.join(folder);
    match folder.exists() {
        true => fs::remove_dir_all(&folder)
            .with_context(|| format!("could not delete {}", folder.display())),
        false => Ok(()),
    }
}

/// The counts, and what was found.
fn summary(state: &State, names: &[String]) -> (String, bool) {
    let entries: Vec<(&String, &Entry)> = names
        .iter()
        .filter_map(|name| Some((name, state.of(name)?)))
        .collect();
    let count =
        |fits: &dyn Fn(&Entry) -> bool| entries.iter().filter(|(_, entry)| fits(entry)).count();
    let mut text = format!(
        "\n{} services: {} clean, {} with remarks, {} refused; {} operations, {} left out; {} lines\n",
        names.len(),
        count(&Entry::is_clean),
        count(&|entry| !entry.remarks.is_empty()),
        count(&|entry| !entry.refusal.is_empty()),
        entries
            .iter()
            .map(|(_, entry)| entry.operations)
            .sum::<usize>(),
        entries
            .iter()
            .map(|(_, entry)| entry.left_out.len())
            .sum::<usize>(),
        entries.iter().map(|(_, entry)| entry.lines).sum::<usize>(),
    );
    for (name, entry) in &entries {
        if !entry.refusal.is_empty() {
            let _ = writeln!(text, "{name}: {}", entry.refusal);
        }
        for reason in entry.left_out.iter().chain(&entry.remarks) {
            let _ = writeln!(text, "{name}: {reason}");
        }
    }
    let failed = entries.iter().any(|(_, entry)| entry.is_failure());
    (text, failed)
}
