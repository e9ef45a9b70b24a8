//! `cargo xtask`: picks the command.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use attache_codegen::workspace::{self, Outcome};
use xtask::arguments::Arguments;
use xtask::{bench, conformance, corpus, demo, deny, fuzz, long_run, outside};

/// What messages call this program.
const PROGRAM: &str = "cargo xtask";

/// The commands that only this repository has; the others come from `attache-codegen`.
const OWN_COMMANDS: &str = "  demo                            show what the clients and workflows do, on local services
  corpus DIR                      generate every service of published models, to see how far it reaches
  deny                            check licenses, duplicates, sources and advisories of all dependencies
  outside                         compare the clients with botocore and moto
  fuzz [TARGET…] [--seconds N]    feed every reader with what nobody would send
  long-run [--calls N]            make a million calls with one client, and measure what is left of them
  conformance --suites DIR        run protocol suites through generated clients
  bench [PART…] [--record]        measure attache beside others
";

fn main() -> ExitCode {
    // The alias runs in whichever folder the caller is in; the workspace is where this package stands.
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "--help".to_owned());
    let rest: Vec<String> = arguments.collect();
    let outcome = workspace::run(PROGRAM, workspace, &name, rest.clone())
        .unwrap_or_else(|| run(workspace, &name, rest));
    workspace::finish(&name, outcome)
}

/// Runs one of the commands that only this repository has.
fn run(workspace: &Path, name: &str, rest: Vec<String>) -> Result<Outcome> {
    let arguments = Arguments::new(PROGRAM, name, rest);
    let (text, failed) = match name {
        "corpus" => {
            let report = corpus::command(arguments)?;
            (report.text, report.panicked)
        }
        "deny" => {
            let report = deny::command(workspace, arguments)?;
            (report.text, report.failed)
        }
        "demo" => (demo::command(workspace, arguments)?, false),
        "conformance" => {
            let report = conformance::command(workspace, arguments)?;
            (report.text, report.failed)
        }
        "fuzz" => {
            let report = fuzz::command(workspace, arguments)?;
            (report.text, report.findings > 0)
        }
        "long-run" => (long_run::command(workspace, arguments)?, false),
        "bench" => (bench::command(workspace, arguments)?, false),
        "outside" => {
            let report = outside::command(workspace, arguments)?;
            (report.text, report.differs)
        }
        "--help" | "-h" | "help" => (help(), false),
        other => bail!("there is no command `{other}`\n\n{}", help()),
    };
    Ok(Outcome {
        text,
        status: u8::from(failed),
    })
}

fn help() -> String {
    let shared = workspace::COMMANDS;
    format!("{PROGRAM} COMMAND\n\n{shared}{OWN_COMMANDS}\n`{PROGRAM} COMMAND --help` says more.\n")
}
