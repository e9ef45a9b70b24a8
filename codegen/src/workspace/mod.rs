//! A workspace that keeps client crates: the commands that read its models and write its crates.
//!
//! The rest of this crate converts texts to texts; only this module, behind the feature `cli`, accesses files. It is
//! what the program `attache` runs and what an xtask calls, so that both do the same:
//!
//! ```no_run
//! use std::path::Path;
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     // The folder of an xtask is in the folder of its workspace.
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
//! command = "attache"         # the command in the first line of generated files: `cargo xtask`, for example
//! runtime = "0.2"             # attache-runtime: a version, or { path = "…" } from here, { git = "…" }, { workspace = true }
//! inherit = false             # version, edition, Rust version, license, authors and lints from the workspace
//!
//! [crates.package]            # more lines of [package]
//! license = "Apache-2.0"
//! publish = false
//!
//! [sources]                   # where models are published, for services without `source`
//! default = "botocore"        # or "api-models-aws"; botocore where a package index is known
//! index = "https://…/simple"  # the package index; that of pip's settings without it
//!
//! [traits]                    # how traits that attache does not know are handled, and why
//! "com.example#auditLevel" = { ignored = "only our gateway reads it" }
//!
//! [workflow]                  # the workflow of `workflow github`; all keys may be left out
//! schedule = "17 5 * * 1"     # when it runs, in UTC: fields of cron
//! branch = "attache-update"   # what it pushes and opens a pull request from
//! runner = "ubuntu-latest"    # the label of a runner
//! install = "cargo install …" # how a runner gets the command of [crates]
//! after-update = []           # commands that update more files: other lock files, for example
//! test = ["cargo test --workspace"]
//!
//! [service.support]           # `add` and `import` write it
//! crate = "attache-support"   # the package; its folder has the name without `attache-`
//! crate-version = "0.1.0"     # `update` raises it
//! source = "botocore"         # where its model is published: see `published`
//! operations = ["CreateCase"] # what to generate; all without it
//! documentation = "source"    # documentation of the published model; "facts" without it
//! arbitrary = true            # strategies for proptest; none without it
//! test-util = true            # what mocks write responses with; nothing without it
//! ```
//!
//! A runtime of the workspace must have `default-features = false` there: which transport is built is a feature of each
//! client crate.

pub mod add;
mod address;
mod arguments;
mod command_line;
pub mod config;
mod crate_version;
pub mod crates;
pub mod dependents;
pub mod diff;
pub mod docs;
pub mod downloads;
pub mod endpoint_tests;
mod examples;
mod explained;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod generate;
mod identity;
pub mod import;
pub mod incoming;
mod journal;
pub mod listing;
pub mod lock;
mod mark;
mod members;
mod names;
pub mod outdated;
mod place;
mod prose;
pub mod protocol;
pub mod published;
mod quantity;
pub mod read;
pub mod reconcile;
pub mod remove;
pub mod services;
pub mod shipped;
mod table;
pub mod update;
pub mod verify;
pub mod words;
pub mod workflow;
pub mod write;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::ArgMatches;

pub use self::command_line::{command_line, execute, perform};
use crate::escape;

/// The output and the exit status of a command.
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
    /// A command that succeeded.
    pub fn success(text: String) -> Self {
        Self { text, status: 0 }
    }
}

/// Runs one of the commands of [`command_line`] on a workspace; `None` for another name. `program` is its name in
/// messages and help. The status is 1 where `generate --check` finds a difference.
///
/// # Errors
/// Unknown arguments, and the errors of the command. Nothing was written then.
///
/// # Panics
/// As [`perform`], inside of an async runtime.
pub fn run<A: Into<OsString>>(
    program: &str,
    workspace: &Path,
    name: &str,
    rest: impl IntoIterator<Item = A>,
) -> Option<Result<Outcome>> {
    let line = command_line(program);
    line.find_subcommand(name)?;
    let mut arguments = vec![OsString::from(name)];
    arguments.extend(rest.into_iter().map(Into::into));
    Some(command_line::read(line, arguments, |name, matches| {
        perform_own(workspace, name, matches)
    }))
}

/// A whole program with the commands of [`command_line`] and no others: prints the result, and returns the exit status.
/// It is 1 for an error, or if `generate --check` found a difference, and 2 for wrong arguments, or if `diff` could not
/// read a side.
///
/// # Panics
/// As [`perform`], inside of an async runtime.
pub fn main<A: Into<OsString>>(
    program: &str,
    workspace: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> ExitCode {
    execute(command_line(program), arguments, |name, matches| {
        perform_own(workspace, name, matches)
    })
}

/// Performs a command that clap accepted.
fn perform_own(workspace: &Path, name: &str, matches: &ArgMatches) -> Result<Outcome> {
    perform(workspace, name, matches).expect("every command that is declared is performed")
}

/// Prints the result of the command `name`, and returns the exit status: that of the outcome, and for an error 2 if the
/// arguments are wrong or the command is `diff`, otherwise 1. Control characters from models and files do not reach the
/// terminal.
pub fn finish(name: &str, outcome: Result<Outcome>) -> ExitCode {
    // A reader that closes the pipe, as `head` does, is not an error of the command.
    match outcome {
        Ok(outcome) => {
            let _ = std::io::stdout().write_all(escape::lines(&outcome.text).as_bytes());
            ExitCode::from(outcome.status)
        }
        Err(error) => {
            let (text, status) = match error.downcast_ref::<clap::Error>() {
                // It begins with `error:`, and ends with the usage and a line break.
                Some(error) => (error.to_string(), 2),
                // As with `diff` of POSIX: 1 says that something differs.
                None => (
                    format!("error: {error:#}\n"),
                    if name == "diff" { 2 } else { 1 },
                ),
            };
            let _ = std::io::stderr().write_all(escape::lines(&text).as_bytes());
            ExitCode::from(status)
        }
    }
}

/// The workspace of cargo that `folder` belongs to, if it is below `workspace`: a nested one, for whose crates the services of
/// `workspace` are not.
pub fn nested(folder: &Path, workspace: &Path) -> Option<PathBuf> {
    let is_root = |folder: &&Path| {
        let manifest = members::manifest(&folder.join("Cargo.toml"));
        manifest.is_ok_and(|manifest| manifest.contains_key("workspace"))
    };
    folder
        .ancestors()
        .take_while(|folder| *folder != workspace)
        .find(is_root)
        .map(Path::to_owned)
}

/// The workspace that `folder` belongs to: the nearest folder, itself or above, that has `models/attache.toml`.
pub fn find(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .find(|folder| folder.join("models/attache.toml").is_file())
        .map(Path::to_owned)
}
