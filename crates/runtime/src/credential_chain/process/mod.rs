//! `credential_process`: a program that prints credentials.
//!
//! If standard input is a terminal, the program may prompt the user: it inherits standard input, and the standard error
//! stream if that is a terminal, too. Otherwise it gets neither, and is the leader of a new process group, so that it
//! can be killed together with the processes that it started. (In a new group it could not read from the terminal.)
//! Errors never show the output of the program, on either stream.

mod running;

use std::io::IsTerminal;
use std::pin::pin;
use std::process::{Command, Stdio};
use std::time::Duration;

use self::running::{End, Running};
use super::document::Document;
use super::{CredentialsError, Surroundings, failed};
use crate::credentials::origin::chain as origin;
use crate::texts::ToText as _;
use crate::timer::within;
use crate::{BoxFuture, Credentials, shell_words};

/// How long a program may run: as long as in the AWS SDK for Go.
const DEADLINE: Duration = Duration::from_secs(60);
/// The limit for a program that may prompt the user, who may have to find a code.
const DEADLINE_WITH_PERSON: Duration = Duration::from_secs(300);

/// Runs a command; `place` is the place of the setting, for errors.
pub(super) fn run<'a>(
    surroundings: &'a Surroundings,
    command: &'a str,
    place: &'a str,
) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
    Box::pin(async move {
        let words = shell_words::split_command(command).unwrap_or_default();
        let Some((program, arguments)) = words.split_first() else {
            return failed(format!("credential_process ({place}) is not a command"));
        };
        let printed = printed(surroundings, program, arguments).await;
        let credentials = printed.and_then(|printed| credentials(&printed));
        let credentials = credentials.map(|found| found.with_sources(&origin::PROCESS));
        credentials.map_err(|problem| {
            CredentialsError::new(format!(
                "credential_process ({place}), program `{program}`: {problem}"
            ))
        })
    })
}

/// The output of a program until it ends.
async fn printed(
    surroundings: &Surroundings,
    program: &str,
    arguments: &[String],
) -> Result<Vec<u8>, String> {
    let with_person = std::io::stdin().is_terminal();
    let deadline = match with_person {
        true => DEADLINE_WITH_PERSON,
        false => DEADLINE,
    };
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::piped());
    if with_person {
        command.stdin(Stdio::inherit());
    } else {
        command.stdin(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
    }
    command.stderr(match with_person && std::io::stderr().is_terminal() {
        true => Stdio::inherit(),
        false => Stdio::null(),
    });
    let child = command
        .spawn()
        .map_err(|error| format!("it could not be started: {error}"))?;
    let running = Running::start(child, !with_person)
        .map_err(|error| format!("it could not be watched: {error}"))?;
    // Dropping this ends the program.
    match within(&*surroundings.timer, deadline, pin!(running)).await {
        Some(Ok(End::Printed(text))) => Ok(text),
        Some(Ok(End::Failed(status))) => Err(format!(
            "it ended with {status}; what it printed is not shown"
        )),
        Some(Ok(End::TooMuch(limit))) => Err(format!(
            "it printed more than {limit} bytes, and was stopped"
        )),
        Some(Err(error)) => Err(format!("it could not be read: {error}")),
        None => Err(format!(
            "it did not end within {deadline:?}, and was stopped"
        )),
    }
}

fn credentials(printed: &[u8]) -> Result<Credentials, String> {
    let Some(document) = Document::read(printed) else {
        return Err("what it printed is not JSON; it is not shown".to_text());
    };
    if document.version != Some(1) {
        return Err("its output has no `Version` of 1".to_text());
    }
    document
        .credentials("it")
        .map_err(|error| format!("{error:#}"))
}
