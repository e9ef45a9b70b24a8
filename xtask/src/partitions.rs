//! What this repository generates beside client crates: the table of partitions of the runtime, which is made from
//! `models/partitions.json`, and the overlays that ship with `attache`.
//!
//! They belong to no client crate, so the commands for other workspaces do not write them; `cargo xtask generate` adds them.

use std::path::Path;

use anyhow::{Context, Result};
use attache_codegen::workspace::config::CratesConfig;
use attache_codegen::workspace::generate::{self, Report};
use attache_codegen::workspace::reconcile::{Mode, Tree};
use attache_codegen::workspace::{Outcome, verify};
use attache_codegen::{endpoint, json, print};

use crate::shipped_overlays;

const SOURCE: &str = "models/partitions.json";

/// Runs `generate` for the client crates and the table.
///
/// # Errors
/// As [`generate::command`], and a document of partitions that cannot be read.
pub fn command(workspace: &Path, matches: &clap::ArgMatches) -> Result<Report> {
    generate::command(workspace, matches, &|crates| trees(workspace, crates))
}

/// Runs `verify` as clap read it, for the same.
///
/// # Errors
/// As [`verify::command`].
pub fn verify(workspace: &Path, matches: &clap::ArgMatches) -> Result<Outcome> {
    verify::command(workspace, matches, &|crates| trees(workspace, crates))
}

/// [`command`] for all services, without arguments.
///
/// # Errors
/// As [`command`].
pub fn generate(workspace: &Path, mode: Mode) -> Result<Report> {
    generate::generate_with(workspace, &[], mode, &|crates| trees(workspace, crates))
}

fn trees(workspace: &Path, crates: &CratesConfig) -> Result<Vec<Tree>> {
    let text = std::fs::read_to_string(workspace.join(SOURCE))
        .with_context(|| format!("could not read {SOURCE}"))?;
    let value = json::parse(&text).with_context(|| format!("in {SOURCE}"))?;
    let tokens = endpoint::partitions_module(&value).with_context(|| format!("in {SOURCE}"))?;
    let code = print::file(&crates.header(SOURCE), tokens)?;
    let partitions = Tree {
        root: workspace.join("crates/runtime/src/plumbing/endpoint"),
        files: vec![("partitions.rs".to_owned(), code)],
        whole: false,
        marked: true,
    };
    Ok(vec![partitions, shipped_overlays::tree(workspace, crates)?])
}
