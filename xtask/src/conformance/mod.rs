//! `cargo xtask conformance`: runs protocol suites through generated clients.
//!
//! The model of each suite is imported, generated and compiled like every model. The clients of all suites are modules
//! of one crate below `target/`, next to code that calls them with the parameters of the cases
//! ([`attache_codegen::protocol_tests`]). That program reports what happened, and this command judges it.

mod c2j;
mod cbor;
mod client;
pub mod endpoints;
pub mod folder;
mod members;
mod mend;
mod program;
mod report;
pub mod request;
mod skips;
mod smithy;
mod streams;
pub mod suite;
mod table;
pub mod validation;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, value_parser};
use serde_json::Value;

pub use self::report::Report;
use self::request::{Sent, judge};
use self::suite::{Suite, SuiteCase, Suites};
use self::table::{Entry, Verdict};

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    let option = |id: &'static str, value: &'static str, help: &'static str| {
        Arg::new(id).long(id).value_name(value).help(help)
    };
    let path = |id: &'static str, value: &'static str, help: &'static str| {
        option(id, value, help).value_parser(value_parser!(PathBuf))
    };
    clap::Command::new("conformance")
        .about("Run protocol suites through generated clients")
        .long_about(
            "Generates clients from the models of protocol suites, builds them and runs every case\n\
             through them. Prints a table, each failure with what was wanted and what came, the cases\n\
             that are skipped with the reasons of xtask/src/conformance/skips.toml, and a last line\n\
             `N passed, N failed, N skipped`. Exits with 1 on a failure.",
        )
        .arg(
            path("suites", "DIR", "The folder of the suites").long_help(
                "The folder of the suites: input/*.json and output/*.json (C2J) and smithy/*.json\n\
                 (Smithy JSON AST with the traits of smithy.test), each of which may be absent",
            ),
        )
        .arg(
            path("validation", "FILE", "A suite of malformed requests").long_help(
                "A suite of malformed requests (Smithy JSON AST): validation must give the message and\n\
                 the paths of the server; requests that our types cannot hold are skipped with the\n\
                 reason",
            ),
        )
        .arg(
            option("protocol", "NAME", "Only the cases of this protocol or file; may be repeated")
                .long_help(
                    "Only the cases of this protocol or file; may be repeated. A protocol has the name of\n\
                     its trait (`awsQuery`) or that of botocore (`query`), a file its name without `.json`",
                )
                .action(ArgAction::Append)
                .requires("suites"),
        )
        .arg(option("case", "ID", "Only the cases with this id").requires("suites"))
        .arg(
            path("endpoints", "DIR", "A folder of endpoint tests").long_help(
                "A folder of endpoint tests: SERVICE.json of botocore or of smithy.rules#endpointTests,\n\
                 whose rules are in the folder --data or in the folder `models` beside it, or Smithy\n\
                 JSON AST with the traits of smithy.rules",
            ),
        )
        .arg(streams_argument())
        .arg(path("data", "DIR", "The data folder of botocore, or a folder of Smithy models").requires("endpoints"))
        .arg(
            option("every", "N", "Only every Nth endpoint test of each service")
                .value_parser(value_parser!(u16).range(1..))
                .requires("endpoints"),
        )
        .group(
            ArgGroup::new("what")
                .args(["suites", "validation", "endpoints", "streams"])
                .required(true),
        )
}

fn streams_argument() -> Arg {
    let argument = Arg::new("streams").long("streams").value_name("DIR");
    argument
        .value_parser(value_parser!(PathBuf))
        .help("A folder of suites of event streams")
        .long_help(
            "A folder of suites of event streams: *.json (Smithy JSON AST with the trait\n\
             smithy.test#eventStreamTests). Messages are compared by their headers and payloads",
        )
}

/// Runs the command with its arguments.
///
/// # Errors
/// Suites that cannot be read, generated code that does not compile, no case at all.
pub fn command(workspace: &Path, matches: &ArgMatches) -> Result<Report> {
    if let Some(file) = matches.get_one::<PathBuf>("validation") {
        return validation::run(workspace, file);
    }
    if let Some(folder) = matches.get_one::<PathBuf>("endpoints") {
        let data = matches.get_one::<PathBuf>("data").map(PathBuf::as_path);
        let every = matches.get_one::<u16>("every").copied().unwrap_or(1);
        return endpoints::run(workspace, folder, data, usize::from(every));
    }
    if let Some(folder) = matches.get_one::<PathBuf>("streams") {
        return run(workspace, folder, streams::read(folder)?);
    }
    let folder: &PathBuf = matches
        .get_one("suites")
        .expect("clap asks for one of them");
    let protocols = matches.get_many::<String>("protocol");
    let protocols: Vec<&str> = protocols
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let case: Option<&String> = matches.get_one("case");
    let mut suites = folder::read(folder)?;
    select(&mut suites, &protocols)?;
    for suite in &mut suites.suites {
        suite
            .cases
            .retain(|candidate| case.is_none_or(|id| *id == candidate.case.id));
    }
    run(workspace, folder, suites)
}

