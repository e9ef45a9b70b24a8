//! `cargo xtask long-run`: measures the resources of a process over a million calls.
//!
//! The run itself is a program of `attache-tests`, which the test `long_run` shares; it prints as it goes.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::{Arg, ArgMatches, value_parser};

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    clap::Command::new("long-run")
        .about("Make a million calls with one client, and measure memory, descriptors and threads")
        .long_about(
            "Makes calls with one client to a loopback server that throttles, fails, and closes\n\
             connections now and then. Prints resident memory, descriptors, threads and live\n\
             allocations at the start, after every tenth, and at the end, and fails where a case was\n\
             opened twice.",
        )
        .arg(
            Arg::new("calls")
                .long("calls")
                .value_name("N")
                .value_parser(value_parser!(u64).range(1..))
                .default_value("1000000")
                .help("How many calls, a multiple of ten"),
        )
}

/// Runs the command with its arguments.
///
/// # Errors
/// A program that does not build or does not succeed.
pub fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    let calls: &u64 = matches.get_one("calls").expect("it has a default value");
    let status = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--package", "attache-tests"])
        .args(["--bin", "long_run", "--"])
        .arg(calls.to_string())
        .current_dir(workspace)
        .status()
        .context("cargo cannot be started")?;
    if !status.success() {
        bail!("the run did not succeed");
    }
    Ok(String::new())
}
