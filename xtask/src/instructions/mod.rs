//! `cargo xtask instructions`: counts the instructions of hot paths, and compares them with `benches/instructions.json`.
//!
//! Times change with the load of a machine, counts do not. So these are the only measured figures on which a check
//! depends; `docs/decisions/0080-instruction-counts.md` gives the reasons.

mod comparison;
mod program;
mod record;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::{Arg, ArgAction, ArgMatches};

use self::comparison::{Change, Comparison, compare};
use self::program::Program;
use self::record::{Conditions, Counts, Record};
use crate::{callgrind, tools};

/// What the command found.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether a path takes far more instructions than recorded, or is not guarded.
    pub failed: bool,
}

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    clap::Command::new("instructions")
        .about("Count the instructions of hot paths, and compare them with benches/instructions.json")
        .long_about(
            "Counts the instructions of hot paths with valgrind, which must be installed. They are compared with\n\
             benches/instructions.json if it was recorded with the same compiler, lock file, target, features of the\n\
             processor and C library; otherwise the counts are printed, with the reason. More than 3 % above the record\n\
             are a warning, more than 15 % a failure.",
        )
        .arg(
            Arg::new("paths")
                .value_name("PATH")
                .num_args(0..)
                .help("Only these paths, for example `call`; all without it"),
        )
        .arg(
            Arg::new("record")
                .long("record")
                .action(ArgAction::SetTrue)
                .conflicts_with("paths")
                .help("Write the counts to benches/instructions.json, and compare nothing"),
        )
}

/// Runs the command with its arguments.
///
/// # Errors
/// A valgrind that is not installed, a program that does not build or fails, a record that cannot be read or written.
pub fn command(workspace: &Path, matches: &ArgMatches) -> Result<Report> {
    let valgrind = callgrind::version()?;
    let chosen: Vec<String> = matches
        .get_many("paths")
        .map_or_else(Vec::new, |names| names.cloned().collect());
    let is_recording = matches.get_flag("record");
    // A damaged record must not prevent a new one.
    let recorded = match is_recording {
        true => None,
        false => record::read(workspace)?,
    };
    let program = Program::build(workspace)?;
    let counts = program.count(&chosen)?;
    let conditions = conditions(workspace, &program)?;
    if is_recording {
        let record = Record {
            conditions,
            instructions: counts,
        };
        let file = record::write(workspace, &record)?;
        let text = format!("{}wrote {}\n", list(&record.instructions), file.display());
        return Ok(Report {
            text,
            failed: false,
        });
    }
    let comparison = compare(recorded.as_ref(), &conditions, &counts, &chosen);
    let recorded = recorded.map_or_else(Counts::new, |record| record.instructions);
    Ok(report(&comparison, &recorded, &counts, &valgrind))
}

fn conditions(workspace: &Path, program: &Program) -> Result<Conditions> {
    let compiler: Vec<String> = answer("rustc", &["-vV"])?
        .lines()
        .map(str::to_owned)
        .collect();
    let target = compiler.iter().find_map(|line| line.strip_prefix("host: "));
    let target = target.context("`rustc -vV` states no host")?.to_owned();
    let lock = workspace.join("benches/Cargo.lock");
    let lock =
        fs::read_to_string(&lock).with_context(|| format!("could not read {}", lock.display()))?;
    Ok(Conditions {
        compiler,
        lock_file: tools::text_hash(&lock),
        target,
        profile: program.profile.clone(),
        features: program.features()?,
        // Only glibc answers; where it does not, nothing distinguishes two versions of another library.
        c_library: answer("getconf", &["GNU_LIBC_VERSION"]).unwrap_or_else(|_| "unknown".into()),
    })
}

/// What a command prints.
fn answer(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("could not run {program}"))?;
    ensure!(
        output.status.success(),
        "`{program} {}` failed ({})",
        arguments.join(" "),
        output.status
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn list(counts: &Counts) -> String {
    let lines = counts
        .iter()
        .map(|(name, count)| format!("{name:<24} {count:>12}\n"));
    lines.collect()
}

fn report(comparison: &Comparison, recorded: &Counts, counts: &Counts, valgrind: &str) -> Report {
    let changes = match comparison {
        Comparison::Compared(changes) => changes,
        Comparison::NotCompared(reasons) => {
            let reasons = reasons.iter().map(|reason| format!("  {reason}\n"));
            let text = format!(
                "{}The instructions were counted by {valgrind}, but NOT COMPARED with benches/instructions.json, because \
                 their change would not be one of our code:\n{}",
                list(counts),
                reasons.collect::<String>()
            );
            return Report {
                text,
                failed: false,
            };
        }
    };
    let mut text = format!(
        "{:<24} {:>12} {:>12} {:>10}\n",
        "path", "recorded", "counted", "change"
    );
    let cell =
        |counts: &Counts, name: &String| counts.get(name).map_or_else(String::new, u64::to_string);
    for (name, change) in changes {
        let (percent, meaning) = change.cells();
        let (recorded, counted) = (cell(recorded, name), cell(counts, name));
        let line = format!("{name:<24} {recorded:>12} {counted:>12} {percent:>10}  {meaning}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let failed = changes.iter().any(|(_, change)| change.fails());
    if changes
        .iter()
        .any(|(_, change)| !matches!(change, Change::Same(_)))
    {
        text.push_str(
            "After a change that is meant, `cargo xtask instructions --record` writes the new counts, which belong into the \
             same commit.\n",
        );
    }
    Report { text, failed }
}
