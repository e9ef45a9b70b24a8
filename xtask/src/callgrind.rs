//! Counts the instructions that a program runs, with valgrind's tool callgrind.
//!
//! The counts do not depend on what else the machine does. Those of all threads are added up.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

const VALGRIND: &str = "valgrind";

/// The version of valgrind.
///
/// # Errors
/// A valgrind that is not installed; what to do about it.
pub(crate) fn version() -> Result<String> {
    let output = match Command::new(VALGRIND).arg("--version").output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => bail!(
            "instructions are counted by valgrind, which is not installed: install the package `valgrind` of your system, \
             for example with `apt-get install valgrind`"
        ),
        Err(error) => return Err(error).context("could not run valgrind"),
    };
    ensure!(
        output.status.success(),
        "`valgrind --version` failed ({})",
        output.status
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What a counted run has printed, and how many instructions it took.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) instructions: u64,
    pub(crate) output: String,
}

/// Runs a command to its end and counts its instructions, those of starting and ending it included.
/// Valgrind's own messages go to the file `log`.
///
/// # Errors
/// A command that fails.
pub(crate) fn count(command: &Command, log: &Path) -> Result<Counted> {
    let program = command.get_program().display();
    let mut counted = Command::new(VALGRIND);
    counted
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(format!("--log-file={}", log.display()))
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => counted.env(name, value),
            None => counted.env_remove(name),
        };
    }
    let output = counted
        .stderr(Stdio::inherit())
        .output()
        .context("could not run valgrind")?;
    let messages =
        fs::read_to_string(log).with_context(|| format!("could not read {}", log.display()))?;
    ensure!(
        output.status.success(),
        "{program} failed ({}) below valgrind, whose messages are in {}",
        output.status,
        log.display()
    );
    let instructions = collected(&messages).with_context(|| {
        format!(
            "valgrind did not say how many instructions {program} took; its messages are in {}",
            log.display()
        )
    })?;
    Ok(Counted {
        instructions,
        output: String::from_utf8_lossy(&output.stdout).into_owned(),
    })
}

/// The number of callgrind's line `==123== Collected : 456`.
fn collected(messages: &str) -> Option<u64> {
    let line = messages
        .lines()
        .find_map(|line| line.split_once("Collected :"));
    line?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::collected;

    #[test]
    fn the_count_is_read_from_valgrinds_messages() {
        let messages = "==7== Callgrind, a call-graph generating cache profiler\n==7== \n\
            ==7== Events    : Ir\n==7== Collected : 1203455\n==7== \n==7== I   refs:      1,203,455\n";
        assert_eq!(collected(messages), Some(1_203_455));
        assert_eq!(collected("==7== Process terminating\n"), None);
        assert_eq!(collected("==7== Collected : \n"), None);
    }
}
