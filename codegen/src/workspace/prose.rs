//! `models/SERVICE/prose.json`, the documentation that the model of a service was published with.
//!
//! It exists where `documentation = "source"` says so. `add`, `import` and `update` write it together with the model;
//! `generate` reads it. A file that was changed by hand is found by its digest, as a model is.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::config::ServiceConfig;
use super::read;
use crate::import::prose::{self, Prose};

/// The name of the file.
pub(super) const FILE: &str = "prose.json";

/// The text of the file, where there is one; `models` is the folder of models.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn text(models: &Path, service: &str) -> Result<Option<String>> {
    read::optional(&models.join(service).join(FILE), read::SOURCE_LIMIT)
}

/// The prose of a service; `None` where its crate has facts only.
///
/// # Errors
/// A file that is missing or cannot be read.
pub(super) fn of_service(workspace: &Path, service: &ServiceConfig) -> Result<Option<Prose>> {
    if !service.has_prose {
        return Ok(None);
    }
    let name = &service.name;
    let text = text(&workspace.join("models"), name)?;
    let text = text.with_context(|| {
        format!(
            "models/{name}/{FILE} does not exist, and `documentation = \"source\"` needs it: `update {name}` writes it, \
             and `documentation = \"facts\"` goes without it"
        )
    })?;
    Ok(Some(prose::read(&format!("models/{name}/{FILE}"), &text)?))
}

/// The text of the file for a model that was read; `None` where the crate has facts only.
///
/// # Errors
/// A file that would be larger than those that are read.
pub(super) fn written(service: &ServiceConfig, prose: &Prose) -> Result<Option<String>> {
    if !service.has_prose {
        return Ok(None);
    }
    let text = prose::write(prose)?;
    ensure!(
        text.len() as u64 <= read::SOURCE_LIMIT,
        "the documentation of the model has {} bytes, and models/{}/{FILE} may have {}: `documentation = \"facts\"` goes \
         without it",
        text.len(),
        service.name,
        read::SOURCE_LIMIT
    );
    Ok(Some(text))
}

/// How the file of a service differs from the recorded one, if it does.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn difference(models: &Path, service: &ServiceConfig) -> Result<Option<String>> {
    let name = &service.name;
    let Some(text) = text(models, name)? else {
        return Ok(None);
    };
    if !service.has_prose {
        return Ok(Some(format!(
            "models/{name}/{FILE} is not used, because [service.{name}] of models/attache.toml does not say \
             `documentation = \"source\"`: say so, or delete the file"
        )));
    }
    let found = read::sha256(text.as_bytes());
    Ok(match &service.published.taken.prose_sha256 {
        Some(recorded) if *recorded == found => None,
        Some(recorded) => Some(format!(
            "models/{name}/{FILE} has the SHA-256 {found}, and models/attache.toml records {recorded}: one of them was \
             changed by hand; import the model again, or restore the file"
        )),
        None => Some(format!(
            "models/attache.toml: [service.{name}] has no `prose-sha256`, so a change of {FILE} cannot be detected"
        )),
    })
}
