//! What this repository generates beside client crates: the table of partitions of the runtime, which is made from
//! `models/partitions.json`, a copy of the runtime's functions for endpoint rules, with which the generator evaluates
//! rules, and the overlays that ship with `attache`.
//!
//! They belong to no client crate, so the commands for other workspaces do not write them; `cargo xtask generate` adds them.

use std::path::Path;

use anyhow::{Context, Result};
use attache_codegen::workspace::config::CratesConfig;
use attache_codegen::workspace::generate::{self, Report};
use attache_codegen::workspace::reconcile::{Mode, Tree};
use attache_codegen::workspace::{Outcome, verify};
use attache_codegen::{endpoint, json, print};

use crate::shipped;

const SOURCE: &str = "models/partitions.json";

/// The part of the runtime that endpoint rules call.
const RUNTIME: &str = "crates/runtime/src/plumbing/endpoint";

/// The files of that part that the generator has, too.
const COPIED: [&str; 5] = [
    "arn.rs",
    "partition.rs",
    "s3.rs",
    "standard_library.rs",
    "url.rs",
];

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
    let table = ("partitions.rs".to_owned(), code);
    let mut copies = vec![table.clone()];
    for name in COPIED {
        let source = format!("{RUNTIME}/{name}");
        let text = std::fs::read_to_string(workspace.join(&source))
            .with_context(|| format!("could not read {source}"))?;
        let header = crates.header(&source);
        copies.push((name.to_owned(), format!("// {header}\n\n{text}")));
    }
    let tree = |root: &str, files| Tree {
        root: workspace.join(root),
        files,
        whole: false,
        marked: true,
    };
    Ok(vec![
        tree(RUNTIME, vec![table]),
        tree("codegen/src/endpoint/library", copies),
        shipped::tree(workspace, crates)?,
    ])
}
