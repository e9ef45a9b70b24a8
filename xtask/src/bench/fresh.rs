//! The first minutes: what the README's two commands take in a fresh clone.
//!
//! The clone has what is committed, and no target folder. The crates have been downloaded before.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Plan;
use super::contestant::ATTACHE;
use super::figures::Figures;
use super::table::{Table, figure};
use super::workshop::Workshop;
use crate::tools;

/// The name of a command in the figures, and its arguments for cargo.
const COMMANDS: [(&str, &[&str]); 2] = [
    ("generate", &["xtask", "generate"]),
    ("test", &["test", "--workspace"]),
];

/// What a fresh clone does not have: settings of this process that change what is built or tested.
const UNSET: [&str; 7] = [
    "ATTACHE_REFERENCE_DATA",
    "CARGO_INCREMENTAL",
    "CARGO_PROFILE_DEV_DEBUG",
    "CARGO_TARGET_DIR",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
    "RUSTDOCFLAGS",
];

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let clone = workshop.folder.join("fresh");
    for round in 0..plan.rounds(1) {
        make(&workshop.workspace, &clone)?;
        for (name, arguments) in COMMANDS {
            eprintln!("bench: cargo {}, round {}", arguments.join(" "), round + 1);
            let mut command = Command::new(tools::cargo());
            command.args(arguments).current_dir(&clone);
            for variable in UNSET {
                command.env_remove(variable);
            }
            let (cost, _) = workshop.metered(&command)?;
            figures.add(key(name, "wall"), ATTACHE, cost.wall);
            figures.add(key(name, "cpu"), ATTACHE, cost.cpu);
        }
    }
    remove(&clone)?;
    let mut table = Table::new(&["command", "wall s", "CPU s"]);
    for (name, arguments) in COMMANDS {
        let of = |what: &str| figure(figures.median(&key(name, what), ATTACHE), 1.0);
        table.row([
            format!("`cargo {}`", arguments.join(" ")),
            of("wall"),
            of("cpu"),
        ]);
    }
    Ok(format!(
        "## Fresh clone\n\nThe two commands of the README, one after the other in a fresh clone, with the crates downloaded and \
         without the reference data. CPU is that of cargo and all that it starts.\n\n{}",
        table.text()
    ))
}

/// The name of a figure.
pub(super) fn key(command: &str, what: &str) -> String {
    format!("fresh {command} {what}")
}

/// A clone of what is committed.
fn make(workspace: &Path, clone: &Path) -> Result<()> {
    remove(clone)?;
    let status = Command::new("git")
        .args(["clone", "--quiet"])
        .args([workspace, clone])
        .status()
        .context("could not run git")?;
    ensure!(status.success(), "`git clone` failed, see above");
    Ok(())
}

fn remove(clone: &Path) -> Result<()> {
    match fs::remove_dir_all(clone) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not delete {}", clone.display()))
        }
        _ => Ok(()),
    }
}
