//! What the workspace adds to the manifest of a generated crate: settings of `models/attache.toml`, and which model it
//! was made from.
//!
//! The hash of the model stands here only, so that an update changes the files whose code changes, and this one.

use anyhow::{Context, Result, ensure};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::emit::File;
use crate::workspace::config::ServiceConfig;

/// Puts the version of a crate, what its hand-written examples and tests need, and the SHA-256 of its model into its
/// manifest.
///
/// # Errors
/// A manifest or `dev-dependencies` that are not TOML.
pub(super) fn complete(files: &mut [File], service: &ServiceConfig, digest: &str) -> Result<()> {
    let manifest = files.iter_mut().find(|file| file.path == "Cargo.toml");
    let Some(manifest) = manifest else {
        return Ok(());
    };
    let mut document: DocumentMut = manifest.text.parse()?;
    let package = document.get_mut("package").and_then(Item::as_table_mut);
    let package = package.context("the manifest has no [package]")?;
    if let Some(version) = &service.crate_version {
        package.insert("version", value(version));
    }
    insert_digest(package, digest)?;
    if let Some(lines) = &service.dev_dependencies {
        let lines: DocumentMut = lines.parse().context("`dev-dependencies`")?;
        insert_before_lints(document.as_table_mut(), lines.as_table());
    }
    manifest.text = document.to_string();
    Ok(())
}

/// `[package.metadata.attache]`, beside what `models/attache.toml` says in `package.metadata`.
fn insert_digest(package: &mut Table, digest: &str) -> Result<()> {
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    let metadata = package
        .entry("metadata")
        .or_insert(Item::Table(implicit))
        .as_table_like_mut()
        .context("`package.metadata` is not a table")?;
    ensure!(
        !metadata.contains_key("attache"),
        "`package.metadata.attache` is generated"
    );
    let mut own = Table::new();
    own.insert("model-sha256", value(digest));
    metadata.insert("attache", Item::Table(own));
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
