//! `attache add`: a client crate for one more service.
//!
//! The model, an empty overlay, the entry in `models/attache.toml` and the generated crate are made in memory and
//! written together, all or none. Every folder in `crates/` is a member of the workspace, so nothing else must be
//! edited. Tests in the model (those of its endpoint rules) are part of the generated crate.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::escape::line;
use crate::workspace::arguments;
use crate::workspace::config;
use crate::workspace::generate::{Source, crate_folder, generate_from};
pub use crate::workspace::import::record::Choices;
use crate::workspace::import::{EMPTY_OVERLAY, check_name, read_optional, record, source};
use crate::workspace::reconcile::{Access, Mode, reconcile};
use crate::workspace::{names, read};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("add")
        .about("Add a new service: its model and its client crate")
        .long_about(
            "Adds a new service: reads a published model into models/SERVICE, with an overlay that\n\
             has no statements, and generates its client crate, attache-SERVICE, below crates/.\n\
             awsJson1_0, awsJson1_1 and restJson1 can be generated; operations that cannot be are\n\
             left out and named. Nothing is written when any step fails.",
        )
        .args([arguments::service(), arguments::from()])
        .arg(
            Arg::new("crate")
                .long("crate")
                .value_name("NAME")
                .help("The name of the crate, instead of attache-SERVICE"),
        )
        .arg(
            Arg::new("operations")
                .long("operations")
                .value_name("A,B,…")
                .value_delimiter(',')
                .action(ArgAction::Set)
                .help(
                    "A slice: these operations and the types they use; models/attache.toml stores the list",
                ),
        )
}

/// Runs the command; returns the text to print.
///
/// # Errors
/// See [`add_with`].
pub(crate) fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    let (service, from) = arguments::service_and_path(matches);
    let operations = matches.get_many::<String>("operations");
    let choices = Choices {
        crate_name: matches.get_one("crate").cloned(),
        operations: operations.map(|names| names.map(|name| name.trim().to_owned()).collect()),
    };
    add_with(workspace, service, from, &choices)
}

/// Adds a service; returns the text to print.
///
/// # Errors
/// A service that exists already, and the errors of each step.
pub fn add(workspace: &Path, service: &str, from: &Path) -> Result<String> {
    add_with(workspace, service, from, &Choices::default())
}

/// Adds a service as was chosen; returns the text to print.
///
/// # Errors
/// As [`add`]; a name that is none for a crate, and operations that the service does not have.
pub fn add_with(workspace: &Path, service: &str, from: &Path, choices: &Choices) -> Result<String> {
    check_name(service)?;
    let access = Access::open(workspace, Mode::Write)?;
    let models = workspace.join("models");
    let config_path = models.join("attache.toml");
    let before = read_optional(&config_path)?;
    let known = config::parse(&config_path, before.as_deref().unwrap_or_default())?;
    if known.service(service).is_some() {
        bail!(
            "models/attache.toml has the service `{service}` already; `{} update {service} --from PATH` brings it to \
             another model",
            known.crates.command
        );
    }
    let (found, imported) = source::read(from, &known.traits)?;
    let version = imported.version.clone();
    let recorded = record::record(before.as_deref(), service, &found, &imported)?;
    let recorded = record::with_choices(&recorded, service, choices)?;
    let config = config::parse(&config_path, &recorded)?;
    let configured = config
        .service(service)
        .context("the service was just recorded")?;
    let folder = crate_folder(workspace, &config.crates, configured);
    ensure!(
        !folder.exists(),
        "{} exists already: move it away, or choose another name with --crate",
        folder.display()
    );
    let overlay_path = models.join(service).join("overlay.json");
    let overlay = read_optional(&overlay_path)?.unwrap_or_else(|| EMPTY_OVERLAY.to_owned());
    let (trees, generated) = generate_from(
        workspace,
        &config,
        configured,
        Source {
            model: &imported.model_json,
            overlay: Some(&overlay),
            given: &names::recorded(&models, service)?,
        },
    )?;
    let others = [
        (models.join(service).join("model.json"), imported.model_json),
        (overlay_path, overlay),
        (config_path, recorded),
    ];
    let outcome = reconcile(&access, &trees, &others)?;
    let not_a_member = membership(workspace, &folder).unwrap_or_default();
    Ok(format!(
        "{}\n{generated}wrote {} files to {}; `cargo test --package {}` builds the crate and runs the tests that its \
         model carries\n{not_a_member}",
        line(&found.describe(&version)),
        outcome.written,
        folder.display(),
        configured.crate_name,
    ))
}

/// A note for a workspace in which the crate is not a member. This may be wrong, because cargo also treats a package as
/// a member if another member depends on it by path.
fn membership(workspace: &Path, folder: &Path) -> Option<String> {
    let manifest = read::text(&workspace.join("Cargo.toml")).ok()?;
    let manifest: toml_edit::DocumentMut = manifest.parse().ok()?;
    let place = folder.strip_prefix(workspace).ok()?;
    let place = place.display().to_string().replace('\\', "/");
    let pattern = place
        .rsplit_once('/')
        .map(|(above, _)| format!("{above}/*"))?;
    let members = manifest
        .get("workspace")
        .and_then(|table| table.get("members")?.as_array());
    let named = members.into_iter().flatten().any(|member| {
        let member = member.as_str().map(|text| text.trim_end_matches('/'));
        member.is_some_and(|text| text == place || text == pattern)
    });
    (!named).then(|| {
        format!(
            "note: Cargo.toml does not list the crate; `members = [\"{pattern}\"]` in its [workspace] makes every crate \
             there a member\n"
        )
    })
}
