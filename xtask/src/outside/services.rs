//! Runs `cargo xtask add` for other services, and compiles the result.
//!
//! `xtask/outside/services.txt` names them: services that applications use often, which together have every protocol
//! and most features of models. Each is added to a workspace below `target/outside` from the data of the pinned
//! botocore, compiled, and checked with clippy with the features that add code to every type. Then it is deleted, and
//! the next one is added. botocore contains no tests that could be run.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use attache_codegen::ast::own_traits::OwnTraits;
use attache_codegen::emit::Manifest;
use attache_codegen::workspace::generate::generate;
use attache_codegen::workspace::reconcile::Mode;
use attache_codegen::{Input, analyse};
use toml_edit::{DocumentMut, value};

use super::differential;
use super::environment::Environment;
use super::scratch::{Scratch, lines};
use crate::add;
use crate::import::source;

/// The result of a service.
struct Row {
    protocol: String,
    operations: usize,
    left_out: Vec<String>,
    lines: usize,
    check: Duration,
    /// Whether clippy reports nothing.
    clean: bool,
}

/// The services to add.
pub(super) enum Choice {
    /// Those of the list.
    Listed,
    /// Those named, as botocore's data calls them.
    Named(Vec<String>),
    /// All that botocore has; those with an unsupported protocol are skipped.
    All,
}

impl Choice {
    pub(super) fn names(self, workspace: &Path, data: &Path) -> Result<Vec<String>> {
        match self {
            Choice::Listed => {
                let list = workspace.join("xtask/outside/services.txt");
                let text = fs::read_to_string(&list)
                    .with_context(|| format!("could not read {}", list.display()))?;
                Ok(text.lines().map(str::to_owned).collect())
            }
            Choice::Named(names) => Ok(names),
            Choice::All => {
                let mut names = Vec::new();
                for entry in fs::read_dir(data)
                    .with_context(|| format!("could not read {}", data.display()))?
                {
                    let path = entry?.path();
                    if source::version_folder(&path).is_ok() {
                        let name = path.file_name().unwrap_or_default();
                        names.push(name.to_string_lossy().into_owned());
                    }
                }
                names.sort();
                Ok(names)
            }
        }
    }
}

/// The folder with the data of services: the one that the user names, or that of the installed botocore.
///
/// # Errors
/// A folder that is not there; Python or botocore that is not available.
pub(super) fn data(workspace: &Path, from: Option<&PathBuf>) -> Result<PathBuf> {
    match from {
        Some(from) => {
            fs::canonicalize(from).with_context(|| format!("there is no folder {}", from.display()))
        }
        None => differential::installed(workspace, &Environment::set_up(workspace)?),
    }
}

/// Adds and compiles the services; returns the table and whether anything failed, clippy included.
///
/// # Errors
/// Data that is not available, or a list that cannot be read.
pub(super) fn run(
    workspace: &Path,
    choice: Choice,
    from: Option<&PathBuf>,
) -> Result<(String, bool)> {
    let passes_over = matches!(choice, Choice::All);
    let data = data(workspace, from)?;
    let names = choice.names(workspace, &data)?;
    let mut table = format!(
        "{:<18} {:<12} {:>10} {:>8} {:>8} {:>7} {:>7}\n",
        "service", "protocol", "operations", "left out", "lines", "check", "clippy"
    );
    let mut remarks = String::new();
    let mut failed = false;
    let scratch = Scratch::make(workspace, "services")?;
    for name in &names {
        match service(&scratch, name, &data.join(name)) {
            Ok(row) => {
                failed |= !row.clean;
                let line = format!(
                    "{name:<18} {:<12} {:>10} {:>8} {:>8} {:>6.1}s {:>7}\n",
                    row.protocol,
                    row.operations,
                    row.left_out.len(),
                    row.lines,
                    row.check.as_secs_f64(),
                    if row.clean { "clean" } else { "warns" },
                );
                print!("{line}");
                table.push_str(&line);
                for reason in row.left_out {
                    let _ = writeln!(remarks, "{name}: {reason}");
                }
            }
            Err(error) if passes_over && format!("{error:#}").contains("unsupported protocol") => {
                let _ = writeln!(remarks, "{name}: {error:#}");
            }
            Err(error) => {
                failed = true;
                println!("{name}: {error:#}");
                let _ = writeln!(table, "{name:<18} FAILED: {error:#}");
            }
        }
        // The next service must not be compiled together with this one.
        let crates = scratch.folder.join("crates");
        if crates.exists() {
            fs::remove_dir_all(&crates)
                .with_context(|| format!("could not delete {}", crates.display()))?;
        }
    }
    if !remarks.is_empty() {
        table = format!("{table}\nleft out:\n{remarks}");
    }
    Ok((table, failed))
}

/// Has the crate the features that only some services have.
pub(super) fn with_all_features(scratch: &Scratch, name: &str) -> Result<()> {
    let file = "models/attache.toml";
    let mut settings: DocumentMut = scratch.read(file)?.parse().context("no TOML")?;
    for key in ["arbitrary", "test-util"] {
        settings["service"][name][key] = value(true);
    }
    scratch.write(file, &settings.to_string())?;
    generate(&scratch.folder, &[name.to_owned()], Mode::Write)?;
    Ok(())
}

/// The protocols of a service, the number of operations that are generated, and what is left out.
pub(super) fn facts(name: &str, from: &Path) -> Result<(String, usize, Vec<String>)> {
    let (_, imported) = source::read(from, &OwnTraits::default())?;
    let manifest = Manifest {
        crate_name: format!("attache-{name}"),
        runtime: "workspace = true".to_owned(),
        in_workspace: true,
        has_extension: false,
        has_arbitrary: true,
        has_test_util: true,
        additions: Default::default(),
        package: String::new(),
    };
    let analysed = analyse(&Input {
        model_file: "model.json",
        model: &imported.model_json,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: name,
    })?;
    let protocols: Vec<&str> = imported
        .protocols
        .iter()
        .map(|id| id.rsplit('#').next().unwrap_or(id))
        .collect();
    Ok((
        protocols.join(", "),
        analysed.operations.len(),
        analysed.left_out,
    ))
}

fn service(scratch: &Scratch, name: &str, from: &Path) -> Result<Row> {
    add::add(&scratch.folder, name, from)?;
    with_all_features(scratch, name)?;
    let package = format!("attache-{name}");
    let (protocol, operations, left_out) = facts(name, from)?;
    Ok(Row {
        protocol,
        operations,
        left_out,
        lines: lines(&scratch.folder.join("crates").join(name))?,
        check: scratch.cargo(&["check", "--package", &package])?,
        clean: scratch
            .cargo(&[
                "clippy",
                "--package",
                &package,
                "--features",
                "proptest,serde,test-util",
                "--",
                "--deny",
                "warnings",
            ])
            .is_ok(),
    })
}
