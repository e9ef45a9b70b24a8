//! `cargo xtask`: picks the command.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use xtask::arguments::Arguments;
use xtask::{add, bench, conformance, corpus, demo, diff, fuzz, generate, import, outside, update};

const HELP: &str = "\
cargo xtask COMMAND

  import SERVICE --from PATH      read a published model into models/SERVICE
  generate [SERVICE…] [--check]   write the client crates, or show how they differ
  add SERVICE --from PATH         bring a new service: its model and its client crate
  update SERVICE --from PATH      bring a service to another model: import, diff, generate, version, changelog
  diff OLD NEW                    say what changed between two models, in Rust's terms too
  demo                            show what the clients and workflows do, on local services
  corpus DIR                      generate every service of botocore's data, to see how far it reaches
  outside                         compare the clients with botocore and moto
  fuzz [TARGET…] --seconds N      feed every reader with what nobody would send
  conformance --suites DIR        run protocol suites through generated clients
  bench [PART…] [--record]        measure attache beside others

`cargo xtask COMMAND --help` says more.
";

fn main() -> ExitCode {
    match run() {
        Ok((report, code)) => {
            print!("{report}");
            code
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(String, ExitCode)> {
    // The alias runs in whichever folder the caller is in; the workspace is where this package stands.
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("import") => {
            let report = import::command(
                &workspace.join("models"),
                Arguments::new("import", arguments),
            )?;
            Ok((report, ExitCode::SUCCESS))
        }
        Some("generate") => {
            let report = generate::command(workspace, Arguments::new("generate", arguments))?;
            Ok((report.text, exit_code(report.differs)))
        }
        Some("add") => {
            let report = add::command(workspace, Arguments::new("add", arguments))?;
            Ok((report, ExitCode::SUCCESS))
        }
        Some("update") => {
            let report = update::command(workspace, Arguments::new("update", arguments))?;
            Ok((report, ExitCode::SUCCESS))
        }
        Some("corpus") => {
            let report = corpus::command(Arguments::new("corpus", arguments))?;
            Ok((report.text, exit_code(report.panicked)))
        }
        Some("diff") => Ok(
            match diff::command(workspace, Arguments::new("diff", arguments)) {
                Ok(report) => (report, ExitCode::SUCCESS),
                Err(error) => {
                    eprintln!("error: {error:#}");
                    (String::new(), ExitCode::from(2))
                }
            },
        ),
        Some("demo") => {
            let report = demo::command(workspace, Arguments::new("demo", arguments))?;
            Ok((report, ExitCode::SUCCESS))
        }
        Some("conformance") => {
            let report = conformance::command(workspace, Arguments::new("conformance", arguments))?;
            Ok((report.text, exit_code(report.failed)))
        }
        Some("fuzz") => {
            let report = fuzz::command(workspace, Arguments::new("fuzz", arguments))?;
            Ok((report.text, exit_code(report.findings > 0)))
        }
        Some("bench") => {
            let report = bench::command(workspace, Arguments::new("bench", arguments))?;
            Ok((report, ExitCode::SUCCESS))
        }
        Some("outside") => {
            let report = outside::command(workspace, Arguments::new("outside", arguments))?;
            Ok((report.text, exit_code(report.differs)))
        }
        None | Some("--help" | "-h" | "help") => Ok((HELP.to_owned(), ExitCode::SUCCESS)),
        Some(other) => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}

fn exit_code(failed: bool) -> ExitCode {
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
