//! `cargo xtask deny`: checks the dependency trees against `deny.toml`, with cargo-deny.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

use crate::tools::Tool;

const TOOL: Tool = Tool {
    name: "cargo-deny",
    subcommand: Some("deny"),
    version: "0.20.2",
    // It runs for a second, and would take minutes more to build.
    optimisation: "0",
};

/// What the command found.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether something is not allowed.
    pub failed: bool,
}

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    clap::Command::new("deny")
        .about("Check licenses, duplicates, sources and advisories of all dependencies")
        .long_about(
            "Checks the licenses of all dependencies, that no crate is there in two versions without a\n\
             reason, where crates come from, and whether advisories are out on them: deny.toml says\n\
             what is allowed. The first time it installs cargo-deny below target/tools. Where the\n\
             database of advisories cannot be fetched, an existing copy is used; without\n\
             one the advisories are not checked, and the command says so.",
        )
}

/// Runs the command.
///
/// # Errors
/// A tool that cannot be installed or fails otherwise.
pub fn command(workspace: &Path) -> Result<Report> {
    let tool = TOOL.installed(workspace)?;
    let run = |offline: bool, checks: &[&str]| -> Result<Verdict> {
        let output = Command::new(&tool)
            .current_dir(workspace)
            .args(["--color", "never"])
            .args(offline.then_some("--offline"))
            .args(["check", "--hide-inclusion-graph"])
            .args(checks)
            .output()
            .with_context(|| format!("could not run {}", tool.display()))?;
        Ok(Verdict::of(&output))
    };
    let own = run(false, &["licenses", "bans", "sources"])?;
    let advisories = match run(false, &["advisories"])? {
        // A copy of the database from an earlier run.
        Verdict::Unable(reason) => match run(true, &["advisories"])? {
            Verdict::Unable(_) => Verdict::Unable(reason),
            known => known,
        },
        known => known,
    };
    let mut text = String::new();
    let mut failed = false;
    match own {
        Verdict::Passed => text.push_str("licenses, duplicates and sources: ok\n"),
        Verdict::Failed(problems) => {
            failed = true;
            text.push_str(&problems);
        }
        Verdict::Unable(problems) => bail!("cargo-deny could not check the tree:\n{problems}"),
    }
    match advisories {
        Verdict::Passed => text.push_str("advisories: ok\n"),
        Verdict::Failed(problems) => {
            failed = true;
            text.push_str(&problems);
        }
        Verdict::Unable(problems) => {
            let mut lines = problems.lines();
            let reason = lines.find(|line| line.contains("fatal") || line.contains("error"));
            let reason = reason.or(problems.lines().next()).unwrap_or_default();
            text.push_str(&format!(
                "advisories: NOT CHECKED, there is no copy of their database and it cannot be fetched: {reason}\n"
            ));
        }
    }
    Ok(Report { text, failed })
}

/// The result of a run of the tool.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Passed,
    /// It found what is not allowed.
    Failed(String),
    /// It ended before it could check anything.
    Unable(String),
}

impl Verdict {
    fn of(output: &Output) -> Self {
        let text = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        // The last line names each check with `ok` or `FAILED`, if there was one.
        let has_verdict = |line: &str| line.contains(" FAILED") || line.contains(" ok");
        match output.status.success() {
            true => Self::Passed,
            false if text.lines().last().is_some_and(has_verdict) => Self::Failed(text),
            false => Self::Unable(text),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{ExitStatus, Output};

    use super::Verdict;

    fn verdict(code: i32, text: &str) -> Verdict {
        Verdict::of(&Output {
            status: ExitStatus::from_raw(code << 8),
            stdout: Vec::new(),
            stderr: text.as_bytes().to_vec(),
        })
    }

    #[test]
    fn a_missing_database_is_no_finding() {
        assert_eq!(verdict(0, "advisories ok\n"), Verdict::Passed);
        let found = "error[vulnerability]: x\n\nadvisories FAILED\n";
        assert_eq!(verdict(1, found), Verdict::Failed(found.to_owned()));
        let absent = "[ERROR] failed to fetch advisory database\nCould not resolve host\n";
        assert_eq!(verdict(1, absent), Verdict::Unable(absent.to_owned()));
    }
}
