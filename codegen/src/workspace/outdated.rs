//! `attache outdated`: which services have a newer model than the workspace, and what it would change.
//!
//! It compares as `update` does and writes nothing. All services share one download of a release.

use std::path::Path;

use anyhow::{Context, Result};
use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use crate::escape;
use crate::workspace::config::{self, Config, ServiceConfig};
use crate::workspace::import::source::short_release;
use crate::workspace::incoming::Incoming;
use crate::workspace::table::Table;
use crate::workspace::{Outcome, arguments, crate_version, downloads};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("outdated")
        .about("Say which services have newer models, and what these would change")
        .long_about(
            "Compares the models of the workspace (of the services named, or of all) with the newest\n\
             ones, each from its source, and shows what `update` would change: verdicts\n\
             on the axes of `diff`, the number of changes, and the version of the crate. All services\n\
             share one download. Nothing is written.",
        )
        .args([
            arguments::services("The services to compare; all without it"),
            Arg::new("exit-code")
                .long("exit-code")
                .action(ArgAction::SetTrue)
                .help("Exit with 1 if any model changed"),
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser([
                    PossibleValue::new("text").help("A table for a terminal"),
                    PossibleValue::new("json").help("A list of objects, for programs"),
                    PossibleValue::new("markdown").help("A table of GitHub's Markdown"),
                ])
                .default_value("text")
                .help("The format of the output"),
            arguments::offline(),
        ])
}

/// Runs the command.
///
/// # Errors
/// A service that the configuration lacks, a release that cannot be downloaded, a model that cannot be read.
pub(crate) fn command(workspace: &Path, matches: &ArgMatches) -> Result<Outcome> {
    let config = config::read(&workspace.join("models"))?;
    let selected = config.select_published(&arguments::named(matches))?;
    let options = downloads::Options {
        offline: matches.get_flag("offline"),
        to: None,
    };
    let incoming = downloads::newest(workspace, &config, &selected, &options)?;
    let rows = outdated(workspace, &config, &incoming)?;
    let format = matches.get_one::<String>("format").map(String::as_str);
    let text = match format {
        Some("json") => json(&rows),
        Some("markdown") => table(&rows).markdown(),
        _ => table(&rows).text(),
    };
    let is_outdated = rows.iter().any(Row::is_outdated);
    Ok(Outcome {
        text,
        status: u8::from(is_outdated && matches.get_flag("exit-code")),
    })
}

/// What is known about one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    /// The service.
    pub service: String,
    /// The release that its model was taken from, where it is part of one.
    pub recorded: Option<String>,
    /// The release that was compared.
    pub newest: Option<String>,
    /// What changed for the Rust API: a level of `attache diff`.
    pub rust: &'static str,
    /// What changed in the messages.
    pub wire: &'static str,
    /// What changed for validation.
    pub validation: &'static str,
    /// How many changes there are.
    pub changes: usize,
    /// The version of the crate.
    pub version: String,
    /// The version that it would get; the same where nothing changed.
    pub next_version: String,
}

impl Row {
    /// Whether the model that is published differs from that of the workspace.
    pub fn is_outdated(&self) -> bool {
        self.changes > 0
    }
}

/// Compares the models that were found for services with those of the workspace.
///
/// # Errors
/// A model that cannot be read, is of another service, or does not fit its overlay.
pub fn outdated(workspace: &Path, config: &Config, incoming: &[Incoming]) -> Result<Vec<Row>> {
    let row = |incoming: &Incoming| {
        let service = config
            .service(&incoming.service)
            .ok_or_else(|| config.no_service(&incoming.service))?;
        row(workspace, config, service, incoming)
            .with_context(|| format!("{} cannot be compared", incoming.service))
    };
    incoming.iter().map(row).collect()
}

fn row(
    workspace: &Path,
    config: &Config,
    service: &ServiceConfig,
    incoming: &Incoming,
) -> Result<Row> {
    incoming.require_same_service(workspace)?;
    let report = incoming.changes(workspace, &config.traits)?;
    let version = crate_version::version(workspace, config, &service.name)?;
    let next_version = match report.changes.is_empty() {
        true => version.clone(),
        false => crate_version::raised(&version, report.bump())?,
    };
    Ok(Row {
        service: service.name.clone(),
        recorded: service.published.taken.release.clone(),
        newest: incoming.found.release.clone(),
        rust: report.verdict.rust.name(),
        wire: report.verdict.wire.name(),
        validation: report.verdict.validation.name(),
        changes: report.changes.len(),
        version,
        next_version,
    })
}

fn json(rows: &[Row]) -> String {
    // Texts and numbers only, so this cannot fail.
    let text = serde_json::to_string_pretty(rows).unwrap_or_default();
    escape::json(&text) + "\n"
}

fn table(rows: &[Row]) -> Table<8> {
    let titles = [
        "service",
        "recorded",
        "newest",
        "Rust API",
        "wire",
        "validation",
        "changes",
        "crate",
    ];
    let release = |release: &Option<String>| {
        let release = release.as_deref().map_or("-", short_release);
        release.to_owned()
    };
    let cells = |row: &Row| {
        [
            row.service.clone(),
            release(&row.recorded),
            release(&row.newest),
            row.rust.to_owned(),
            row.wire.to_owned(),
            row.validation.to_owned(),
            row.changes.to_string(),
            crate_version::step(&row.version, &row.next_version),
        ]
    };
    Table::new(titles, rows.iter().map(cells))
}
