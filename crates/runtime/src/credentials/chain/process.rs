//! `credential_process`: a program that prints credentials.
//!
//! It runs on a thread of its own, so that no executor has to know about processes, and is killed when nobody waits for
//! it any more. What it prints, on either stream, is never shown.

use std::future::Future;
use std::io::Read;
use std::pin::Pin;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::document::Document;
use super::{CredentialsError, failed};
use crate::Credentials;
use crate::credentials::flight::lock;

/// The most bytes that are read.
const LIMIT: u64 = 256 * 1024;

/// Runs a command; `place` is where it stands, for errors.
pub(super) async fn run(command: &str, place: &str) -> Result<Credentials, CredentialsError> {
    let words = split(command);
    let Some((program, arguments)) = words.as_deref().and_then(<[String]>::split_first) else {
        return failed(format!("credential_process ({place}) is not a command"));
    };
    let failure = |what: String| {
        CredentialsError::new(format!(
            "credential_process ({place}), program `{program}`: {what}"
        ))
    };
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failure(format!("it could not be started: {error}")))?;
    let (output, success) = Running::start(child)
        .map_err(|error| failure(format!("it could not be watched: {error}")))?
        .await
        .map_err(|error| failure(format!("it could not be read: {error}")))?;
    if let Err(status) = success {
        return Err(failure(format!(
            "it ended with {status}; what it printed is not shown"
        )));
    }
    let Some(document) = Document::read(&output) else {
        return Err(failure(
            "what it printed is not JSON; it is not shown".to_owned(),
        ));
    };
    if document.version != Some(1) {
        return Err(failure("it gave no `Version` of 1".to_owned()));
    }
    document
        .credentials("it")
        .map_err(|error| failure(error.to_string()))
}

/// What a program printed, and the status that it failed with.
type Ended = std::io::Result<(Vec<u8>, Result<(), std::process::ExitStatus>)>;

/// A program on its way.
struct Running {
    child: Arc<Mutex<Child>>,
    end: Arc<Mutex<End>>,
}

#[derive(Default)]
struct End {
    result: Option<Ended>,
    waker: Option<Waker>,
}

impl Running {
    fn start(mut child: Child) -> std::io::Result<Self> {
        let output = child.stdout.take();
        let running = Self {
            child: Arc::new(Mutex::new(child)),
            end: Arc::default(),
        };
        let (child, end) = (running.child.clone(), running.end.clone());
        std::thread::Builder::new()
            .name("attache-credentials".to_owned())
            .spawn(move || {
                let result = watch(output, &child);
                let mut end = lock(&end);
                end.result = Some(result);
                if let Some(waker) = end.waker.take() {
                    waker.wake();
                }
            })?;
        Ok(running)
    }
}

fn watch(output: Option<impl Read>, child: &Mutex<Child>) -> Ended {
    let mut text = Vec::new();
    if let Some(output) = output {
        output.take(LIMIT).read_to_end(&mut text)?;
    }
    // Its output has ended, so it ends now; whoever kills it meanwhile waits for that.
    let status = lock(child).wait()?;
    Ok((
        text,
        if status.success() {
            Ok(())
        } else {
            Err(status)
        },
    ))
}

impl Future for Running {
    type Output = Ended;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ended> {
        let mut end = lock(&self.end);
        match end.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                end.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Locked only while it ends; one that has ended cannot be killed, and need not be.
        if let Ok(mut child) = self.child.try_lock() {
            let _ = child.kill();
        }
    }
}

/// The words of a command, as a POSIX shell splits them: quotes and backslashes, and nothing else of a shell. `None`
/// where a quote does not end. A backslash is part of the word on Windows, where paths have them.
fn split(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = command.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        end if end == character => break,
                        '\\' if character == '"' && !cfg!(windows) => match characters.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        other => word.push(other),
                    }
                }
            }
            '\\' if !cfg!(windows) => word.get_or_insert_default().push(characters.next()?),
            space if space.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn commands_are_split_as_a_shell_does() {
        let words = |command| split(command).map(|words| words.join("|"));
        assert_eq!(words(" a  b\tc "), Some("a|b|c".to_owned()));
        assert_eq!(words("'a b' \"c d\"e ''"), Some("a b|c de|".to_owned()));
        assert_eq!(words("a 'b"), None);
        if cfg!(windows) {
            assert_eq!(words(r"C:\x\y.exe"), Some(r"C:\x\y.exe".to_owned()));
        } else {
            assert_eq!(words(r#"a\ b "c\"\d""#), Some(r#"a b|c"\d"#.to_owned()));
        }
    }
}
