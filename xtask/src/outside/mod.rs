//! `cargo xtask outside`: holds the clients against implementations that are not ours.
//!
//! `cargo test` proves what can be proved with Rust alone. This command needs Python and, the first time, the network:
//! it compares our clients with botocore call by call, and calls a moto server with them. The scripts are in
//! `xtask/outside`, the Rust side of the conversation in the package `attache-tests`.

pub(crate) mod environment;
mod moto;
mod programs;
mod wire;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use self::environment::Environment;
use self::programs::Programs;
use crate::arguments::Arguments;

const HELP: &str = "\
cargo xtask outside [--differential [--cases N] [--seed S]]

Compares the clients with botocore (requests, signatures, responses, errors of every operation) and calls a moto server
with them. Both are installed under target/outside, which takes Python 3.11 or newer and, the first time, the network.
The environment variable PYTHON names another Python than `python3`.

  --differential   only the comparison with botocore
  --cases N        how many random requests and random responses each operation gets (without it: 8)
  --seed S         what they are made from; the same seed makes the same ones
";

/// What the command found.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether anything differed.
    pub differs: bool,
}

/// What a check works with.
struct Outside {
    workspace: PathBuf,
    /// How many random cases the comparison makes, and from which seed, as `wire.py` takes them.
    plan: Vec<String>,
    environment: Environment,
    programs: Programs,
}

impl Outside {
    /// The path of a script in `xtask/outside`.
    fn script(&self, name: &str) -> PathBuf {
        self.workspace.join("xtask/outside").join(name)
    }
}

/// A comparison with one implementation; it prints what it finds and gives back whether all agreed.
type Check = fn(&Outside) -> Result<bool>;

const CHECKS: [(&str, Check); 2] = [("botocore", wire::compare), ("moto", moto::call)];

/// Runs the command with its arguments.
///
/// # Errors
/// Python or the packages cannot be had, or the programs cannot be built.
pub fn command(workspace: &Path, mut arguments: Arguments) -> Result<Report> {
    if arguments.flag("--help") || arguments.flag("-h") {
        return Ok(Report {
            text: HELP.to_owned(),
            differs: false,
        });
    }
    let differential = arguments.flag("--differential");
    let mut plan = Vec::new();
    if let Some(cases) = arguments.option("--cases")? {
        let count: u32 = cases
            .parse()
            .with_context(|| format!("--cases takes a whole number, not `{cases}`"))?;
        plan.push(format!("--cases={count}"));
    }
    if let Some(seed) = arguments.option("--seed")? {
        plan.push(format!("--seed={seed}"));
    }
    anyhow::ensure!(
        differential || plan.is_empty(),
        "--cases and --seed go with --differential; see `cargo xtask outside --help`"
    );
    let names = arguments.finish()?;
    anyhow::ensure!(
        names.is_empty(),
        "`outside` compares every service and takes no names; see `cargo xtask outside --help`"
    );
    let checks = if differential {
        &CHECKS[..1]
    } else {
        &CHECKS[..]
    };
    outside(workspace, checks, plan)
}

fn outside(workspace: &Path, checks: &[(&str, Check)], plan: Vec<String>) -> Result<Report> {
    let mut steps = Vec::new();
    let start = Instant::now();
    let environment = Environment::set_up(workspace)?;
    steps.push(("Python packages", "ready", start.elapsed()));
    let start = Instant::now();
    let programs = Programs::build(workspace)?;
    steps.push(("our programs", "built", start.elapsed()));
    let outside = Outside {
        workspace: workspace.to_owned(),
        plan,
        environment,
        programs,
    };
    let mut differs = false;
    for &(name, check) in checks {
        println!("\n{name}");
        let start = Instant::now();
        let agreed = match check(&outside) {
            Ok(agreed) => agreed,
            Err(error) => {
                println!("error: {error:#}");
                false
            }
        };
        differs |= !agreed;
        let result = if agreed { "agreed" } else { "DIFFERED" };
        steps.push((name, result, start.elapsed()));
    }
    Ok(Report {
        text: table(&steps),
        differs,
    })
}

fn table(steps: &[(&str, &str, Duration)]) -> String {
    let mut text = String::from("\n");
    for (name, result, time) in steps {
        let _ = writeln!(text, "{name:<16} {result:<9} {:>6.1} s", time.as_secs_f64());
    }
    text
}
