//! `attache update`: replaces the models of services, and updates everything that depends on them.
//!
//! Import, comparison, check of the overlay, generation, version and changelog are made in memory for every service; only
//! when all of them succeeded are the files written.

mod changelog;
mod report;
mod step;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::{Arg, ArgMatches, Command, ValueHint, value_parser};

use self::step::{Settings, Step, Updated};
use crate::workspace::config::{self, Config};
use crate::workspace::downloads;
use crate::workspace::incoming::Incoming;
use crate::workspace::reconcile::{Access, Mode, reconcile};
use crate::workspace::{arguments, endpoint_tests, read};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("update")
        .about("Update services to new models: import, diff, generate, version, changelog")
        .long_about(
            "Updates services of models/attache.toml (those named, or all) to the newest models, from\n\
             their sources: imports them, compares them with the committed ones, checks\n\
             that the overlays still apply, generates the crates, raises their versions by what\n\
             changed and writes what changed into their CHANGELOG.md. All services are updated, or\n\
             nothing is written.\n\n\
             A break of the Rust API or of the messages is a major change. Growth is a minor one, and\n\
             so is a check that refuses requests that passed before. While the version begins with 0,\n\
             a major change raises its second number and any other one the third. Where a manifest of\n\
             the workspace, in a folder below it, asks for the crate by path and version, it asks for\n\
             the new version then.",
        )
        .args([
            arguments::services("The services to update; all without it"),
            arguments::from(),
            arguments::to().conflicts_with("from"),
            arguments::dry_run("Write nothing but the report; only show what would be done"),
            Arg::new("report")
                .long("report")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::FilePath)
                .help("Write what changed to a file too, in Markdown, as the text of a pull request"),
            arguments::offline(),
            arguments::drop_endpoint_tests(),
            arguments::other_service("Take a model that is of another service than the committed one"),
        ])
}

/// How services are updated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether nothing is written.
    pub dry_run: bool,
    /// Whether a model may be of another service than the one that it replaces.
    pub other_service: bool,
    /// Whether endpoint tests that contradict the endpoint rules of the new model are left out.
    pub drop_endpoint_tests: bool,
}

/// Runs the command; returns the text to print.
///
/// # Errors
/// See [`update_all`]; a report that cannot be written.
pub fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    let names = arguments::named(matches);
    let options = Options {
        dry_run: matches.get_flag("dry-run"),
        other_service: matches.get_flag("other-service"),
        drop_endpoint_tests: matches.get_flag(endpoint_tests::OPTION),
    };
    Access::settle(workspace, Mode::of(options.dry_run))?;
    let config = config::read(&workspace.join("models"))?;
    config.select(&names)?;
    let incoming = match (matches.get_one::<PathBuf>("from"), names.as_slice()) {
        (Some(from), [service]) => vec![Incoming::of_path(service, from)?],
        (Some(_), _) => bail!(
            "--from names the model of one service: say which, as in `update SERVICE --from PATH`"
        ),
        (None, _) => {
            let options = downloads::Options {
                offline: matches.get_flag("offline"),
                to: matches.get_one::<String>("to").cloned(),
            };
            let selected = config.select_published(&names)?;
            downloads::newest_with_documentation(workspace, &config, &selected, &options)?
        }
    };
    let report = matches.get_one::<PathBuf>("report");
    let report = report.map(|path| Report::begin(path)).transpose()?;
    let update = update_all(workspace, &incoming, options)?;
    if let Some(report) = report {
        report
            .finish(&update.report)
            .with_context(|| format!("the report could not be saved; it is:\n{}", update.report))?;
    }
    Ok(update.text)
}

/// A report. It is written to a temporary file first, so that the command fails before it changes anything.
struct Report<'a> {
    place: &'a Path,
    beside: PathBuf,
}

impl<'a> Report<'a> {
    fn begin(place: &'a Path) -> Result<Self> {
        ensure!(
            !place.is_dir(),
            "{} is a folder: --report names a file",
            place.display()
        );
        let mut name = place.as_os_str().to_owned();
        name.push(".unfinished");
        let beside = PathBuf::from(name);
        std::fs::write(&beside, "")
            .with_context(|| format!("could not write {}", place.display()))?;
        Ok(Self { place, beside })
    }

    fn finish(&self, text: &str) -> Result<()> {
        std::fs::write(&self.beside, text)
            .and_then(|()| std::fs::rename(&self.beside, self.place))
            .with_context(|| format!("could not write {}", self.place.display()))
    }
}

impl Drop for Report<'_> {
    fn drop(&mut self) {
        // The file does not exist any more if the report was finished.
        let _ = std::fs::remove_file(&self.beside);
    }
}

/// Updates a service to the model at a path; returns the text to print.
///
/// # Errors
/// As [`update_all`], and a path without a model.
pub fn update(workspace: &Path, service: &str, from: &Path, dry_run: bool) -> Result<String> {
    let options = Options {
        dry_run,
        ..Options::default()
    };
    Access::settle(workspace, Mode::of(options.dry_run))?;
    let known = config::read(&workspace.join("models"))?;
    if known.service(service).is_none() {
        return Err(known.no_service(service));
    }
    let incoming = [Incoming::of_path(service, from)?];
    Ok(update_all(workspace, &incoming, options)?.text)
}

/// What an update did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// What to print.
    pub text: String,
    /// What changed, in Markdown: the text of a pull request.
    pub report: String,
}

/// Updates services to the models that were found for them.
///
/// # Errors
/// A service that does not exist, a model of another service, an overlay that does not apply, and the errors of each step.
/// Nothing is written then.
pub fn update_all(workspace: &Path, incoming: &[Incoming], options: Options) -> Result<Update> {
    let mode = Mode::of(options.dry_run);
    let access = Access::open(workspace, mode)?;
    let settings = workspace.join("models").join("attache.toml");
    let before = read::text(&settings)?;
    let mut step = Step {
        workspace,
        settings: Settings {
            path: settings.clone(),
            text: before.clone(),
        },
        pending: BTreeMap::new(),
        options,
    };
    let mut updated = Vec::new();
    for incoming in incoming {
        let one = step.service(incoming);
        updated.push(one.with_context(|| format!("{} was not updated", incoming.service))?);
    }
    let mut others = step.pending;
    if step.settings.text != before {
        others.insert(settings.clone(), step.settings.text.clone());
    }
    let trees: Vec<_> = updated.iter().flat_map(|one| one.trees.clone()).collect();
    let others: Vec<_> = others.into_iter().collect();
    let outcome = reconcile(&access, &trees, &others)?;
    let config = config::parse(&settings, &step.settings.text)?;
    let mut text: String = updated.iter().map(Updated::text).collect();
    if !trees.is_empty() {
        let _ = writeln!(text, "{}", outcome.describe(mode));
    }
    if !others.is_empty() {
        text.push_str(&written(workspace, &config, &others, mode));
    }
    Ok(Update {
        text,
        report: report::markdown(&updated),
    })
}

/// The files that are written beside the generated ones.
fn written(workspace: &Path, config: &Config, others: &[(PathBuf, String)], mode: Mode) -> String {
    let names: Vec<String> = others
        .iter()
        .map(|(path, _)| {
            let below = path.strip_prefix(workspace).unwrap_or(path);
            below.display().to_string()
        })
        .collect();
    match mode {
        Mode::Write => format!("wrote {}\n", names.join(", ")),
        Mode::Check => format!(
            "would write {}; `{} update` without --dry-run does\n",
            names.join(", "),
            config.crates.command
        ),
    }
}
