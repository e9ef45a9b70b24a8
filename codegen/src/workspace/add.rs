//! `cargo xtask add`: a client crate for one more service.
//!
//! The model, an empty overlay, the entry in `models/attache.toml` and the generated crate are made in memory and
//! written together, all or none. The workspace takes every folder in `crates/` for a member, so that nothing else has
//! to be edited. Tests that the model carries (those of its endpoint rules) are part of the generated crate.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::arguments::Arguments;
use crate::workspace::config;
use crate::workspace::generate::{crate_folder, generate_from};
use crate::workspace::import::{EMPTY_OVERLAY, check_name, read_optional, record, source};
use crate::workspace::reconcile::{Mode, reconcile_with};

const HELP: &str = "\
cargo xtask add SERVICE --from PATH

Brings a new service: reads the model at PATH (see `cargo xtask import --help`) into models/SERVICE, with an overlay that
says nothing yet, and generates its client crate, attache-SERVICE, below crates/. awsJson1_0, awsJson1_1 and restJson1
can be generated; operations that cannot be are left out and told. Nothing is written when any step fails.
";

/// Runs the command; gives back what to print.
///
/// # Errors
/// Arguments that it does not understand, a service that is there already, and whatever a step finds.
pub fn command(workspace: &Path, mut arguments: Arguments) -> Result<String> {
    if arguments.flag("--help") || arguments.flag("-h") {
        return Ok(HELP.to_owned());
    }
    let from = arguments.option("--from")?;
    let names = arguments.finish()?;
    let (Some(from), [service]) = (from, names.as_slice()) else {
        bail!("`add` needs one SERVICE and --from PATH; see `cargo xtask add --help`");
    };
    add(workspace, service, Path::new(&from))
}

/// Adds a service; gives back what to print.
///
/// # Errors
/// As [`command`], but for the arguments.
pub fn add(workspace: &Path, service: &str, from: &Path) -> Result<String> {
    check_name(service)?;
    let models = workspace.join("models");
    let config_path = models.join("attache.toml");
    let before = read_optional(&config_path)?;
    let known = config::parse(&config_path, before.as_deref().unwrap_or_default())?;
    if known.iter().any(|known| known.name == service) {
        bail!(
            "models/attache.toml has the service `{service}` already; `cargo xtask update` brings it to another model"
        );
    }
    let (found, imported) = source::read(from)?;
    let recorded = record::record(before.as_deref(), service, &found, &imported)?;
    let configured = config::parse(&config_path, &recorded)?
        .into_iter()
        .find(|known| known.name == service)
        .context("the service was just recorded")?;
    let folder = crate_folder(workspace, &configured);
    ensure!(
        !folder.exists(),
        "{} is there already: move it away, or name another crate in models/attache.toml",
        folder.display()
    );
    let overlay_path = models.join(service).join("overlay.json");
    let overlay = read_optional(&overlay_path)?.unwrap_or_else(|| EMPTY_OVERLAY.to_owned());
    let (trees, generated) =
        generate_from(workspace, &configured, &imported.model_json, Some(&overlay))?;
    let others = [
        (models.join(service).join("model.json"), imported.model_json),
        (overlay_path, overlay),
        (config_path, recorded),
    ];
    let outcome = reconcile_with(&trees, &others, Mode::Write)?;
    Ok(format!(
        "{}\n{generated}wrote {} files to {}; `cargo test --package {}` builds the crate and runs the tests that its \
         model carries\n",
        found.source,
        outcome.written,
        folder.display(),
        configured.crate_name,
    ))
}
