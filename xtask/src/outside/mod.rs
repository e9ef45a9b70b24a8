//! `cargo xtask outside`: compares the clients with other implementations.
//!
//! `cargo test` needs only Rust. This command needs Python and, the first time, the network. It compares our clients
//! with botocore call by call, calls a moto server with them, and calls our local services with boto3 and the AWS CLI.
//! The scripts are in `xtask/outside`, the Rust programs in the package `attache-tests`.

mod checksums;
mod command_line;
mod cover;
mod differential;
mod documentation;
mod endpoints;
pub(crate) mod environment;
mod expressions;
mod frames;
mod history;
mod holding;
mod local;
mod moto;
mod pages;
mod programs;
pub(crate) mod scratch;
mod scripted;
mod semver;
mod services;
mod settings;
mod signatures;
mod slices;
mod sources;
mod sweep;
mod waiters;
mod wire;
mod workflows;

use std::cell::OnceCell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::ArgMatches;

pub use self::command_line::declaration;
use self::environment::Environment;
pub(crate) use self::environment::system_python;
use self::programs::Programs;
use crate::tools;

/// The data of services of botocore, which is downloaded.
///
/// # Errors
/// Python that does not work, data that cannot be downloaded.
pub(crate) fn service_data(
    workspace: &Path,
    environment: &Environment,
    services: &[String],
) -> Result<PathBuf> {
    differential::data(workspace, environment, None, services)
}

/// What the command found.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether anything differed.
    pub differs: bool,
}

/// What every comparison needs.
struct Outside {
    workspace: PathBuf,
    /// The number and the seed of random cases, in the form of the scripts' arguments.
    plan: Vec<String>,
    environment: Environment,
    programs: OnceCell<Programs>,
}

impl Outside {
    /// The path of a script in `xtask/outside`.
    fn script(&self, name: &str) -> PathBuf {
        self.workspace.join("xtask/outside").join(name)
    }

    /// The path of one of our programs, which are built when the first one is needed.
    fn program(&self, name: &str) -> Result<&Path> {
        if self.programs.get().is_none() {
            // It is empty.
            let _ = self.programs.set(Programs::build(&self.workspace)?);
        }
        let programs = self.programs.get();
        programs.context("our programs are not built")?.path(name)
    }
}

/// A comparison with one implementation; it prints differences and returns whether there was none.
type Comparison = fn(&Outside) -> Result<bool>;

const COMPARISONS: [(&str, Comparison); 15] = [
    ("botocore", wire::compare),
    ("settings", settings::compare),
    ("moto", moto::call),
    ("local services", local::walk),
    ("workflows", workflows::lint),
    ("other services", differential::sample),
    ("moto, others", moto::services::sample),
    ("signatures", signatures::compare),
    ("checksums", checksums::compare),
    ("event streams", frames::compare),
    ("moto, transfers", moto::transfers::sample),
    ("waiters", waiters::compare),
    ("pages", pages::compare),
    ("expressions", expressions::compare),
    ("scripted calls", scripted::compare),
];

/// The comparisons that an option runs by themselves: the option and the name.
const BY_ITSELF: [(&str, &str); 9] = [
    ("differential", "botocore"),
    ("settings", "settings"),
    ("workflows", "workflows"),
    ("signatures", "signatures"),
    ("checksums", "checksums"),
    ("waiters", "waiters"),
    ("paginators", "pages"),
    ("expressions", "expressions"),
    ("scripted", "scripted calls"),
];

/// Runs the command with its arguments.
///
/// # Errors
/// Python or packages that are not available, or programs that do not build.
pub fn command(workspace: &Path, matches: &ArgMatches) -> Result<Report> {
    let names = matches.get_many::<String>("names");
    let names: Vec<String> = names.into_iter().flatten().cloned().collect();
    let found = if let Some(choice) = differential::Choice::of(matches) {
        differential::run(workspace, &choice)
    } else if matches.get_flag("moto-services") {
        moto::services::run(workspace, &names, matches.get_one("from"))
    } else if matches.get_flag("transfers") {
        moto::transfers::run(workspace)
    } else if matches.get_flag("semver") {
        let pairs = matches.get_one::<PathBuf>("pairs").cloned();
        let pairs = pairs.unwrap_or_else(|| tools::reference_data(workspace).join("model-pairs"));
        semver::compare(workspace, &pairs, &names)
    } else if matches.get_flag("history") {
        history::run(workspace, matches.get_flag("changelogs"))
    } else if matches.get_flag("endpoints") {
        let cases = matches.get_one::<u32>("cases").copied();
        let seed = matches.get_one::<String>("seed").map(String::as_str);
        endpoints::compare(workspace, &names, cases, seed)
    } else if matches.get_flag("sources") {
        sources::run(workspace)
    } else if let Some(depth) = sweep::Depth::of(matches) {
        sweep::run(workspace, depth, matches.get_one("from"))
    } else if matches.get_flag("services") {
        let choice = match (matches.get_flag("all"), names.is_empty()) {
            (true, _) => services::Choice::All,
            (false, true) => services::Choice::Listed,
            (false, false) => services::Choice::Named(names),
        };
        let run = match matches.get_flag("docs") {
            true => documentation::run,
            false => services::run,
        };
        run(workspace, choice, matches.get_one("from"))
    } else {
        let only = |name| matches.get_flag(name);
        let chosen = BY_ITSELF.iter().find(|(flag, _)| only(flag));
        let comparisons: Vec<_> = COMPARISONS
            .into_iter()
            .filter(|(name, _)| chosen.is_none_or(|(_, chosen)| chosen == name))
            .collect();
        let cases = matches.get_one::<u32>("cases");
        let seed = matches.get_one::<String>("seed");
        let plan = cases.map(|cases| format!("--cases={cases}"));
        let plan = plan
            .into_iter()
            .chain(seed.map(|seed| format!("--seed={seed}")));
        outside(workspace, &comparisons, plan.collect())
    };
    found.map(|(text, differs)| Report { text, differs })
}

fn outside(
    workspace: &Path,
    comparisons: &[(&str, Comparison)],
    plan: Vec<String>,
) -> Result<(String, bool)> {
    let mut steps = Vec::new();
    let start = Instant::now();
    let environment = Environment::set_up(workspace)?;
    steps.push(("Python packages", "ready", start.elapsed()));
    let outside = Outside {
        workspace: workspace.to_owned(),
        plan,
        environment,
        programs: OnceCell::new(),
    };
    let mut differs = false;
    for &(name, comparison) in comparisons {
        println!("\n{name}");
        let start = Instant::now();
        let agreed = match comparison(&outside) {
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
    Ok((table(&steps), differs))
}

fn table(steps: &[(&str, &str, Duration)]) -> String {
    let mut text = String::from("\n");
    for (name, result, time) in steps {
        let _ = writeln!(text, "{name:<16} {result:<9} {:>6.1} s", time.as_secs_f64());
    }
    text
}
