//! `attache import`: reads a published model and writes `models/SERVICE`.
//!
//! Everything is read, converted and checked before the first byte is written. What a service's folder of models is
//! made of is told by the module `source`, what is recorded about it by `record`.

pub(crate) mod record;
pub mod source;

use std::path::Path;

use crate::ast::{Model, overlay};
use crate::error::Error;
use crate::escape::line;
use crate::import::Imported;
use anyhow::{Context, Result, bail};

use crate::workspace::arguments::Arguments;
pub(crate) use crate::workspace::config::check_name;
use crate::workspace::lock::WriteLock;
use crate::workspace::read;
use crate::workspace::write::Staged;

const HELP: &str = "\
PROGRAM import SERVICE --from PATH

Reads a published model of a service into models/SERVICE/model.json and records in models/attache.toml where it comes
from. An overlay that stands beside the model must still apply to it.

  SERVICE       the folder in models/, such as support
  --from PATH   botocore's data folder of the service (botocore/data/support, of which the newest version is taken, or
                botocore/data/support/2013-04-15), a service-2.json alone, or a Smithy 2.0 JSON AST; files may be compressed
                (.gz)
";

/// An overlay that says nothing yet.
pub(crate) const EMPTY_OVERLAY: &str = "{\n  \"shapes\": {},\n  \"smithy\": \"2.0\"\n}\n";

/// Runs the command; `models` is the folder of models. Gives back what to print.
///
/// # Errors
/// Arguments that it does not understand, a source that cannot be read or converted, an overlay that no longer
/// applies, a file that cannot be written. Nothing is changed then.
pub fn command(models: &Path, mut arguments: Arguments) -> Result<String> {
    if let Some(help) = arguments.help(HELP) {
        return Ok(help);
    }
    let from = arguments.option("--from")?;
    let hint = arguments.hint();
    let names = arguments.finish()?;
    let (Some(from), [service]) = (from, names.as_slice()) else {
        bail!("`import` needs one SERVICE and --from PATH{hint}");
    };
    import(models, service, Path::new(&from))
}

/// Imports `service` from `from`; gives back what to print.
///
/// # Errors
/// As [`command`], but for the arguments.
pub fn import(models: &Path, service: &str, from: &Path) -> Result<String> {
    check_name(service)?;
    // Settings and models may be in a folder of another name, but the lock belongs to the folder around it.
    let lock = WriteLock::acquire(models.parent().unwrap_or(Path::new("")))?;
    let (found, imported) = source::read(from)?;
    let folder = models.join(service);
    let overlay_path = folder.join("overlay.json");
    let overlay = read_optional(&overlay_path)?;
    check_overlay(service, &imported, overlay.as_deref())?;
    let config_path = models.join("attache.toml");
    let config = read_optional(&config_path)?;
    let config = record::record(config.as_deref(), service, &found, &imported)
        .with_context(|| config_path.display().to_string())?;

    let mut staged = Staged::new(&lock);
    staged.stage(&folder.join("model.json"), imported.model_json.as_bytes())?;
    if overlay.is_none() {
        staged.stage(&overlay_path, EMPTY_OVERLAY.as_bytes())?;
    }
    staged.stage(&config_path, config.as_bytes())?;
    staged.commit()?;
    Ok(summary(service, &found, &imported))
}

pub(crate) fn read_optional(path: &Path) -> Result<Option<String>> {
    read::optional(path, read::SOURCE_LIMIT)
}

/// An overlay that no longer applies is repaired before the model under it changes, not after.
pub(crate) fn check_overlay(
    service: &str,
    imported: &Imported,
    overlay: Option<&str>,
) -> Result<()> {
    let Some(text) = overlay else {
        return Ok(());
    };
    let file = format!("models/{service}/overlay.json");
    let mut model = Model::parse("model.json", &imported.model_json)?;
    Model::parse_overlay(&file, text)
        .and_then(|statements| overlay::apply(&mut model, statements))
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
         {id}, version {version}, {protocols}: {operations} operations, {shapes} shapes\n\
         wrote models/{service}/model.json, {bytes} bytes\n",
        kind = found.kind,
        source = line(&found.source),
        id = line(&imported.service_id),
        version = line(&imported.version),
        protocols = protocols.join(" and "),
        operations = imported.operations,
        shapes = imported.shapes,
        bytes = imported.model_json.len(),
    )
}
