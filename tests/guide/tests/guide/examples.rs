//! Runs each block of Rust in a process of its own, with an environment that leads to local services.
//!
//! A variable of the environment cannot be set safely for one thread, and pages show programs that read theirs.

use std::path::Path;
use std::process::{Command, ExitCode};

use attache_guide::{EXAMPLES, Example};
use attache_local::Local;
use libtest_mimic::{Failed, Trial};

/// The variable that says which block the process runs.
pub(crate) const VARIABLE: &str = "ATTACHE_GUIDE_EXAMPLE";

/// A test for each block that is run.
pub(crate) fn trials() -> Vec<Trial> {
    let run = EXAMPLES.iter().filter(|example| !example.no_run);
    run.map(|example| Trial::test(example.name, move || check(example)))
        .collect()
}

/// Runs a block in this process.
pub(crate) fn run_here(name: &str) -> ExitCode {
    let Some(example) = EXAMPLES.iter().find(|example| example.name == name) else {
        eprintln!("there is no block {name}");
        return ExitCode::FAILURE;
    };
    match (example.run)() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn check(example: &Example) -> Result<(), Failed> {
    let local = Local::builder().start_blocking()?;
    let folder = tempfile::tempdir()?;
    write_files(folder.path())?;
    let (key, secret) = local.key();
    let output = Command::new(std::env::current_exe()?)
        .env_clear()
        .env(VARIABLE, example.name)
        .env("HOME", folder.path())
        .env("USERPROFILE", folder.path())
        .env("AWS_ACCESS_KEY_ID", key)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL_SUPPORT", local.endpoint())
        .env("AWS_ENDPOINT_URL_SECURITY_IR", local.endpoint())
        .current_dir(folder.path())
        .output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{}\n{printed}{errors}", output.status).into());
    }
    match example.output {
        Some(expected) if !agrees(expected, &printed) => Err(format!(
            "the page shows\n{expected}\nand the code prints\n{printed}{errors}"
        )
        .into()),
        _ => Ok(()),
    }
}

/// The files that the pages name.
fn write_files(folder: &Path) -> std::io::Result<()> {
    std::fs::write(folder.join("app.log"), "the disk is full\n".repeat(200))?;
    std::fs::write(folder.join("memory.dump"), vec![7; 6 * 1024 * 1024])?;
    let evidence = folder.join("evidence");
    std::fs::create_dir(&evidence)?;
    std::fs::write(evidence.join("flow.csv"), "time,source,target\n")?;
    std::fs::write(evidence.join("shell.txt"), "curl 198.51.100.7\n")
}

/// Whether a program printed what a page shows. `…` stands for any text within a line.
fn agrees(shown: &str, printed: &str) -> bool {
    let (shown, printed) = (shown.trim_end().lines(), printed.trim_end().lines());
    shown.clone().count() == printed.clone().count()
        && shown
            .zip(printed)
            .all(|(shown, printed)| line_agrees(shown, printed))
}

fn line_agrees(shown: &str, printed: &str) -> bool {
    let mut parts = shown.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = printed.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else {
            return false;
        };
        rest = behind;
    }
    rest.ends_with(last)
}