/// Removes the cases that none of the names selects; without names, all remain.
///
/// # Errors
/// A name that selects no case.
pub fn select(suites: &mut Suites, names: &[&str]) -> Result<()> {
    let cases = || suites.suites.iter().flat_map(|suite| &suite.cases);
    let known: BTreeSet<&str> = cases().flat_map(SuiteCase::names).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(**name)) {
        let known: Vec<&str> = known.into_iter().collect();
        bail!(
            "`--protocol {unknown}` selects no case: the folder has {}",
            known.join(", ")
        );
    }
    if !names.is_empty() {
        for suite in &mut suites.suites {
            suite
                .cases
                .retain(|case| case.names().iter().any(|name| names.contains(name)));
        }
    }
    Ok(())
}

/// Runs the cases of a folder.
fn run(workspace: &Path, folder: &Path, mut suites: Suites) -> Result<Report> {
    let start = Instant::now();
    suites.suites.retain(|suite| !suite.cases.is_empty());
    if suites.suites.is_empty() {
        bail!("{} holds no case that was asked for", folder.display());
    }
    let mut verdicts = BTreeMap::new();
    let modules = generate(&suites, &mut verdicts)?;
    let prepared = start.elapsed();
    let lines = client::build_and_run(workspace, &modules)?;
    let entries = entries(&suites, &lines, verdicts);
    let mut text = table::report(&entries, &suites);
    let failed = entries
        .iter()
        .any(|entry| matches!(entry.verdict, Verdict::Failed(_)));
    let (all, prepared) = (start.elapsed().as_secs_f64(), prepared.as_secs_f64());
    let summary = table::summary(&entries);
    text.push_str(&format!(
        "{all:.1} s, of which reading and generating took {prepared:.1} s\n{summary}\n"
    ));
    Ok(Report { text, failed })
}

/// The clients of all suites. Cases are numbered through; those that are skipped or cannot be written have a verdict.
fn generate(
    suites: &Suites,
    verdicts: &mut BTreeMap<usize, Verdict>,
) -> Result<Vec<Option<client::Module>>> {
    let skips = skips::read()?;
    let mut modules = Vec::new();
    let mut first = 0;
    for suite in &suites.suites {
        for (number, case) in (first..).zip(&suite.cases) {
            if let Some(reason) = skips.reason(&suite.name, &case.case.id) {
                verdicts.insert(number, Verdict::Skipped(reason.to_owned()));
            }
        }
        modules.push(client::generate(suite, first, verdicts)?);
        first += suite.cases.len();
    }
    Ok(modules)
}

/// Every case with its verdict: the one that it has, or what the driver says.
fn entries<'a>(
    suites: &'a Suites,
    lines: &[Value],
    mut verdicts: BTreeMap<usize, Verdict>,
) -> Vec<Entry<'a>> {
    let cases: Vec<(&Suite, &SuiteCase)> = suites
        .suites
        .iter()
        .flat_map(|suite| suite.cases.iter().map(move |case| (suite, case)))
        .collect();
    for line in lines {
        let number = line["case"].as_u64();
        let number = number.and_then(|number| usize::try_from(number).ok());
        if let Some(number) = number
            && let Some((_, case)) = cases.get(number)
        {
            verdicts.insert(number, verdict(case, line));
        }
    }
    let silent = || vec!["the program of the cases ended before this one".to_owned()];
    (0..)
        .zip(cases)
        .map(|(number, (suite, case))| Entry {
            suite: &suite.name,
            case,
            verdict: verdicts
                .remove(&number)
                .unwrap_or_else(|| Verdict::Failed(silent())),
        })
        .collect()
}

/// What a line of the driver says about a case.
fn verdict(case: &SuiteCase, line: &Value) -> Verdict {
    let problems = if let Some(problem) = line["failed"].as_str() {
        vec![problem.to_owned()]
    } else if let (Some(wanted), Some(came)) = (line["wanted"].as_str(), line["came"].as_str()) {
        vec![format!("wanted {wanted}\n    came   {came}")]
    } else {
        match (&case.wanted, line.get("sent")) {
            (Some(wanted), Some(sent)) => judge(wanted, &Sent::from_value(sent)),
            (None, None) => Vec::new(),
            _ => vec!["the driver did something else than the case asks for".to_owned()],
        }
    };
    if problems.is_empty() {
        Verdict::Passed
    } else {
        Verdict::Failed(problems)
    }
}
