//! `attache update`: replaces the model of a service, and updates everything that depends on it.
//!
//! Import, comparison, check of the overlay, generation, version and changelog are done in memory. The files are
//! written only if all of them succeeded, all or none.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::diff::{Documentation, Report, RustLevel, report};
use anyhow::{Context, Result};
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::escape::{line, markdown};
use crate::import::Imported;
use crate::workspace::arguments;
use crate::workspace::config::{self, Config, ServiceConfig};
use crate::workspace::dependents;
use crate::workspace::diff::Input;
use crate::workspace::generate::{Source, crate_folder, generate_from};
use crate::workspace::import::source::load;
use crate::workspace::import::{check_overlay, read_optional, record};
use crate::workspace::names::Replaced;
use crate::workspace::read;
use crate::workspace::reconcile::{Access, Mode, Outcome, Tree, reconcile};

/// The version of a generated crate before its first update.
const FIRST_VERSION: &str = "0.1.0";

fn changelog_header(command: &str) -> String {
    format!("# Changelog\n\n`{command} update` writes this file. You may add to its entries.\n")
}

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("update")
        .about("Replace the model of a service: import, diff, generate, version, changelog")
        .long_about(
            "Replaces the model of a service of models/attache.toml: imports the model, compares it with\n\
             the committed model, checks that the overlay still applies, generates the crate, raises\n\
             its version by what changed and writes what changed into its CHANGELOG.md. Nothing is\n\
             written when any step fails.\n\n\
             A break of the Rust API or of the messages is a major change. Growth is a minor one, and\n\
             so is a check that refuses requests that passed before. While the version begins with 0,\n\
             a major change raises its second number and any other one the third. Where a manifest of\n\
             the workspace, in a folder below it, asks for the crate by path and version, it asks for\n\
             the new version then.",
        )
        .args([arguments::service(), arguments::from()])
        .arg(
            Arg::new("dry-run")
                .long("dry-run")
                .action(ArgAction::SetTrue)
                .help("Write nothing; only show what would be done"),
        )
}

/// Runs the command; returns the text to print.
///
/// # Errors
/// See [`update`].
pub(crate) fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    let (service, from) = arguments::service_and_path(matches);
    update(workspace, service, from, matches.get_flag("dry-run"))
}

/// Updates a service; returns the text to print.
///
/// # Errors
/// A service that is not there, and whatever a step finds.
pub fn update(workspace: &Path, service: &str, from: &Path, dry_run: bool) -> Result<String> {
    let mode = if dry_run { Mode::Check } else { Mode::Write };
    let access = Access::open(workspace, mode)?;
    let models = workspace.join("models");
    let config_path = models.join("attache.toml");
    let before = read::text(&config_path)?;
    let known = config::parse(&config_path, &before)?;
    if known.service(service).is_none() {
        return Err(known.no_service(service));
    }
    let (found, texts) = load(from)?;
    let imported = texts
        .import(&known.traits)
        .with_context(|| format!("could not import {}", from.display()))?;
    let source = found.describe(&imported.version);
    let overlay = read_optional(&models.join(service).join("overlay.json"))?;
    check_overlay(service, &imported, overlay.as_deref())?;
    let new = Input::published(&from.display().to_string(), &texts)?;
    let changes = Input::service(workspace, service, None)?.compare(&new, &known.traits)?;
    if changes.changes.is_empty() {
        return Ok(format!("{service}: nothing changed\n"));
    }

    let recorded = record::record(Some(&before), service, &found, &imported)?;
    let settings = Settings::raised(workspace, &recorded, service, changes.bump())?;
    let config = &settings.config;
    let configured = config
        .service(service)
        .context("the service was just recorded")?;
    let (trees, generated) =
        generated(workspace, config, configured, &imported, overlay.as_deref())?;
    let entry = entry(&changes, &settings.new_version, &source);
    let folder = crate_folder(workspace, &config.crates, configured);
    let changelog = changelog(&folder, &config.crates.command, &entry)?;
    let mut others = vec![
        (models.join(service).join("model.json"), imported.model_json),
        (config_path, settings.text),
        changelog,
    ];
    let dependents = dependents::raised(workspace, &configured.crate_name, &settings.new_version)?;
    let asking = dependents.len();
    others.extend(dependents);
    let outcome = reconcile(&access, &trees, &others)?;
    Ok(format!(
        "{service}: {} -> {}\n{generated}version {} -> {}\n{}\n\n{entry}\n{}",
        line(&source),
        report::summary(&changes),
        settings.old_version,
        settings.new_version,
        files(&outcome, asking, dry_run),
        to_read(&changes)
    ))
}

/// The crate of the new model. What the committed model has keeps its name.
fn generated(
    workspace: &Path,
    config: &Config,
    service: &ServiceConfig,
    imported: &Imported,
    overlay: Option<&str>,
) -> Result<(Vec<Tree>, String)> {
    let replaced = Replaced {
        models: &workspace.join("models"),
        service,
        traits: &config.traits,
        overlay,
        new_id: &imported.service,
    };
    let source = Source {
        model: &imported.model_json,
        overlay,
        given: &replaced.given()?,
    };
    generate_from(workspace, config, service, source)
}

/// The changelog of a crate with another entry, and its place.
fn changelog(folder: &Path, command: &str, entry: &str) -> Result<(PathBuf, String)> {
    let path = folder.join("CHANGELOG.md");
    let text = with_entry(read_optional(&path)?.as_deref(), command, entry);
    Ok((path, text))
}

