//! The conditions of a run: the machine, and the versions of all programs.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use toml_edit::{DocumentMut, Item};

use super::workshop::{Workshop, processors};

/// Packages of the contestants whose versions matter.
const PACKAGES: [&str; 15] = [
    "aws-config",
    "aws-sdk-support",
    "aws-sdk-ec2",
    "aws-sdk-s3",
    "aws-sdk-sts",
    "aws-sdk-securityir",
    "aws-smithy-runtime",
    "reqwest",
    "hyper",
    "rustls",
    "serde_json",
    "quick-xml",
    "sha2",
    "base64-simd",
    "tokio",
];

/// Lines of a list in Markdown.
pub(super) fn describe(workshop: &Workshop) -> Result<String> {
    let mut text = format!(
        "* date: {}\n* attache: {}\n* machine: {}\n* compiler: {}\n",
        answer(&workshop.workspace, "date", &["-u", "+%Y-%m-%d"]),
        revision(&workshop.workspace),
        machine(),
        answer(&workshop.workspace, "rustc", &["--version"]),
    );
    text.push_str(&format!("* crates: {}\n", crates(&workshop.benches)?));
    let python = workshop.workspace.join("xtask/outside/requirements.txt");
    let list = fs::read_to_string(&python)
        .with_context(|| format!("could not read {}", python.display()))?;
    let packages: Vec<String> = list
        .lines()
        .filter(|line| line.starts_with("boto3==") || line.starts_with("botocore=="))
        .map(|line| line.replace("==", " "))
        .collect();
    text.push_str(&format!("* Python packages: {}\n", packages.join(", ")));
    Ok(text)
}

fn machine() -> String {
    let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let model = value(&file("/proc/cpuinfo"), "model name");
    let memory = value(&file("/proc/meminfo"), "MemTotal")
        .and_then(|text| text.trim_end_matches("kB").trim().parse::<f64>().ok());
    let mut text = format!(
        "{} processors ({}), {} {}",
        processors(),
        model.as_deref().unwrap_or("model unknown"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    );
    if let Some(kibibytes) = memory {
        text.push_str(&format!(", {:.0} GB of memory", kibibytes * 1024.0 / 1e9));
    }
    text
}

/// The commit, and whether there are uncommitted changes. Changes of the record and of its charts do not count, because each
/// recorded part writes them.
fn revision(workspace: &Path) -> String {
    let commit = answer(workspace, "git", &["rev-parse", "--short=12", "HEAD"]);
    match answer(
        workspace,
        "git",
        &[
            "status",
            "--porcelain",
            "--",
            ".",
            ":!benches/RESULTS.md",
            ":!docs/guide",
        ],
    )
    .as_str()
    {
        "" => commit,
        _ => format!("{commit} with changes"),
    }
}

/// The output of a command; empty if it fails, because no figure depends on it.
fn answer(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output();
    output.map_or_else(
        |_| String::new(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

/// The newest version of each package that is locked.
fn crates(benches: &Path) -> Result<String> {
    let file = benches.join("Cargo.lock");
    let text =
        fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let lock: DocumentMut = text
        .parse()
        .with_context(|| format!("{} is no TOML", file.display()))?;
    let packages = lock.get("package").and_then(Item::as_array_of_tables);
    let packages = packages.with_context(|| format!("{} lists no packages", file.display()))?;
    // The versions of one package are in rising order.
    let version = |name: &str| {
        let found = packages
            .iter()
            .filter(|package| package.get("name").and_then(Item::as_str) == Some(name));
        Some(found.last()?.get("version")?.as_str()?.to_owned())
    };
    let found: Vec<String> = PACKAGES
        .iter()
        .filter_map(|name| Some(format!("{name} {}", version(name)?)))
        .collect();
    Ok(found.join(", "))
}
