//! The program `cargo xtask`: selects and runs a command.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use attache_codegen::workspace::{self, Outcome};
use clap::ArgMatches;
use xtask::{
    bench, command_line, conformance, corpus, demo, deny, downloads, fuzz, instructions,
    lock_files, long_run, outside, partitions, pictures, release, tidy,
};

fn main() -> ExitCode {
    // The alias runs in the current folder of the caller; the workspace is the one of this package.
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    let arguments = std::env::args_os().skip(1);
    workspace::execute(command_line(), arguments, |name, matches| {
        match name {
            "generate" => return partitions::command(workspace, matches).map(Outcome::from),
            "verify" => return partitions::verify(workspace, matches),
            "update" => return update(workspace, matches),
            name if workspace::downloads::needed(name, matches) => {
                return downloads::run(workspace);
            }
            _ => {}
        }
        workspace::perform(workspace, name, matches)
            .unwrap_or_else(|| perform(workspace, name, matches))
    })
}

/// Runs `update`, and brings the lock files to the versions that it wrote.
fn update(workspace: &Path, matches: &ArgMatches) -> Result<Outcome> {
    let mut outcome = match workspace::downloads::needed("update", matches) {
        true => downloads::run(workspace)?,
        false => Outcome::success(workspace::update::command(workspace, matches)?),
    };
    if outcome.status == 0 && !matches.get_flag("dry-run") {
        outcome.text.push_str(&lock_files::update(workspace)?);
    }
    Ok(outcome)
}

/// Runs one of the commands that only this repository has.
fn perform(workspace: &Path, name: &str, matches: &ArgMatches) -> Result<Outcome> {
    let (text, failed) = match name {
        "corpus" => {
            let report = corpus::command(matches)?;
            (report.text, report.panicked)
        }
        "deny" => {
            let report = deny::command(workspace)?;
            (report.text, report.failed)
        }
        "demo" => (demo::command(workspace)?, false),
        "conformance" => {
            let report = conformance::command(workspace, matches)?;
            (report.text, report.failed)
        }
        "fuzz" => {
            let report = fuzz::command(workspace, matches)?;
            (report.text, report.findings > 0)
        }
        "long-run" => (long_run::command(workspace, matches)?, false),
        "bench" => (bench::command(workspace, matches)?, false),
        "instructions" => {
            let report = instructions::command(workspace, matches)?;
            (report.text, report.failed)
        }
        "release" => {
            let report = release::command(workspace, matches)?;
            (report.text, report.failed)
        }
        "pictures" => (pictures::command(workspace)?, false),
        "tidy" => {
            let report = tidy::command(workspace, matches.get_flag("shrink"))?;
            (report.text, report.failed)
        }
        "outside" => {
            let report = outside::command(workspace, matches)?;
            (report.text, report.differs)
        }
        other => bail!("the command `{other}` is declared, but nothing performs it"),
    };
    Ok(Outcome {
        text,
        status: u8::from(failed),
    })
}
