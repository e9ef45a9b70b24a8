//! The program `attache`: creates and updates the client crates of the workspace in which it runs.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use attache_codegen::workspace::{self, Outcome};
use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;

/// The name of this program in messages.
const PROGRAM: &str = "attache";

fn main() -> ExitCode {
    workspace::execute(command_line(), std::env::args_os().skip(1), perform)
}

/// The common commands, and `completions`.
fn command_line() -> Command {
    let completions = Command::new("completions")
        .about("Print a script that completes the arguments of this program in a shell")
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(value_parser!(Shell))
                .help("The shell that will read the script"),
        );
    workspace::command_line(PROGRAM)
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand(completions)
}

fn perform(name: &str, matches: &ArgMatches) -> Result<Outcome> {
    if name == "completions" {
        let shell: &Shell = matches.get_one("shell").expect("SHELL is required");
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut command_line(), PROGRAM, &mut script);
        return Ok(Outcome::success(String::from_utf8(script)?));
    }
    let here = std::env::current_dir().context("the current folder cannot be found")?;
    let found = workspace::find(&here);
    match &found {
        None => require_workspace(&here, name)?,
        Some(found) if matches!(name, "add" | "import") => refuse_nested(&here, found)?,
        Some(_) => {}
    }
    workspace::perform(found.as_deref().unwrap_or(&here), name, matches)
        .expect("every command that is declared is performed")
}

/// Refuses to add a service to a workspace above the one that the user is in.
fn refuse_nested(here: &Path, found: &Path) -> Result<()> {
    match workspace::nested(here, found) {
        None => Ok(()),
        Some(nested) => bail!(
            "{} is a workspace of its own, and the next models/attache.toml is in {}: run the command there to add to it, or \
             create an empty models/attache.toml here",
            nested.display(),
            found.display()
        ),
    }
}

/// The error message in a folder that is in no workspace with `models/attache.toml`.
fn require_workspace(here: &Path, command: &str) -> Result<()> {
    match command {
        "docs" | "generate" | "outdated" | "remove" | "update" | "verify" | "workflow" => bail!(
            "there is no models/attache.toml in {} or a folder above it: go to the workspace with the client crates, \
             or begin one with `{PROGRAM} add SERVICE`",
            here.display()
        ),
        "add" | "import" if !here.join("Cargo.toml").is_file() => bail!(
            "{} has neither a models/attache.toml nor a Cargo.toml: go to the root of the workspace for the client \
             crates, or create its Cargo.toml first, with `[workspace]`, `members = [\"crates/*\"]` and \
             `resolver = \"3\"`",
            here.display()
        ),
        _ => Ok(()),
    }
}
