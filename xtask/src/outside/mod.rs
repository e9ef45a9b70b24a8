//! `cargo xtask outside`: holds the clients against implementations that are not ours.
//!
//! `cargo test` proves what can be proved with Rust alone. This command needs Python and, the first time, the network:
//! it compares our clients with botocore call by call, calls a moto server with them, and walks our local services with
//! boto3 and the AWS CLI. The scripts are in `xtask/outside`, the Rust side of the conversation in the package `attache-tests`.

pub(crate) mod environment;
mod history;
mod holding;
mod local;
mod moto;
mod programs;
pub(crate) mod scratch;
mod semver;
mod services;
mod settings;
mod wire;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use self::environment::Environment;
use self::programs::Programs;
use crate::arguments::Arguments;

const HELP: &str = "\
cargo xtask outside [--differential | --settings] [--cases N] [--seed S]
cargo xtask outside --semver [--pairs DIR] [PAIR…]
cargo xtask outside --history [--changelogs]
cargo xtask outside --services [--all | SERVICE…]

Compares the clients with botocore (requests, signatures, responses, errors of every operation; then settings and
credentials in made-up environments), calls a moto server with them, and walks the local services with boto3, requests
and the AWS CLI. All are installed under target/outside, which takes Python 3.11 or newer and, the first time, the network.
The environment variable PYTHON names another Python than `python3`.

  --differential   only the comparison of calls with botocore
  --settings       only the comparison of settings with botocore
  --cases N        how many random requests and random responses each operation gets (without it: 8), or how many
                   environments are made up (without it: 400)
  --seed S         what they are made from; the same seed makes the same ones

With --semver it needs neither Python nor the packages, but cargo-semver-checks, which is installed under target/tools the
first time: both sides of each pair of models (or of those named) are generated, and what `cargo xtask diff` says of the
Rust API is compared with what that tool says of the two crates.

  --pairs DIR      the pairs: folders with old.json and new.json (without it: ../shared/data/model-pairs)

With --history each service is brought through the releases of botocore in xtask/outside/histories.json by `cargo xtask
update`, in a workspace below target/outside; each step must compile, and what is committed must stand at the end.

  --changelogs     print what `update` says at each step as well

With --services the services of xtask/outside/services.txt (or those named, as botocore's data calls them) are brought by
`cargo xtask add` into a workspace below target/outside, one after another; each must compile, and clippy must have
nothing to say of it with the features proptest and serde.

  --all            all services that botocore has, but for those in protocols that are not generated: an hour and more
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
    /// How many random cases a comparison makes, and from which seed, as the scripts take them.
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

const CHECKS: [(&str, Check); 4] = [
    ("botocore", wire::compare),
    ("settings", settings::compare),
    ("moto", moto::call),
    ("local services", local::walk),
];

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
    if arguments.flag("--semver") {
        let pairs = arguments.option("--pairs")?;
        let pairs = pairs.map_or_else(
            || workspace.join("../shared/data/model-pairs"),
            PathBuf::from,
        );
        let (text, differs) = semver::compare(workspace, &pairs, &arguments.finish()?)?;
        return Ok(Report { text, differs });
    }
    if arguments.flag("--history") {
        let changelogs = arguments.flag("--changelogs");
        ensure_no_names(arguments)?;
        let (text, differs) = history::run(workspace, changelogs)?;
        return Ok(Report { text, differs });
    }
    if arguments.flag("--services") {
        let all = arguments.flag("--all");
        let names = arguments.finish()?;
        anyhow::ensure!(
            !all || names.is_empty(),
            "--all is about all services; leave out {}",
            names.join(", ")
        );
        let choice = match (all, names.is_empty()) {
            (true, _) => services::Choice::All,
            (false, true) => services::Choice::Listed,
            (false, false) => services::Choice::Named(names),
        };
        let (text, differs) = services::run(workspace, choice)?;
        return Ok(Report { text, differs });
    }
    let differential = arguments.flag("--differential");
    let settings = arguments.flag("--settings");
    anyhow::ensure!(
        !(differential && settings),
        "--differential and --settings each leave the other out; see `cargo xtask outside --help`"
    );
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
        differential || settings || plan.is_empty(),
        "--cases and --seed go with --differential or --settings; see `cargo xtask outside --help`"
    );
    ensure_no_names(arguments)?;
    let checks = match (differential, settings) {
        (true, _) => &CHECKS[..1],
        (_, true) => &CHECKS[1..2],
        (false, false) => &CHECKS[..],
    };
    outside(workspace, checks, plan)
}

fn ensure_no_names(arguments: Arguments) -> Result<()> {
    let names = arguments.finish()?;
    anyhow::ensure!(
        names.is_empty(),
        "`outside` compares every service and takes no names; see `cargo xtask outside --help`"
    );
    Ok(())
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
