//! Compares the Rust axis of `cargo xtask diff` with cargo-semver-checks, which compares the rustdoc output of both
//! crates.
//!
//! Both sides of a pair are generated below `target/semver` and documented as JSON; the crates share one build of their
//! dependencies. The tool requires a new major version, a new minor version, or neither. It detects removed items and
//! items of another kind. It does not report additions, for which our verdict is *minor*, and it does not compare
//! types.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use attache_codegen::Input;
use attache_codegen::ast::own_traits::OwnTraits;
use attache_codegen::diff::{Report, RustLevel};
use attache_codegen::emit::Manifest;

use crate::diff::Input as Side;
use crate::import::source;
use crate::tools::{self, SEMVER_CHECKS};

/// The name of the crates of all pairs, with which rustdoc's paths begin.
const CRATE: &str = "attache-compared";

/// The version step that the tool requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Nothing,
    Minor,
    Major,
}

/// Compares the verdict on each pair of models below a folder, or on those `only` names: a pair is a folder with
/// `old.json` and `new.json`. Returns the table and whether a disagreement has no explanation.
///
/// # Errors
/// A tool that cannot be installed, a pair that does not exist or cannot be read or generated, a generated crate that
/// does not compile.
pub(super) fn compare(workspace: &Path, pairs: &Path, only: &[String]) -> Result<(String, bool)> {
    let folders = folders(pairs, only)?;
    let tool = SEMVER_CHECKS.installed(workspace)?;
    let mut text = format!("{:<44} {:<8} {:<8}\n", "pair", "verdict", "tool");
    let mut differs = false;
    for (name, folder) in &folders {
        let row = pair(workspace, &tool, folder, name).with_context(|| name.clone())?;
        differs |= !row.agrees();
        let _ = writeln!(text, "{}", row.line(name));
    }
    Ok((text, differs))
}

