//! A workspace that keeps client crates: the commands that read its models and write its crates.
//!
//! Everything else in this crate is texts in and texts out; this module, behind the feature `cli`, owns the disk. It is
//! what the program `attache` runs and what an xtask calls, so that both do the same:
//!
//! ```no_run
//! use std::path::Path;
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     // An xtask stands one folder below its workspace.
//!     let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
//!     attache_codegen::workspace::main("cargo xtask", workspace, std::env::args().skip(1))
//! }
//! ```
//!
//! A workspace has a folder `models` with a folder for each service and `attache.toml`:
//!
//! ```toml
//! [crates]                    # all keys may be left out
//! folder = "crates"           # where the crates are
//! command = "attache"         # what the first line of a generated file says that wrote it: `cargo xtask`, for example
//! runtime = "0.1"             # attache-runtime: a version, or { path = "…" } from here, { git = "…" }, { workspace = true }
//! inherit = false             # version, edition, Rust version, license, authors and lints from the workspace
//!
//! [crates.package]            # more lines of [package]
//! license = "Apache-2.0"
//! publish = false
//!
//! [service.support]           # `add` and `import` write it
//! crate = "attache-support"   # the package; its folder has the name without `attache-`
//! crate-version = "0.1.0"     # `update` raises it
//! operations = ["CreateCase"] # what to generate; all without it
//! ```
//!
//! A runtime of the workspace must have `default-features = false` there: which transport is built is a feature of each
//! client crate.

pub mod add;
pub mod arguments;
pub mod config;
pub mod crates;
pub mod dependents;
pub mod diff;
pub mod generate;
pub mod import;
mod journal;
pub mod lock;
mod manifest;
mod place;
pub mod read;
pub mod reconcile;
pub mod update;
pub mod write;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;

use crate::escape;
use crate::workspace::arguments::Arguments;

/// The commands, a line each, for the help of a program that has them.
pub const COMMANDS: &str = "  add SERVICE --from PATH         bring a new service: its model and its client crate
  generate [SERVICE…] [--check]   write the client crates, or show how they differ
  diff OLD NEW                    say what changed between two models, in Rust's terms too
  update SERVICE --from PATH      bring a service to another model: import, diff, generate, version, changelog
  import SERVICE --from PATH      read a published model into models/SERVICE, and generate nothing
";

/// What a command printed, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The text for the user.
    pub text: String,
    /// The exit status.
    pub status: u8,
}

impl From<generate::Report> for Outcome {
    fn from(report: generate::Report) -> Self {
        Self {
            text: report.text,
            status: u8::from(report.differs),
        }
    }
}

impl Outcome {
    fn success(text: String) -> Self {
        Self { text, status: 0 }
    }
}

/// Runs one of the [`COMMANDS`] on a workspace; `None` for another name. `program` is how messages and help call what
/// is running. The status is 1 where `generate --check` finds a difference.
///
/// # Errors
/// Whatever the command finds wrong. Nothing was written then.
pub fn run(
    program: &str,
    workspace: &Path,
    name: &str,
    rest: impl IntoIterator<Item = String>,
) -> Option<Result<Outcome>> {
    let arguments = Arguments::new(program, name, rest);
    Some(match name {
        "add" => add::command(workspace, arguments).map(Outcome::success),
        "diff" => diff::command(workspace, arguments).map(Outcome::success),
        "generate" => {
            generate::command(workspace, arguments, &generate::no_own_trees).map(Outcome::from)
        }
        "import" => import::command(&workspace.join("models"), arguments).map(Outcome::success),
        "update" => update::command(workspace, arguments).map(Outcome::success),
        _ => return None,
    })
}

/// A whole program with these commands and no others: prints what comes out, and gives the exit status. That is 1 where
/// something went wrong or `generate --check` found a difference, and 2 where `diff` could not read a side.
pub fn main(
    program: &str,
    workspace: &Path,
    arguments: impl IntoIterator<Item = String>,
) -> ExitCode {
    let mut arguments = arguments.into_iter();
    let name = arguments.next();
    let name = name.as_deref().unwrap_or("--help");
    if matches!(name, "--help" | "-h" | "help") {
        print!("{}", help(program));
        return ExitCode::SUCCESS;
    }
    match run(program, workspace, name, arguments) {
        Some(outcome) => finish(name, outcome),
        None => {
            eprintln!("error: there is no command `{name}`\n\n{}", help(program));
            ExitCode::FAILURE
        }
    }
}

/// Prints the end of a command. Control characters from models and files do not reach the terminal.
pub fn finish(name: &str, outcome: Result<Outcome>) -> ExitCode {
    // A reader that went away, as `head` does, is no failure of the command.
    match outcome {
        Ok(outcome) => {
            let _ = std::io::stdout().write_all(escape::lines(&outcome.text).as_bytes());
            ExitCode::from(outcome.status)
        }
        Err(error) => {
            let text = format!("error: {error:#}\n");
            let _ = std::io::stderr().write_all(escape::lines(&text).as_bytes());
            // As with `diff` of POSIX: 1 says that something differs.
            ExitCode::from(if name == "diff" { 2 } else { 1 })
        }
    }
}

fn help(program: &str) -> String {
    format!("{program} COMMAND\n\n{COMMANDS}\n`{program} COMMAND --help` says more.\n")
}

/// The workspace that `folder` belongs to: the nearest folder, itself or above, that has `models/attache.toml`.
pub fn find(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .find(|folder| folder.join("models/attache.toml").is_file())
        .map(Path::to_owned)
}