/// `attache.toml` with the version that follows.
struct Settings {
    text: String,
    config: Config,
    old_version: String,
    new_version: String,
}

impl Settings {
    /// Raises the version of a crate in settings where the new model is recorded already.
    fn raised(workspace: &Path, recorded: &str, service: &str, level: RustLevel) -> Result<Self> {
        let path = workspace.join("models/attache.toml");
        let old_version = version(workspace, &config::parse(&path, recorded)?, service)?;
        let new_version = raised(&old_version, level)?;
        let text = record::with_crate_version(recorded, service, &new_version)?;
        Ok(Self {
            config: config::parse(&path, &text)?,
            text,
            old_version,
            new_version,
        })
    }
}

/// Which files are written; `asking` manifests ask for the crate.
fn files(outcome: &Outcome, asking: usize, dry_run: bool) -> String {
    format!(
        "{} {} generated files, delete {}, leave {}; and model.json, attache.toml, CHANGELOG.md{}",
        if dry_run { "would write" } else { "wrote" },
        outcome.written,
        outcome.deleted,
        outcome.unchanged,
        match asking {
            0 => String::new(),
            1 => ", and a manifest that asks for the crate".to_owned(),
            count => format!(", and {count} manifests that ask for the crate"),
        }
    )
}

/// What a person must look at: prose that speaks of limits, for the overlay repeats what it says.
fn to_read(changes: &Report) -> String {
    let mut text = String::new();
    let lines = changes.changes.iter().filter(|change| {
        change.kind == "documented-limit-changed" || change.documentation == Documentation::Overlay
    });
    for change in lines {
        let _ = writeln!(text, "to read: {}", line(&change.sentence));
    }
    text
}

/// The version that follows.
fn raised(version: &str, level: RustLevel) -> Result<String> {
    let numbers: Vec<u64> = version
        .split('.')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()
        .filter(|numbers: &Vec<u64>| numbers.len() == 3)
        .with_context(|| format!("the version `{version}` is not of the form 1.2.3"))?;
    let (major, minor, patch) = (numbers[0], numbers[1], numbers[2]);
    Ok(match (level, major) {
        (RustLevel::None, _) => version.to_owned(),
        (RustLevel::Major, 0) => format!("0.{}.0", minor + 1),
        (RustLevel::Major, _) => format!("{}.0.0", major + 1),
        (RustLevel::Minor, 1..) => format!("{major}.{}.0", minor + 1),
        (RustLevel::Minor | RustLevel::Patch, _) => format!("{major}.{minor}.{}", patch + 1),
    })
}

/// The version of a service's crate.
fn version(workspace: &Path, config: &Config, service: &str) -> Result<String> {
    let own = config
        .service(service)
        .and_then(|known| known.crate_version.clone());
    match own {
        Some(version) => Ok(version),
        None if config.crates.inherit => workspace_version(workspace),
        None => Ok(FIRST_VERSION.to_owned()),
    }
}

/// The version that all packages have that do not say otherwise.
fn workspace_version(workspace: &Path) -> Result<String> {
    let path = workspace.join("Cargo.toml");
    let text = read::text(&path)?;
    let document: toml_edit::DocumentMut = text.parse()?;
    let version = document
        .get("workspace")
        .and_then(|table| table.get("package")?.get("version")?.as_str());
    Ok(version
        .with_context(|| format!("{} has no workspace.package.version", path.display()))?
        .to_owned())
}

fn entry(changes: &Report, version: &str, source: &str) -> String {
    format!(
        "## {version}\n\nModel: {}.\n\n{}",
        markdown::text(source),
        report::markdown(changes)
    )
}

/// The newest entry stands first, below the header.
fn with_entry(changelog: Option<&str>, command: &str, entry: &str) -> String {
    let text = changelog.map_or_else(|| changelog_header(command), str::to_owned);
    match text.find("\n## ") {
        Some(index) => format!(
            "{}\n{}\n{}",
            &text[..index],
            entry.trim_end(),
            &text[index..]
        ),
        None => format!("{}\n\n{}\n", text.trim_end(), entry.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use crate::diff::RustLevel;

    use super::{raised, with_entry};

    #[test]
    fn versions_rise_as_cargo_counts() {
        for (version, level, expected) in [
            ("0.1.2", RustLevel::Major, "0.2.0"),
            ("0.1.2", RustLevel::Minor, "0.1.3"),
            ("0.1.2", RustLevel::Patch, "0.1.3"),
            ("0.1.2", RustLevel::None, "0.1.2"),
            ("1.2.3", RustLevel::Major, "2.0.0"),
            ("1.2.3", RustLevel::Minor, "1.3.0"),
            ("1.2.3", RustLevel::Patch, "1.2.4"),
        ] {
            assert_eq!(raised(version, level).expect("a version"), expected);
        }
        assert!(raised("1.2", RustLevel::Patch).is_err());
    }

    #[test]
    fn the_newest_entry_stands_first() {
        let one = with_entry(None, "attache", "## 0.1.1\n\n* one\n");
        let two = with_entry(Some(&one), "attache", "## 0.1.2\n\n* two\n");
        let places =
            ["# Changelog", "## 0.1.2", "* two", "## 0.1.1", "* one"].map(|text| two.find(text));
        assert!(
            places.iter().all(Option::is_some) && places.is_sorted(),
            "{two}"
        );
    }
}