/// The pairs by name.
fn folders(pairs: &Path, only: &[String]) -> Result<Vec<(String, PathBuf)>> {
    let mut folders = Vec::new();
    for entry in
        fs::read_dir(pairs).with_context(|| format!("could not read {}", pairs.display()))?
    {
        let path = entry?.path();
        if path.join("old.json").is_file() && path.join("new.json").is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            folders.push((name.into_owned(), path));
        }
    }
    folders.sort();
    ensure!(!folders.is_empty(), "{} holds no pairs", pairs.display());
    for name in only {
        ensure!(
            folders.iter().any(|(known, _)| known == name),
            "{} holds no pair `{name}`; there are: {}",
            pairs.display(),
            folders
                .iter()
                .map(|(known, _)| known.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    folders.retain(|(name, _)| only.is_empty() || only.contains(name));
    Ok(folders)
}

struct Row {
    report: Report,
    asked: Asked,
    lints: Vec<String>,
}

impl Row {
    /// The tool reports neither additions, which are a minor change, nor changes of types.
    fn explanation(&self) -> Option<&'static str> {
        let only_types = self
            .report
            .changes
            .iter()
            .filter(|change| change.rust == RustLevel::Major)
            .all(|change| {
                change
                    .api
                    .iter()
                    .any(|line| line.contains(" was `") || line.contains(" took `"))
            });
        match (self.report.verdict.rust, self.asked) {
            (RustLevel::Major, Asked::Major)
            | (RustLevel::Minor, Asked::Minor)
            | (RustLevel::None | RustLevel::Patch, Asked::Nothing) => Some("agree"),
            (RustLevel::Minor, Asked::Nothing) => Some("agree: it does not report additions"),
            (RustLevel::Major, Asked::Nothing | Asked::Minor) if only_types => {
                Some("explained: it does not compare types")
            }
            _ => None,
        }
    }

    fn agrees(&self) -> bool {
        self.explanation().is_some()
    }

    fn line(&self, name: &str) -> String {
        let asked = match self.asked {
            Asked::Nothing => "-",
            Asked::Minor => "minor",
            Asked::Major => "major",
        };
        let mut line = format!(
            "{name:<44} {:<8} {asked:<8} {}",
            self.report.verdict.rust.name(),
            self.explanation().unwrap_or("DISAGREE")
        );
        if !self.lints.is_empty() {
            let _ = write!(line, " ({})", self.lints.join(", "));
        }
        line
    }
}

fn pair(workspace: &Path, tool: &Path, folder: &Path, name: &str) -> Result<Row> {
    let (_, old) = source::load(&folder.join("old.json"))?;
    let (_, new) = source::load(&folder.join("new.json"))?;
    let place = tools::target(workspace).join("semver").join(name);
    let own = OwnTraits::default();
    let report =
        Side::published("old.json", &old)?.compare(&Side::published("new.json", &new)?, &own)?;
    let old = document(workspace, &place.join("old"), &old.import(&own)?.model_json)?;
    let new = document(workspace, &place.join("new"), &new.import(&own)?.model_json)?;
    let output = Command::new(tool)
        .args([
            "semver-checks",
            "--color=never",
            "--release-type=patch",
            "--baseline-rustdoc",
        ])
        .arg(&old)
        .arg("--current-rustdoc")
        .arg(&new)
        .output()
        .with_context(|| format!("could not run {}", tool.display()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    let asked = if text.contains("semver requires new major version") {
        Asked::Major
    } else if text.contains("semver requires new minor version") {
        Asked::Minor
    } else if text.contains("no semver update required") {
        Asked::Nothing
    } else {
        bail!("cargo-semver-checks printed no verdict:\n{text}");
    };
    let mut lints: Vec<String> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--- failure "))
        .filter_map(|line| line.split_once(':'))
        .map(|(lint, _)| lint.to_owned())
        .collect();
    lints.sort();
    lints.dedup();
    Ok(Row {
        report,
        asked,
        lints,
    })
}

/// Writes the crate of a model into a folder, as a separate workspace.
fn write_crate(workspace: &Path, folder: &Path, model: &str) -> Result<()> {
    let runtime = workspace.join("crates/runtime");
    let manifest = Manifest {
        crate_name: CRATE.to_owned(),
        runtime: format!(
            "path = {}",
            serde_json::Value::from(runtime.to_string_lossy())
        ),
        in_workspace: false,
        package: String::new(),
        has_extension: false,
        has_arbitrary: true,
        has_test_util: false,
        additions: Default::default(),
    };
    let files = attache_codegen::generate(&Input {
        model_file: "model.json",
        model,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: "a published model",
    })?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for file in &files {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(&path, &file.text)
            .with_context(|| format!("could not write {}", path.display()))?;
    }
    let toml = folder.join("Cargo.toml");
    fs::write(&toml, fs::read_to_string(&toml)? + "\n[workspace]\n")?;
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

/// Generates a crate and returns its documentation as JSON.
fn document(workspace: &Path, folder: &Path, model: &str) -> Result<PathBuf> {
    write_crate(workspace, folder, model)?;
    let build = tools::target(workspace).join("semver/build");
    let status = Command::new(tools::cargo())
        .current_dir(folder)
        .args([
            "rustdoc",
            "--quiet",
            "--lib",
            "--no-default-features",
            "--target-dir",
        ])
        .arg(&build)
        .args([
            "--",
            "-Zunstable-options",
            // The tool needs the hidden fields to find out that a structure cannot be written with all its fields.
            "--document-hidden-items",
            "--output-format=json",
            "--cap-lints=allow",
        ])
        // Documentation as JSON is unstable; the tool itself requests it in the same way.
        .env("RUSTC_BOOTSTRAP", "1")
        .status()
        .context("could not run cargo")?;
    ensure!(
        status.success(),
        "the generated crate cannot be documented, see above"
    );
    let json = folder.join("api.json");
    let made = build
        .join("doc")
        .join(format!("{}.json", CRATE.replace('-', "_")));
    fs::copy(&made, &json).with_context(|| format!("could not copy {}", made.display()))?;
    Ok(json)
}
