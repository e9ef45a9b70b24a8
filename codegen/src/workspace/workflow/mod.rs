//! `attache workflow github`: a workflow that updates the client crates of a workspace and proposes the result.
//!
//! The file is generated as crates are: it has the mark of generated files, `--check` compares it, and a file without
//! the mark is not overwritten. What it does is in `github.yml` beside this file. It is the only file that a command
//! writes outside of its workspace: `destination` says where.

mod destination;
mod github;
mod settings;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::slice;

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, Command};

use self::destination::Destination;
pub use self::settings::WorkflowConfig;
use super::generate::Report;
use super::reconcile::{Access, Mode, Outcome, Tree, reconcile, reconcile_and_remove};
use super::{config, mark, read};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    let github = Command::new("github")
        .about("Write .github/workflows/attache-update.yml, for GitHub Actions")
        .long_about(
            "Writes .github/workflows/attache-update.yml. Every week, and when it is started by hand, this\n\
             workflow updates the crates to the newest published models, builds and tests the workspace,\n\
             and opens one pull request with the report, or refreshes the open one. The file says which\n\
             token it needs. The table [workflow] of models/attache.toml has its settings; models/README.md\n\
             of attache lists them.\n\n\
             If the workspace is in a subfolder of a git repository, the file is written at the root of the\n\
             repository, because GitHub ignores workflows elsewhere. The path of the subfolder is a part of\n\
             its name then: .github/workflows/attache-update-rust.yml, for example.",
        )
        .arg(
            Arg::new("check")
                .long("check")
                .action(ArgAction::SetTrue)
                .conflicts_with("overwrite")
                .help("Write nothing; exit with 1 if the file is not what would be written"),
        )
        .arg(
            Arg::new("overwrite")
                .long("overwrite")
                .action(ArgAction::SetTrue)
                .help("Replace a file of this name that attache did not write"),
        );
    Command::new("workflow")
        .about("Write a workflow that proposes updates as a pull request")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(github)
}

/// Runs the command.
///
/// # Errors
/// As [`github()`].
pub(crate) fn command(workspace: &Path, matches: &ArgMatches) -> Result<Report> {
    let (_, matches) = matches
        .subcommand()
        .expect("clap refuses `workflow` without a platform");
    let action = match (matches.get_flag("check"), matches.get_flag("overwrite")) {
        (true, _) => Action::Check,
        (false, true) => Action::Overwrite,
        (false, false) => Action::Write,
    };
    github(workspace, action)
}

/// What to do with the file of a workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Only compare it.
    Check,
    /// Write it, unless a file with this name exists that attache did not write.
    Write,
    /// Write it in any case.
    Overwrite,
}

/// Writes the workflow for GitHub Actions, or compares it.
///
/// # Errors
/// Settings that cannot be read, a file that cannot be read or written, and one that attache did not write.
pub fn github(workspace: &Path, action: Action) -> Result<Report> {
    let mode = match action {
        Action::Check => Mode::Check,
        Action::Write | Action::Overwrite => Mode::Write,
    };
    let access = Access::open(workspace, mode)?;
    let config = config::read(&workspace.join("models"))?;
    let destination = Destination::of(workspace, access.root().real())?;
    let text = github::text(&config, &destination);
    // Only this command locks two folders, so the order cannot lead to a deadlock.
    let of_repository = match destination.is_above() {
        true => Some(Access::open(&destination.root, mode)?),
        false => None,
    };
    let written = write(
        of_repository.as_ref().unwrap_or(&access),
        &destination,
        text,
        action,
    )?;
    let mut report = report(action, &destination, written);
    if let Some(ignored) = destination.ignored(workspace) {
        reconcile_and_remove(&access, &[], &[], slice::from_ref(&ignored))?;
        let state = match mode {
            Mode::Check => "would be removed",
            Mode::Write => "is removed",
        };
        let place = ignored.display();
        let _ = writeln!(report.text, "{place} {state}, because GitHub ignores it");
        report.differs = mode == Mode::Check;
        if mode == Mode::Write {
            // Folders with other files stay.
            for folder in ignored.ancestors().skip(1).take(2) {
                let _ = fs::remove_dir(folder);
            }
        }
        report.different.push(ignored);
    }
    Ok(report)
}

/// Writes the file, or compares it.
fn write(
    access: &Access,
    destination: &Destination,
    text: String,
    action: Action,
) -> Result<Outcome> {
    let place = destination.root.join(destination.file());
    let found = read::optional(&place, read::SOURCE_LIMIT)?.unwrap_or_default();
    destination.refuse_other(&place, &found)?;
    let is_foreign = !found.is_empty() && !mark::is_generated(&found);
    if action == Action::Overwrite && is_foreign {
        reconcile(access, &[], &[(place.clone(), text)])?;
        return Ok(Outcome {
            written: 1,
            different: vec![place],
            ..Outcome::default()
        });
    }
    let tree = Tree {
        root: destination.root.clone(),
        files: vec![(destination.file(), text)],
        whole: false,
        marked: true,
    };
    reconcile(access, &[tree], &[])
}

fn report(action: Action, destination: &Destination, outcome: Outcome) -> Report {
    let changes = outcome.changes() > 0;
    let state = match (action, changes) {
        (_, false) => "is up to date",
        (Action::Check, true) => "would be written",
        (Action::Write | Action::Overwrite, true) => {
            "is written; its first lines say what it needs"
        }
    };
    let mut text = outcome.differences.concat();
    let file = destination.file();
    let _ = match destination.is_above() {
        true => writeln!(
            text,
            "{} {state}\n(GitHub reads workflows only at the root of a repository; this one runs its commands in {})",
            destination.root.join(file).display(),
            destination.below
        ),
        false => writeln!(text, "{file} {state}"),
    };
    Report {
        text,
        differs: action == Action::Check && changes,
        different: outcome.different,
    }
}
