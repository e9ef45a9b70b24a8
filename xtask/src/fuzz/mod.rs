//! `cargo xtask fuzz`: runs every fuzz target for a while.
//!
//! libFuzzer on the stable toolchain: the instrumentation that it needs is a pass of LLVM that stable rustc can run, so
//! neither a nightly compiler nor another command has to be installed; a C++ compiler has. A target is a file of
//! `fuzz/targets`. It begins with the committed inputs of `fuzz/corpus/TARGET` and with those that `seeds` adds. Inputs
//! that reach new code are kept below `target/fuzz-corpus`.

mod seeds;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use self::seeds::Seeds;

/// The flags of rustc that add libFuzzer's counters to the program.
const INSTRUMENTATION: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// What fuzzing found.
#[derive(Debug)]
pub struct Report {
    /// A table for the user.
    pub text: String,
    /// How many targets failed.
    pub findings: usize,
}

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    clap::Command::new("fuzz")
        .about("Run the fuzz targets with random inputs")
        .long_about(
            "Builds the fuzz targets of fuzz/ and runs each, or those named. It prints how many inputs\n\
             each was given. An input that makes a target fail is kept below target/fuzz-findings,\n\
             and the command ends with exit code 1.",
        )
        .arg(
            Arg::new("targets")
                .value_name("TARGET")
                .num_args(0..)
                .help("The targets to run; all without it"),
        )
        .arg(
            Arg::new("target")
                .long("target")
                .value_name("TARGET")
                .action(ArgAction::Append)
                .help("One more target"),
        )
        .arg(
            Arg::new("seconds")
                .long("seconds")
                .value_name("N")
                .value_parser(value_parser!(u32))
                .default_value("60")
                .help("How long each target runs; 0 runs only the existing inputs"),
        )
}

/// Runs the command with its arguments.
///
/// # Errors
/// Unknown targets, a build that fails, programs that cannot be started.
pub fn command(workspace: &Path, matches: &ArgMatches) -> Result<Report> {
    let seconds = *matches.get_one("seconds").expect("it has a default value");
    let names: Vec<&String> = ["targets", "target"]
        .into_iter()
        .filter_map(|id| matches.get_many(id))
        .flatten()
        .collect();
    let targets = targets(workspace)?;
    if let Some(unknown) = names.iter().find(|name| !targets.contains(*name)) {
        let known = targets.join(", ");
        bail!("there is no fuzz target `{unknown}`; there are {known}");
    }
    let chosen = targets
        .iter()
        .filter(|target| names.is_empty() || names.contains(target));
    run_all(workspace, chosen, seconds)
}

/// The names of all targets, in their order.
///
/// # Errors
/// A folder that cannot be read.
pub fn targets(workspace: &Path) -> Result<Vec<String>> {
    let folder = workspace.join("fuzz/targets");
    let unreadable = || format!("could not read {}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn run_all<'a>(
    workspace: &Path,
    targets: impl Iterator<Item = &'a String>,
    seconds: u32,
) -> Result<Report> {
    let programs = build(workspace)?;
    let seeds = Seeds::collect(workspace)?;
    let mut report = Report {
        text: String::new(),
        findings: 0,
    };
    let mut executions = 0;
    for target in targets {
        let corpus = workspace.join("target/fuzz-corpus").join(target);
        seeds.write(target, &corpus)?;
        let run = run(workspace, &programs.join(target), target, &corpus, seconds)?;
        let _ = writeln!(
            report.text,
            "{target:20} {:>12} executions, {}",
            run.executions, run.outcome
        );
        executions += run.executions;
        report.findings += usize::from(run.failed);
    }
    let _ = writeln!(
        report.text,
        "{:20} {executions:>12} executions, {} findings",
        "all", report.findings
    );
    Ok(report)
}

/// Builds all targets; gives the folder of the programs.
fn build(workspace: &Path) -> Result<PathBuf> {
    let host = host_triple()?;
    let target_folder = workspace.join("target/fuzz");
    let status = Command::new("cargo")
        .args(["build", "--release", "--target", &host])
        .current_dir(workspace.join("fuzz"))
        .env("RUSTFLAGS", INSTRUMENTATION)
        .env("CARGO_TARGET_DIR", &target_folder)
        .status()
        .context("could not start cargo")?;
    if !status.success() {
        bail!("the fuzz targets do not build (libFuzzer needs a C++ compiler)");
    }
    Ok(target_folder.join(host).join("release"))
}

fn host_triple() -> Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("could not start rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .context("rustc does not say which machine it builds for")
}

struct Run {
    executions: u64,
    outcome: String,
    failed: bool,
}

fn run(workspace: &Path, program: &Path, target: &str, corpus: &Path, seconds: u32) -> Result<Run> {
    let findings = workspace.join("target/fuzz-findings").join(target);
    fs::create_dir_all(&findings)
        .with_context(|| format!("could not create {}", findings.display()))?;
    let fuzz = workspace.join("fuzz");
    let mut command = Command::new(program);
    // New inputs go to the first folder.
    command.arg(corpus);
    let committed = fuzz.join("corpus").join(target);
    if committed.is_dir() {
        command.arg(committed);
    }
    let dictionary = fuzz.join("dictionaries").join(format!("{target}.dict"));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    command.arg(match seconds {
        0 => "-runs=0".to_owned(),
        seconds => format!("-max_total_time={seconds}"),
    });
    let output = command
        .arg(format!("-artifact_prefix={}/", findings.display()))
        .args([
            "-seed=1",
            "-timeout=10",
            "-rss_limit_mb=4096",
            "-print_final_stats=1",
        ])
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start {}", program.display()))?;
    let log = String::from_utf8_lossy(&output.stderr);
    let executions = log
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or(0);
    let failed = !output.status.success() || executions == 0;
    let outcome = match failed {
        false => "nothing found".to_owned(),
        true => format!("FAILED: {}; see {}", cause(&log), findings.display()),
    };
    Ok(Run {
        executions,
        outcome,
        failed,
    })
}

/// Why a target failed, and its output.
fn cause(log: &str) -> String {
    let mut lines = log.lines();
    let first =
        lines.find(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer"));
    let message = lines.next().filter(|line| !line.starts_with("note:"));
    match (first, message) {
        (Some(place), Some(message)) => format!("{place} {message}"),
        (Some(place), None) => place.to_owned(),
        (None, _) => "it did not run".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// A target without initial inputs spends its time on inputs that cannot be parsed.
    #[test]
    fn every_target_has_inputs_to_begin_with() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("a workspace");
        let manifest = fs::read_to_string(workspace.join("fuzz/Cargo.toml")).expect("it is there");
        let targets = super::targets(workspace).expect("the folder can be read");
        assert!(targets.len() >= 17);
        for target in &targets {
            assert!(
                manifest.contains(&format!("path = \"targets/{target}.rs\"")),
                "fuzz/Cargo.toml does not build {target}"
            );
            let corpus = workspace.join("fuzz/corpus").join(target);
            let seeds = fs::read_dir(&corpus).map_or(0, Iterator::count);
            assert!(seeds >= 2, "{} has {seeds} inputs", corpus.display());
        }
    }
}
