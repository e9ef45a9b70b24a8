//! `attache workflow github`: a workflow that updates the client crates of a workspace and proposes the result.
//!
//! The file is generated as crates are: it has the mark of generated files, `--check` compares it, and a file without
//! the mark is not overwritten. What it does is in `github.yml` beside this file.

mod github;
mod settings;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, Command};

pub use self::settings::WorkflowConfig;
use super::generate::Report;
use super::reconcile::{Access, Mode, Outcome, Tree, reconcile};
use super::{config, mark, read};

/// Where the workflow is, below the workspace.
const FOLDER: &str = ".github/workflows";
const FILE: &str = "attache-update.yml";

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    let github = Command::new("github")
        .about("Write .github/workflows/attache-update.yml, for GitHub Actions")
        .long_about(
            "Writes .github/workflows/attache-update.yml. Every week, and when it is started by hand, this\n\
             workflow updates the crates to the newest published models, builds and tests the workspace,\n\
             and opens one pull request with the report, or refreshes the open one. The file says which\n\
             token it needs. The table [workflow] of models/attache.toml has its settings; models/README.md\n\
             of attache lists them.",
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
    let text = github::text(&config);
    let folder = workspace.join(FOLDER);
    let place = folder.join(FILE);
    let found = read::optional(&place, read::SOURCE_LIMIT)?;
    if action == Action::Overwrite && found.is_some_and(|found| !mark::is_generated(&found)) {
        reconcile(&access, &[], &[(place.clone(), text)])?;
        return Ok(report(action, true, String::new(), vec![place]));
    }
    let tree = Tree {
        root: folder,
        files: vec![(FILE.to_owned(), text)],
        whole: false,
        marked: true,
    };
    let outcome: Outcome = reconcile(&access, &[tree], &[])?;
    let changes = outcome.changes() > 0;
    let differences = outcome.differences.concat();
    Ok(report(action, changes, differences, outcome.different))
}

fn report(action: Action, changes: bool, differences: String, different: Vec<PathBuf>) -> Report {
    let state = match (action, changes) {
        (_, false) => "is up to date",
        (Action::Check, true) => "would be written",
        (Action::Write | Action::Overwrite, true) => {
            "is written; its first lines say what it needs"
        }
    };
    Report {
        text: format!("{differences}{FOLDER}/{FILE} {state}\n"),
        differs: action == Action::Check && changes,
        different,
    }
}
