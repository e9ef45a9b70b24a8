//! `cargo xtask tidy`: house rules that no lint checks.
//!
//! Each rule is a function over the files that git lists, so a test can pass other files to it. Generated files and
//! tests are exempt where a rule says so. What broke a rule before the rule existed is listed in `xtask/tidy.txt`; that
//! list may only shrink.

mod circles;
mod errors;
mod exceptions;
mod finding;
mod lengths;
mod mentions;
mod modules;
mod overlay_traits;
mod paths;
mod sources;
mod tokens;
mod words;

use std::path::Path;

use anyhow::Result;
use clap::{Arg, ArgAction};

use self::exceptions::Exceptions;
use self::finding::Finding;
use self::sources::Source;

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    clap::Command::new("tidy")
        .about("Check house rules that no lint checks")
        .long_about(
            "Checks the files that git lists:\n\n  \
             file      hand-written source files have at most 400 lines\n  \
             function  hand-written functions have at most 60 lines\n  \
             circle    no two files of a crate use each other, directly or through others\n  \
             module    a module with a folder is `x/mod.rs`, never `x.rs` beside `x/`\n  \
             debug     public errors do not derive `Debug`\n  \
             word      texts and comments have none of the banned phrases\n  \
             trait     models/README.md documents the traits `attache#…` that the generator knows\n  \
             path      pages at the root and in docs/ name files that exist\n\n\
             xtask/tidy.txt lists exceptions, a line each: rule, file, and the number that is allowed\n\
             where the rule has one. Exits with 1 where a rule is broken without an exception, and\n\
             where an exception is not needed any more.",
        )
        .arg(
            Arg::new("shrink")
                .long("shrink")
                .action(ArgAction::SetTrue)
                .help("Take out of xtask/tidy.txt what is not needed any more, and lower its numbers"),
        )
}

/// The result of the command.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether a rule is broken.
    pub failed: bool,
}

/// Runs the command.
///
/// # Errors
/// Files that cannot be read, and a list of exceptions that cannot be written.
pub fn command(workspace: &Path, shrink: bool) -> Result<Report> {
    let sources = sources::read(workspace)?;
    let findings = findings(&sources);
    let mut exceptions = Exceptions::read(workspace)?;
    if shrink {
        exceptions.shrink(&findings);
        exceptions.write(workspace)?;
    }
    let problems = exceptions.judge(findings);
    let count = problems.len();
    let text = match count {
        0 => format!("{} files are tidy\n", sources.len()),
        _ => problems.join("\n") + &format!("\n{count} problems\n"),
    };
    Ok(Report {
        text,
        failed: count > 0,
    })
}

/// Everything that breaks a rule, in the order of the rules and files.
fn findings(sources: &[Source]) -> Vec<Finding> {
    [
        lengths::files,
        lengths::functions,
        circles::find,
        modules::find,
        errors::find,
        words::find,
        overlay_traits::find,
        mentions::find,
    ]
    .into_iter()
    .flat_map(|rule| rule(sources))
    .collect()
}
