//! `cargo xtask long-run`: measures the resources of a process over a million calls.
//!
//! The run itself is a program of `attache-tests`, which the test `long_run` shares; it prints as it goes.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
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
    let status = program(workspace, *calls)
        .status()
        .context("cargo cannot be started")?;
    if !status.success() {
        bail!("the run did not succeed");
    }
    Ok(String::new())
}

fn program(workspace: &Path, calls: u64) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["run", "--quiet", "--release", "--package", "attache-tests"])
        .args(["--bin", "long_run", "--"])
        .arg(calls.to_string())
        .current_dir(workspace);
    command
}

/// What the process holds at a time, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Resident memory.
    pub resident: f64,
    /// Live allocations.
    pub live: f64,
}

/// Makes calls, a multiple of ten, and returns what the process holds at the start and after each tenth.
///
/// # Errors
/// A program that does not build or does not succeed; a system that does not report the memory of a process.
pub fn samples(workspace: &Path, calls: u64) -> Result<Vec<Sample>> {
    let output = program(workspace, calls)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be started")?;
    ensure!(
        output.status.success(),
        "the run of {calls} calls did not succeed, see above"
    );
    let text = String::from_utf8_lossy(&output.stdout);
    let mut samples = Vec::new();
    for line in text.lines().filter(|line| line.contains(" calls: ")) {
        let sample = sample(line);
        samples.push(sample.with_context(|| format!("no memory is reported in `{line}`"))?);
    }
    // The last one is taken after the client is gone.
    ensure!(
        samples.len() == 12,
        "the run reported {} times instead of 12",
        samples.len()
    );
    samples.pop();
    Ok(samples)
}

/// Reads a line of the program.
fn sample(line: &str) -> Option<Sample> {
    let before = |unit: &str| -> Option<f64> {
        let (before, _) = line.split_once(unit)?;
        before.split_whitespace().last()?.parse().ok()
    };
    Some(Sample {
        resident: before(" KiB resident")? * 1024.0,
        live: before(" bytes")?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Sample, sample};

    #[test]
    fn a_line_of_the_program_is_read() {
        let line = "   100000 calls:      9876 KiB resident,  42 descriptors,  5 threads,    123 live allocations with    45678 bytes";
        let expected = Sample {
            resident: 9876.0 * 1024.0,
            live: 45678.0,
        };
        assert_eq!(sample(line), Some(expected));
        assert_eq!(
            sample("   100000 calls:   unknown KiB resident,  42 descriptors"),
            None
        );
    }
}
