//! `models/attache.toml`: what is known about each service's model.
//!
//! The file is written by people too, so it is edited and not rewritten: comments, order and other keys stay.

use crate::import::Imported;
use anyhow::{Context, Result};
use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use super::source::Found;
use crate::workspace::published::Source;
use crate::workspace::read;

/// The key that says what the crate's documentation is made of.
const DOCUMENTATION: &str = "documentation";

const HEADER: &str = "\
# The models of this folder, one table each.
#
# `source` says where new models of the service are published: \"botocore\" (the newest release in the package index of
# pip's settings), \"api-models-aws\" (AWS's own Smithy files), { url = \"https://…/model.json\" } or { path = \"…\" } from
# the workspace. `release`, `file` and `version` say what models/SERVICE/model.json was made of, `file-sha256` and
# `sha256` are the digests of that and of model.json; `add`, `import` and `update` write them. `crate` is the package that
# is generated, `crate-version` its version, which `update` raises. `operations` is a list of the operations to generate;
# without it all are. `protocol` is one of those that the service offers. `documentation = \"source\"` gives the crate the
# documentation of the published model, which is kept in models/SERVICE/prose.json; `documentation = \"facts\"` leaves it
# out. `arbitrary = true` generates strategies for proptest, `test-util = true` what mocks need.
#
# How the crates fit this workspace may be said before the services; these are the defaults:
#
# [crates]
# folder = \"crates\"
# command = \"attache\"   # what the first lines of generated files name; `cargo xtask`, for example
# runtime = \"VERSION\"   # attache-runtime; or { path = \"…\" } from the workspace, { git = \"…\" }, { workspace = true }
# inherit = false       # whether version, edition, license, authors and lints come from the workspace
#
# [crates.package]      # more lines of each [package], such as license = \"MIT\" or publish = false
#
# A trait of your own stops everything until its place here says that it is ignored or refused, and why:
#
# [traits]
# \"com.example#auditLevel\" = { ignored = \"only our gateway reads it\" }
";

/// The options for the crate of a new service, which `models/attache.toml` stores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Whether the crate has the documentation of the published model; what the file says without it, and if that has
    /// no choice, yes.
    pub has_prose: Option<bool>,
    /// What the crate is called; `attache-SERVICE` without it.
    pub crate_name: Option<String>,
    /// The operations to generate, by their names in the model; all without it.
    pub operations: Option<Vec<String>>,
    /// The protocol, by the name of its trait; the one with the least cost without it, if there are several.
    pub protocol: Option<String>,
}

/// The text of the file after an import.
pub(crate) fn record(
    text: Option<&str>,
    service: &str,
    found: &Found,
    imported: &Imported,
) -> Result<String> {
    let mut document: DocumentMut = text.unwrap_or_default().parse()?;
    let services = document
        .entry("service")
        .or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        })
        .as_table_mut()
        .context("`service` is not a table")?;
    let table = services
        .entry(service)
        .or_insert_with(|| Item::Table(Table::new()))
        .as_table_mut()
        .with_context(|| format!("`service.{service}` is not a table"))?;
    if !table.contains_key("crate") {
        table["crate"] = value(format!("attache-{service}"));
    }
    // A source that a person wrote stays; an older form of the record does not.
    let is_said = table
        .get("source")
        .is_some_and(|item| Source::parse(item).is_ok());
    match &found.source {
        _ if is_said => {}
        Some(source) => set(table, "source", source.to_value()),
        None => {
            table.remove("source");
        }
    }
    match &found.release {
        Some(release) => set(table, "release", release.clone()),
        None => {
            table.remove("release");
        }
    }
    for (key, text) in [
        ("file", found.file.clone()),
        ("file-sha256", found.sha256.clone()),
        ("version", imported.version.clone()),
        ("sha256", read::sha256(imported.model_json.as_bytes())),
    ] {
        set(table, key, text);
    }
    Ok(match text {
        Some(_) => document.to_string(),
        None => {
            let header = HEADER.replace("VERSION", env!("CARGO_PKG_VERSION"));
            format!("{header}\n{document}")
        }
    })
}

/// The text of the file with a version of the service's crate.
pub(crate) fn with_crate_version(text: &str, service: &str, version: &str) -> Result<String> {
    let mut document: DocumentMut = text.parse()?;
    let table = document["service"][service]
        .as_table_mut()
        .with_context(|| format!("`service.{service}` is not a table"))?;
    set(table, "crate-version", version.to_owned());
    Ok(document.to_string())
}

/// The text of the file with what was chosen about the service's crate.
pub(crate) fn with_choices(text: &str, service: &str, choices: &Choices) -> Result<String> {
    let mut document: DocumentMut = text.parse()?;
    let table = document["service"][service]
        .as_table_mut()
        .with_context(|| format!("`service.{service}` is not a table"))?;
    if let Some(name) = &choices.crate_name {
        set(table, "crate", name.clone());
    }
    if let Some(name) = &choices.protocol {
        set(table, "protocol", name.clone());
    }
    match choices.has_prose {
        Some(has_prose) => set(table, DOCUMENTATION, documentation(has_prose)),
        None if !table.contains_key(DOCUMENTATION) => {
            set(table, DOCUMENTATION, documentation(true));
        }
        None => {}
    }
    if let Some(names) = &choices.operations {
        table["operations"] = value(names.iter().collect::<Array>());
    }
    Ok(document.to_string())
}

fn documentation(has_prose: bool) -> &'static str {
    if has_prose { "source" } else { "facts" }
}

/// The text of the file with the digest of a service's prose, or without it.
pub(crate) fn with_prose(text: &str, service: &str, prose: Option<&str>) -> Result<String> {
    let mut document: DocumentMut = text.parse()?;
    let table = document["service"][service]
        .as_table_mut()
        .with_context(|| format!("`service.{service}` is not a table"))?;
    match prose {
        Some(prose) => set(table, "prose-sha256", read::sha256(prose.as_bytes())),
        None => {
            table.remove("prose-sha256");
        }
    }
    Ok(document.to_string())
}

/// The text of the file without a service.
pub(crate) fn without(text: &str, service: &str) -> Result<String> {
    let mut document: DocumentMut = text.parse()?;
    document["service"]
        .as_table_mut()
        .and_then(|services| services.remove(service))
        .with_context(|| format!("`service.{service}` is not a table"))?;
    Ok(document.to_string())
}

/// Sets a value and keeps what is written around the old one.
fn set(table: &mut Table, key: &str, new: impl Into<Value>) {
    let mut item = value(new);
    if let (Some(new), Some(old)) = (item.as_value_mut(), table.get(key).and_then(Item::as_value)) {
        *new.decor_mut() = old.decor().clone();
    }
    table[key] = item;
}
