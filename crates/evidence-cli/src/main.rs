//! The program `evidence`: opens cases of AWS Support and of AWS Security Incident Response, and moves files into and
//! out of them. The workflows are those of `attache-evidence`; this program adds the state of a whole command, questions
//! about lost answers, progress and output.

mod act;
mod answer;
mod arguments;
mod ask;
mod bars;
mod connection;
mod download;
mod failure;
mod files;
mod ir;
mod job;
mod shown;
mod support;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::answer::Answer;
use crate::arguments::{Arguments, Command};
use crate::ask::Ask;
use crate::failure::{Failure, Kind, Result};

/// What all commands use.
pub(crate) struct Context {
    pub(crate) config: attache_runtime::Config,
    pub(crate) ask: Ask,
    /// Where requests go, for the state: an answer of one endpoint is none of another.
    pub(crate) place: serde_json::Value,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let form = arguments.global.output;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(Failure::new(Kind::Other, error.to_string())),
    };
    ExitCode::from(answer::print(form, outcome))
}

async fn run(arguments: Arguments) -> Result<Answer> {
    let global = arguments.global;
    let context = || -> Result<Context> {
        Ok(Context {
            config: connection::config(&global)?,
            ask: Ask::new(global.no_input),
            place: serde_json::json!({
                "profile": global.profile,
                "region": global.region,
                "endpoint_url": global.endpoint_url,
            }),
        })
    };
    match arguments.command {
        Command::Support(command) => support::run(&context()?, command).await,
        Command::Ir(command) => ir::run(&context()?, command).await,
        Command::Verify(command) => {
            let context = match command.local_only {
                true => None,
                false => Some(context()?),
            };
            verify::run(context.as_ref(), command).await
        }
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "evidence", &mut text);
            Ok(printed(&text))
        }
        Command::Manual { folder: None } => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Arguments::command())
                .render(&mut text)
                .map_err(|error| Failure::new(Kind::Other, error.to_string()))?;
            Ok(printed(&text))
        }
        Command::Manual {
            folder: Some(folder),
        } => {
            std::fs::create_dir_all(&folder)
                .and_then(|()| clap_mangen::generate_to(Arguments::command(), &folder))
                .map_err(|error| Failure::of_file(folder.display(), error))?;
            Ok(printed(b""))
        }
    }
}

fn printed(text: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(text).into_owned();
    Answer {
        value: serde_json::json!({ "text": text }),
        text,
    }
}
