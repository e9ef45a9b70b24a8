//! `attache remove`: removes a service from the workspace, with everything that was generated for it.
//!
//! Files that people wrote stay: an overlay with statements, examples, tests, a changelog. The command names them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::{ArgMatches, Command};

use crate::workspace::config::{self, ServiceConfig};
use crate::workspace::generate::crate_folder;
use crate::workspace::import::{EMPTY_OVERLAY, read_optional, record};
use crate::workspace::mark::is_generated_file;
use crate::workspace::quantity::counted;
use crate::workspace::reconcile::{Access, Mode, Tree, files_below, reconcile_and_remove};
use crate::workspace::{arguments, dependents, read};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("remove")
        .about("Remove a service: its model, its settings and its generated crate")
        .long_about(
            "Removes a service from models/attache.toml, and deletes its model and its generated\n\
             files. Files that people wrote stay, and are named: an overlay with statements,\n\
             examples, tests, a changelog. It refuses where a manifest of the workspace depends on\n\
             the crate.",
        )
        .args([
            arguments::service(),
            arguments::dry_run("Write nothing; only show what would be done"),
        ])
}

/// Runs the command; returns the text to print.
///
/// # Errors
/// See [`remove`].
pub(crate) fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    remove(
        workspace,
        arguments::service_of(matches),
        matches.get_flag("dry-run"),
    )
}

/// Removes a service; returns the text to print.
///
/// # Errors
/// A service that does not exist, a manifest that depends on its crate, files that cannot be deleted.
pub fn remove(workspace: &Path, service: &str, dry_run: bool) -> Result<String> {
    let mode = Mode::of(dry_run);
    let access = Access::open(workspace, mode)?;
    let models = workspace.join("models");
    let settings = models.join("attache.toml");
    let before = read::text(&settings)?;
    let config = config::parse(&settings, &before)?;
    let configured = config
        .service(service)
        .ok_or_else(|| config.no_service(service))?;
    let folder = crate_folder(workspace, &config.crates, configured);
    refuse_dependents(workspace, configured, &folder)?;
    let empty = |root: PathBuf| Tree {
        root,
        files: Vec::new(),
        whole: true,
        marked: true,
    };
    let mut trees = vec![empty(folder.clone())];
    let server = configured.server.as_ref();
    trees.extend(server.map(|folder| empty(workspace.join(folder))));
    let own = models.join(service);
    let removed = model_files(&own)?;
    let others = [(settings, record::without(&before, service)?)];
    let outcome = reconcile_and_remove(&access, &trees, &others, &removed)?;
    let (wrote, deleted) = match mode {
        Mode::Write => ("wrote", "deleted"),
        Mode::Check => ("would write", "delete"),
    };
    let mut text = format!(
        "{service}: {wrote} models/attache.toml, {deleted} {} and {} of models/{service}\n",
        counted(outcome.deleted, "generated file"),
        removed.len(),
    );
    for place in [&folder, &own] {
        tell_left(&mut text, workspace, place, &left(place, &removed)?);
    }
    if let (Mode::Write, Some(server)) = (mode, server) {
        let _ = writeln!(
            text,
            "a crate still declares the modules in {server}: remove these declarations"
        );
    }
    if mode == Mode::Write {
        for folder in [&folder, &own] {
            remove_empty(folder);
        }
    }
    Ok(text)
}

/// Says what stays in a folder.
fn tell_left(text: &mut String, workspace: &Path, folder: &Path, kept: &[PathBuf]) {
    let shown = |path: &Path| {
        path.strip_prefix(workspace)
            .unwrap_or(path)
            .display()
            .to_string()
    };
    for path in kept {
        let _ = writeln!(text, "left {}, which is not generated", shown(path));
    }
    let was_crate = !folder.starts_with(workspace.join("models"));
    if was_crate && !kept.is_empty() && !kept.contains(&folder.join("Cargo.toml")) {
        let _ = writeln!(
            text,
            "move or delete what is left in {}: it has no manifest, and cargo does not load a workspace with a member that has none",
            shown(folder)
        );
    }
}

/// Refuses if a manifest depends on the crate: that package would not build without it.
fn refuse_dependents(workspace: &Path, configured: &ServiceConfig, folder: &Path) -> Result<()> {
    let mut manifests = dependents::of(workspace, &configured.crate_name)?;
    manifests.retain(|path| !path.starts_with(folder));
    let names: Vec<String> = manifests
        .iter()
        .map(|path| {
            let path = path.strip_prefix(workspace).unwrap_or(path);
            path.display().to_string()
        })
        .collect();
    ensure!(
        names.is_empty(),
        "{} {} on {}: remove {} first",
        names.join(", "),
        if names.len() == 1 {
            "depends"
        } else {
            "depend"
        },
        configured.crate_name,
        if names.len() == 1 {
            "this dependency"
        } else {
            "these dependencies"
        },
    );
    Ok(())
}

/// The files of a service's folder of models that commands wrote, including an empty overlay.
fn model_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for name in ["model.json", "names.json", "prose.json"] {
        files.push(folder.join(name));
    }
    let overlay = folder.join("overlay.json");
    if read_optional(&overlay)?.is_some_and(|text| text == EMPTY_OVERLAY) {
        files.push(overlay);
    }
    files.retain(|path| path.is_file());
    Ok(files)
}

/// The files below a folder that stay.
fn left(folder: &Path, removed: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for (path, _) in files_below(folder)? {
        if !is_generated_file(&path) && !removed.contains(&path) {
            files.push(path);
        }
    }
    Ok(files)
}

/// Removes a folder and the folders in it if they contain no files. Errors are ignored.
fn remove_empty(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_empty(&entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
}
