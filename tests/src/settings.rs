//! What our clients make of an environment and its files, so that botocore can be held against it.
//!
//! What a client is set to is told by what it sends: where, signed with which key for which region, and what its headers
//! say about retries and the application. So nothing is asked that a user could not see.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use attache_runtime::{Config, Environment, FixedEnvironment, Timestamp};
use serde::{Deserialize, Serialize};

use crate::transport::{Answers, Sent};

/// An environment, and the client that is made in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// The folder of the service in `models/`.
    service: String,
    variables: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
    /// Those of them that may not be read.
    unreadable: BTreeSet<PathBuf>,
    time: Timestamp,
}

/// A machine whose user may not read every file.
#[derive(Debug)]
struct Machine {
    environment: FixedEnvironment,
    unreadable: BTreeSet<PathBuf>,
}

impl Environment for Machine {
    fn variable(&self, name: &str) -> Option<String> {
        self.environment.variable(name)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.unreadable.contains(path) {
            true => Err(io::ErrorKind::PermissionDenied.into()),
            false => self.environment.read(path),
        }
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        self.environment.write(path, contents)
    }
}

/// The request that the client sent, or why there is none.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Sent {
        url: String,
        authorization: String,
        token: String,
        user_agent: String,
        attempts: String,
    },
    Error(String),
}

/// Answers one question, both in JSON.
///
/// # Errors
/// The question is none.
pub fn answer(question: &str) -> Result<String> {
    let question: Question = serde_json::from_str(question).context("it is not a question")?;
    let answers = Answers::default();
    let answer = match call(&question, &answers)? {
        Ok(()) => {
            let sent = answers.sent();
            let request = sent.first().context("a call without a request")?;
            described(request)
        }
        Err(error) => Answer::Error(error),
    };
    Ok(serde_json::to_string(&answer)?)
}

fn described(request: &Sent) -> Answer {
    let header = |name| request.header(name).to_owned();
    Answer::Sent {
        url: request.url.clone(),
        authorization: header("authorization"),
        token: header("x-amz-security-token"),
        user_agent: header("user-agent"),
        attempts: header("amz-sdk-request"),
    }
}

/// Calls an operation that takes no parameters; the inner error is the client's.
fn call(question: &Question, answers: &Answers) -> Result<Result<(), String>> {
    let mut environment = FixedEnvironment::default();
    for (name, value) in &question.variables {
        environment = environment.with_variable(name, value);
    }
    for (path, text) in &question.files {
        environment = environment.with_file(path, text.as_bytes());
    }
    let machine = Machine {
        environment,
        unreadable: question.unreadable.clone(),
    };
    let config = Config::builder()
        .transport(answers.clone())
        .time_source(question.time)
        .from_environment(machine)
        .and_then(attache_runtime::ConfigBuilder::build);
    let config = match config {
        Ok(config) => config,
        Err(error) => return Ok(Err(format!("{error:#}"))),
    };
    Ok(match question.service.as_str() {
        "support" => {
            let client = attache_support::Client::new(&config);
            let answer = client.describe_services().send().wait();
            answer.map(drop).map_err(|error| format!("{error:#}"))
        }
        "security-ir" => {
            let client = attache_security_ir::Client::new(&config);
            let answer = client.list_cases().send().wait();
            answer.map(drop).map_err(|error| format!("{error:#}"))
        }
        other => bail!("there is no client of `{other}`"),
    })
}
