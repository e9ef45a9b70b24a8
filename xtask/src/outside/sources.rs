//! Runs `outdated` and `update` against the real package index, as a user would.
//!
//! A workspace below `target/outside` gets both of our services and those of `xtask/outside/services.txt` from an old
//! release, and `outdated` compares all of them with the newest one. Another workspace, of fewer services, is updated
//! from that release to the newest in three steps; the crates of each step are compiled. Then the same commands run
//! again, and must download no archive.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::programs::Programs;
use super::scratch::Scratch;
use super::services::Choice;
use crate::tools;

/// The services of this repository.
const OWN: [&str; 2] = ["security-ir", "support"];

/// The services that are updated and compiled: small ones, so that a step takes minutes.
const UPDATED: [&str; 6] = [
    "accessanalyzer",
    "security-ir",
    "sqs",
    "secretsmanager",
    "support",
    "trustedadvisor",
];

/// The release of botocore from which the services are added.
const FIRST: &str = "1.40.0";

/// The releases to which they are updated, before the newest one.
const STEPS: [&str; 2] = ["1.42.1", "1.44.5"];

/// Runs the commands; returns the table and whether anything failed.
///
/// # Errors
/// A program that does not build, no network, a command that fails, a crate that does not compile.
pub(super) fn run(workspace: &Path) -> Result<(String, bool)> {
    let programs = Programs::attache(workspace)?;
    let cache = tools::target(workspace).join("outside/downloads");
    if cache.exists() {
        fs::remove_dir_all(&cache)
            .with_context(|| format!("could not delete {}", cache.display()))?;
    }
    let attache = |folder: &str| -> Result<Attache> {
        Ok(Attache {
            program: programs.path("attache")?.to_owned(),
            cache: cache.clone(),
            scratch: Scratch::make(workspace, folder)?,
        })
    };
    let mut names = Choice::Listed.names(workspace, Path::new(""))?;
    names.extend(OWN.map(str::to_owned));
    let mut text = compare(&attache("sources")?, &names)?;
    text.push_str(&update(&attache("updates")?)?);
    Ok((text, false))
}

/// The program in a workspace.
struct Attache {
    program: PathBuf,
    cache: PathBuf,
    scratch: Scratch,
}

