//! What `models/attache.toml` adds to the manifest of a generated crate.

use anyhow::{Context, Result};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::emit::File;
use crate::workspace::config::ServiceConfig;

/// Puts the version of a crate, and what its hand-written examples and tests need, into its manifest.
///
/// # Errors
/// A manifest or `dev-dependencies` that are not TOML.
pub(super) fn complete(files: &mut [File], service: &ServiceConfig) -> Result<()> {
    let manifest = files.iter_mut().find(|file| file.path == "Cargo.toml");
    let Some(manifest) = manifest else {
        return Ok(());
    };
    if service.crate_version.is_none() && service.dev_dependencies.is_none() {
        return Ok(());
    }
    let mut document: DocumentMut = manifest.text.parse()?;
    if let Some(version) = &service.crate_version {
        let package = document.get_mut("package").and_then(Item::as_table_mut);
        let package = package.context("the manifest has no [package]")?;
        package.insert("version", value(version));
    }
    if let Some(lines) = &service.dev_dependencies {
        let lines: DocumentMut = lines.parse().context("`dev-dependencies`")?;
        insert_before_lints(document.as_table_mut(), lines.as_table());
    }
    manifest.text = document.to_string();
    Ok(())
}

/// Tables without a position stand where they were inserted, behind those that have one.
fn insert_before_lints(root: &mut Table, lines: &Table) {
    let lints = root.remove("lints");
    let mut table = lines.clone();
    table.set_position(None);
    table.decor_mut().set_prefix("\n");
    root.insert("dev-dependencies", Item::Table(table));
    if let Some(mut lints) = lints {
        if let Some(table) = lints.as_table_mut() {
            table.set_position(None);
        }
        root.insert("lints", lints);
    }
}
