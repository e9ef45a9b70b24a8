//! `attache import`: reads a published model and writes `models/SERVICE`.
//!
//! Everything is read, converted and checked before the first byte is written. The module `source` finds and reads a
//! published model, and the module `record` edits `models/attache.toml`.

pub(crate) mod record;
pub mod source;

use std::path::Path;

use crate::ast::{self, Model, overlay};
use crate::error::Error;
use crate::escape::line;
use crate::import::Imported;
use anyhow::{Context, Result};
use clap::{ArgMatches, Command};

pub(crate) use crate::workspace::config::validate_name;
use crate::workspace::lock::WriteLock;
use crate::workspace::names::Replaced;
use crate::workspace::quantity::counted;
use crate::workspace::read;
use crate::workspace::write::Staged;
use crate::workspace::{arguments, config, names, prose};

/// An overlay without statements.
pub(crate) const EMPTY_OVERLAY: &str = "{\n  \"shapes\": {},\n  \"smithy\": \"2.0\"\n}\n";

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("import")
        .about("Read a published model into models/SERVICE, and generate nothing")
        .long_about(
            "Reads a published model of a service into models/SERVICE/model.json and records in\n\
             models/attache.toml where it comes from. An overlay beside the model must\n\
             still apply to it.",
        )
        .args([arguments::service(), arguments::from().required(true)])
}

/// Runs the command; `models` is the folder of models. Returns what to print.
///
/// # Errors
/// See [`import`].
pub(crate) fn command(models: &Path, matches: &ArgMatches) -> Result<String> {
    let (service, from) = arguments::service_and_path(matches);
    import(models, service, from)
}

/// Imports `service` from `from`; returns the text to print.
///
/// # Errors
/// A source that cannot be read or converted, an overlay that no longer applies, a file that cannot be written. Nothing
/// is changed then.
pub fn import(models: &Path, service: &str, from: &Path) -> Result<String> {
    validate_name(service)?;
    // Settings and models may be in a folder of another name, but the lock belongs to the folder around it.
    let lock = WriteLock::acquire(models.parent().unwrap_or(Path::new("")))?;
    let config_path = models.join("attache.toml");
    let config = read_optional(&config_path)?;
    let known = config::parse(&config_path, config.as_deref().unwrap_or_default())?;
    let (found, imported) = source::read(from, &known.traits)?;
    let folder = models.join(service);
    let overlay_path = folder.join("overlay.json");
    let overlay = read_optional(&overlay_path)?;
    validate_overlay(service, &imported, overlay.as_deref())?;
    let is_new = known.service(service).is_none();
    let mut config = record::record(config.as_deref(), service, &found, &imported)
        .with_context(|| config_path.display().to_string())?;
    if is_new {
        config = record::with_choices(&config, service, &record::Choices::default())?;
    }
    let settings = config::parse(&config_path, &config)?;
    let configured = settings.service(service);
    let configured = configured.context("the service was just recorded")?;
    let prose = prose::written(configured, &imported.prose)?;
    let config = record::with_prose(&config, service, prose.as_deref())?;
    let replaced = Replaced {
        models,
        service: configured,
        traits: &settings.traits,
        overlay: overlay.as_deref(),
        new_id: &imported.service,
    };
    let names = replaced.settled(&imported.model_json)?;

    let mut staged = Staged::new(&lock);
    staged.stage(&folder.join("model.json"), imported.model_json.as_bytes())?;
    if overlay.is_none() {
        staged.stage(&overlay_path, EMPTY_OVERLAY.as_bytes())?;
    }
    if let Some(prose) = &prose {
        staged.stage(&folder.join(prose::FILE), prose.as_bytes())?;
    }
    if let Some(names) = &names {
        staged.stage(&folder.join(names::FILE), names.as_bytes())?;
    }
    staged.stage(&config_path, config.as_bytes())?;
    staged.commit()?;
    Ok(summary(service, &found, &imported))
}

pub(crate) fn read_optional(path: &Path) -> Result<Option<String>> {
    read::optional(path, read::SOURCE_LIMIT)
}

/// An overlay that no longer applies is repaired before the model under it changes, not after.
pub(crate) fn validate_overlay(
    service: &str,
    imported: &Imported,
    overlay: Option<&str>,
) -> Result<()> {
    let Some(text) = overlay else {
        return Ok(());
    };
    let file = format!("models/{service}/overlay.json");
    let mut model = ast::read("model.json", &imported.model_json)?;
    ast::read_overlay(&file, text)
        .and_then(|statements| {
            Model::from_value(statements.clone())?;
            overlay::apply(&mut model, &statements)
        })
        .map_err(|error: Error| error.in_file(&file))
        .context("the import is refused, nothing was changed")
}

fn summary(service: &str, found: &source::Found, imported: &Imported) -> String {
    let protocols: Vec<&str> = imported
        .protocols
        .iter()
        .map(|id| id.rsplit('#').next().unwrap_or(id))
        .collect();
    format!(
        "found {kind}: {source}\n\
         {id}, version {version}, {protocols}: {operations}, {shapes}\n\
         wrote models/{service}/model.json, {bytes} bytes\n",
        kind = found.kind,
        source = line(&found.describe(&imported.version)),
        id = line(&imported.service_id),
        version = line(&imported.version),
        protocols = protocols.join(" and "),
        operations = counted(imported.operations, "operation"),
        shapes = counted(imported.shapes, "shape"),
        bytes = imported.model_json.len(),
    )
}