impl Attache {
    /// What a command prints that succeeds. Its errors and its progress bar are those of this program.
    fn succeeds(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(&self.program)
            .args(arguments)
            .current_dir(&self.scratch.folder)
            .env("ATTACHE_CACHE", &self.cache)
            .stderr(Stdio::inherit())
            .output()
            .context("could not run attache")?;
        ensure!(
            output.status.success(),
            "`attache {}` failed in {}, see above",
            arguments.join(" "),
            self.scratch.folder.display()
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The rows of `outdated`.
    fn outdated(&self, options: &[&str]) -> Result<Vec<Value>> {
        let arguments = [&["outdated", "--format", "json"], options].concat();
        let text = self.succeeds(&arguments)?;
        serde_json::from_str(&text).context("`outdated --format json` printed something else")
    }

    /// The archives that were downloaded, by their names: the size, and when they were written. The page of the index is
    /// none of them: an index without `ETag` sends it each time.
    fn downloads(&self) -> Result<BTreeMap<String, (u64, SystemTime)>> {
        let folder = self.cache.join("objects");
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("could not read {}", folder.display()))?;
        let mut files = BTreeMap::new();
        for entry in entries {
            let entry = entry?;
            let mut start = [0; 2];
            File::open(entry.path())?.read_exact(&mut start)?;
            if start != *b"PK" {
                continue;
            }
            let metadata = entry.metadata()?;
            let name = entry.file_name().to_string_lossy().into_owned();
            files.insert(name, (metadata.len(), metadata.modified()?));
        }
        Ok(files)
    }

    /// How many bytes were downloaded.
    fn downloaded(&self) -> Result<f64> {
        let bytes: u64 = self.downloads()?.values().map(|(size, _)| size).sum();
        // Megabytes for a table: no number that loses anything of interest.
        Ok(bytes as f64 / 1e6)
    }
}

/// Adds the services from the old release, and compares them with the newest one: the first time with a download, then
/// without one.
fn compare(attache: &Attache, names: &[String]) -> Result<String> {
    for name in names {
        attache.succeeds(&["add", name, "--to", FIRST])?;
    }
    let start = Instant::now();
    let first = attache.outdated(&[])?;
    let first_time = start.elapsed();
    ensure!(
        first.len() == names.len(),
        "`outdated` named {} services of {}",
        first.len(),
        names.len()
    );
    for row in &first {
        let (recorded, newest) = (&row["recorded"], &row["newest"]);
        ensure!(
            recorded == FIRST && newest.is_string() && newest != recorded,
            "`outdated` says {row}, and the model was taken from {FIRST}"
        );
    }
    let again = again(attache, &["outdated"])?;
    let mut text = attache.succeeds(&["outdated", "--offline"])?;
    let _ = writeln!(
        text,
        "\n{} services, {:.1} MB downloaded: the first time {:.1} s, {again}\n",
        first.len(),
        attache.downloaded()?,
        first_time.as_secs_f64(),
    );
    Ok(text)
}

/// Runs a command twice more, with the network and with `--offline`: both must print the same, and download no archive.
/// Returns how long they took.
fn again(attache: &Attache, command: &[&str]) -> Result<String> {
    let before = attache.downloads()?;
    let start = Instant::now();
    let online = attache.succeeds(command)?;
    let online_time = start.elapsed();
    ensure!(
        attache.downloads()? == before,
        "`attache {}` downloaded something again",
        command.join(" ")
    );
    let start = Instant::now();
    let offline = attache.succeeds(&[command, &["--offline"]].concat())?;
    ensure!(
        online == offline && attache.downloads()? == before,
        "`attache {} --offline` did something else than without the option",
        command.join(" ")
    );
    Ok(format!(
        "again {:.1} s, offline {:.1} s, without a download of an archive",
        online_time.as_secs_f64(),
        start.elapsed().as_secs_f64()
    ))
}

/// Takes services from the old release to the newest one.
fn update(attache: &Attache) -> Result<String> {
    for name in UPDATED {
        attache.succeeds(&["add", name, "--to", FIRST, "--no-overlay"])?;
    }
    let built = attache.scratch.cargo(&["check", "--workspace"])?;
    let mut table = format!(
        "{:<9} {:<9} {:>8} {:>7} {:>6} {:>8} {:>7} {:>7}\n",
        "from", "to", "services", "changed", "major", "download", "update", "build"
    );
    let _ = writeln!(
        table,
        "{:<9} {FIRST:<9} {:>8} {:>7} {:>6} {:>8} {:>7} {:>6.1}s",
        "-",
        UPDATED.len(),
        "-",
        "-",
        "-",
        "-",
        built.as_secs_f64()
    );
    let mut from = FIRST.to_owned();
    for to in STEPS.map(Some).into_iter().chain([None]) {
        let step = Step::take(attache, to).with_context(|| format!("from {from}"))?;
        let line = step.line(&from);
        print!("{line}");
        table.push_str(&line);
        from = step.to;
    }
    let again = again(attache, &["update"])?;
    let _ = writeln!(table, "\nthe last update once more: {again}");
    same_as_added(attache)?;
    Ok(table)
}

/// One update of all services.
struct Step {
    to: String,
    changed: usize,
    major: usize,
    downloaded: f64,
    updated: Duration,
    built: Duration,
}

impl Step {
    /// Updates to a release, or to the newest one.
    fn take(attache: &Attache, to: Option<&str>) -> Result<Self> {
        let downloaded = attache.downloaded()?;
        let options = to.map_or_else(Vec::new, |to| vec!["--to", to]);
        let start = Instant::now();
        attache.succeeds(&[&["update", "--report", "report.md"], options.as_slice()].concat())?;
        let updated = start.elapsed();
        let report = attache.scratch.read("report.md")?;
        let sound = attache.succeeds(&["verify"])?;
        ensure!(
            sound == format!("{} services are valid\n", UPDATED.len()),
            "`verify` says {sound}"
        );
        let rows = attache.outdated(&[])?;
        let releases: Vec<&str> = rows
            .iter()
            .filter_map(|row| row["recorded"].as_str())
            .collect();
        let release = *releases.first().context("no release is recorded")?;
        ensure!(
            releases.len() == UPDATED.len()
                && releases.iter().all(|other| *other == release)
                && to.is_none_or(|to| to == release),
            "`models/attache.toml` records {releases:?} after an update to {}",
            to.unwrap_or("the newest release")
        );
        Ok(Self {
            to: release.to_owned(),
            changed: report.matches("\n## ").count(),
            major: report.matches("| major |").count(),
            downloaded: attache.downloaded()? - downloaded,
            updated,
            built: attache.scratch.cargo(&["check", "--workspace"])?,
        })
    }

    fn line(&self, from: &str) -> String {
        format!(
            "{from:<9} {:<9} {:>8} {:>7} {:>6} {:>5.1} MB {:>6.1}s {:>6.1}s\n",
            self.to,
            UPDATED.len(),
            self.changed,
            self.major,
            self.downloaded,
            self.updated.as_secs_f64(),
            self.built.as_secs_f64()
        )
    }
}

/// Removes the services and adds them from the newest release: their models must be those that the updates led to.
fn same_as_added(attache: &Attache) -> Result<()> {
    for name in UPDATED {
        let file = format!("models/{name}/model.json");
        let updated = attache.scratch.read(&file)?;
        attache.succeeds(&["remove", name])?;
        // A changelog is written by people, too, so that it stays.
        let folder = attache.scratch.folder.join("crates").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("could not delete {}", folder.display()))?;
        }
        attache.succeeds(&["add", name, "--no-overlay", "--offline"])?;
        ensure!(
            attache.scratch.read(&file)? == updated,
            "{file} is not the same after updates and after `add`"
        );
    }
    Ok(())
}
