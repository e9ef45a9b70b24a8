//! Runs `cargo xtask update` over the published history of the models of our services.
//!
//! `xtask/outside/histories.json` lists releases of botocore for each service, oldest first: one for every change of
//! its model. In a separate workspace, the service is added from the first release and updated to each of the others
//! with the command that users run. Each generated crate must compile. The overlay was written for the newest model, so
//! each step begins with the statements that apply to its model. The result of the last step must be the committed
//! crate.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use attache_codegen::ast::own_traits::OwnTraits;
use attache_codegen::diff::Report;

use super::environment::Environment;
use super::holding::{Holding, holding};
use super::scratch::Scratch;
use crate::config::services;
use crate::diff::Input;
use crate::generate::generate;
use crate::import::source;
use crate::reconcile::Mode;
use crate::{add, tools, update};

/// Runs the histories; returns the table and whether anything failed.
///
/// # Errors
/// Python or a release that is not available; an invalid list.
pub(super) fn run(workspace: &Path, shown: bool) -> Result<(String, bool)> {
    let list = workspace.join("xtask/outside/histories.json");
    let text =
        fs::read_to_string(&list).with_context(|| format!("could not read {}", list.display()))?;
    let histories: BTreeMap<String, Vec<String>> =
        histories(&text).with_context(|| format!("{} is no list of releases", list.display()))?;
    let environment = Environment::set_up(workspace)?;
    let mut table = format!(
        "{:<12} {:<9} {:<9} {:<6} {:<11} {:<10} {:>7} {:<8} {:<16} {:>6} {:>6}\n",
        "service",
        "from",
        "to",
        "Rust",
        "wire",
        "validation",
        "changes",
        "version",
        "overlay",
        "update",
        "build"
    );
    let mut failed = false;
    for (service, releases) in &histories {
        let history = History {
            workspace,
            service,
            shown,
        };
        let outcome = history.fetch(&environment, releases).and_then(|places| {
            let scratch = Scratch::make(workspace, "history")?;
            history.run(&scratch, releases, &places, &mut table)
        });
        if let Err(error) = outcome {
            failed = true;
            let _ = writeln!(table, "{service:<12} FAILED: {error:#}");
        }
    }
    Ok((table, failed))
}

fn histories(text: &str) -> Result<BTreeMap<String, Vec<String>>> {
    let value: serde_json::Value = serde_json::from_str(text)?;
    let services = value.as_object().context("no object")?;
    services
        .iter()
        .map(|(service, releases)| {
            let releases: Vec<String> = releases
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|release| Some(release.as_str()?.to_owned()))
                .collect();
            ensure!(
                releases.len() > 1,
                "`{service}` needs two releases at least"
            );
            Ok((service.clone(), releases))
        })
        .collect()
}

/// The history of one service.
struct History<'a> {
    workspace: &'a Path,
    service: &'a str,
    /// Whether each step's changelog is printed.
    shown: bool,
}

impl History<'_> {
    /// The folders with the service's models, a release each.
    fn fetch(&self, environment: &Environment, releases: &[String]) -> Result<Vec<PathBuf>> {
        let folder = tools::target(self.workspace).join("outside/botocore");
        let mut places = Vec::new();
        for release in releases {
            let status = Command::new(environment.python())
                .arg(self.workspace.join("xtask/outside/models.py"))
                .arg(&folder)
                .args([release, self.service])
                .status()
                .context("could not run models.py")?;
            ensure!(
                status.success(),
                "botocore {release} is not available, see above"
            );
            places.push(
                folder
                    .join(release)
                    .join("botocore/data")
                    .join(self.service),
            );
        }
        Ok(places)
    }

    fn run(
        &self,
        scratch: &Scratch,
        releases: &[String],
        places: &[PathBuf],
        table: &mut String,
    ) -> Result<()> {
        let committed = |file: &str| {
            let path = self.workspace.join("models").join(self.service).join(file);
            fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))
        };
        let whole = committed("overlay.json")?;
        add::add(&scratch.folder, self.service, &places[0])?;
        self.compile(scratch)?;
        let mut held = self.grow(scratch, &whole)?;
        for (index, place) in places.iter().enumerate().skip(1) {
            let step = self
                .step(scratch, place, &held)
                .with_context(|| format!("{} to {}", releases[index - 1], releases[index]))?;
            let line = step.line(self.service, &releases[index - 1], &releases[index], &held);
            println!("{}", line.trim_end());
            table.push_str(&line);
            held = self.grow(scratch, &whole)?;
        }
        let here = |file: &str| scratch.read(&format!("models/{}/{file}", self.service));
        ensure!(
            here("model.json")? == committed("model.json")?,
            "the history does not end with the model that is committed: is a release missing from it?"
        );
        ensure!(
            held.lost.is_empty(),
            "the committed overlay does not apply at the end: {}",
            held.lost.join(", ")
        );
        self.same_code(scratch)
    }

    /// Writes the statements of the overlay that apply to the model.
    fn grow(&self, scratch: &Scratch, whole: &str) -> Result<Holding> {
        let folder = format!("models/{}", self.service);
        let held = holding(&scratch.read(&format!("{folder}/model.json"))?, whole)?;
        scratch.write(&format!("{folder}/overlay.json"), &held.text)?;
        generate(&scratch.folder, &[self.service.to_owned()], Mode::Write)?;
        Ok(held)
    }

    fn step(&self, scratch: &Scratch, place: &Path, held: &Holding) -> Result<Step> {
        let start = Instant::now();
        let (_, texts) = source::load(place)?;
        let overlay = scratch
            .folder
            .join(format!("models/{}/overlay.json", self.service));
        let mut overtaken = 0;
        let text = match update::update(&scratch.folder, self.service, place, true) {
            Ok(_) => self.update(scratch, place)?,
            Err(refused) => {
                // The only accepted reason for a refusal; the step then follows the instructions of the error.
                let less = holding(&texts.import(&OwnTraits::default())?.model_json, &held.text)?;
                if less.lost.is_empty() {
                    return Err(refused);
                }
                println!("refused at first: {refused:#}");
                overtaken = less.lost.len();
                fs::write(&overlay, &less.text)
                    .with_context(|| format!("could not write {}", overlay.display()))?;
                self.update(scratch, place)?
            }
        };
        let took = start.elapsed();
        if self.shown {
            println!("{}", text.0);
        }
        Ok(Step {
            report: text.1,
            overtaken,
            version: self.version(scratch)?,
            took,
            built: self.compile(scratch)?,
        })
    }

    /// Runs the command, and returns its output.
    fn update(&self, scratch: &Scratch, place: &Path) -> Result<(String, Report)> {
        let (_, texts) = source::load(place)?;
        let report = Input::service(&scratch.folder, self.service, None)?.compare(
            &Input::published(self.service, &texts)?,
            &OwnTraits::default(),
        )?;
        let text = update::update(&scratch.folder, self.service, place, false)?;
        Ok((text, report))
    }

    fn crate_name(&self, scratch: &Scratch) -> Result<(String, Option<String>)> {
        let config = services(&scratch.folder.join("models"))?
            .into_iter()
            .find(|config| config.name == self.service)
            .context("the service is not there")?;
        Ok((config.crate_name, config.crate_version))
    }

    fn version(&self, scratch: &Scratch) -> Result<String> {
        Ok(self
            .crate_name(scratch)?
            .1
            .unwrap_or_else(|| "as it was".to_owned()))
    }

    fn compile(&self, scratch: &Scratch) -> Result<Duration> {
        scratch.cargo(&["check", "--package", &self.crate_name(scratch)?.0])
    }

    /// Fails unless the sources are the committed ones, whatever the steps were.
    fn same_code(&self, scratch: &Scratch) -> Result<()> {
        let name = self.crate_name(scratch)?.0;
        let folder = Path::new("crates")
            .join(name.strip_prefix("attache-").unwrap_or(&name))
            .join("src");
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            let place = scratch.folder.join(&folder);
            for entry in fs::read_dir(&place)
                .with_context(|| format!("could not read {}", place.display()))?
            {
                let entry = entry?;
                let file = folder.join(entry.file_name());
                if entry.file_type()?.is_dir() {
                    folders.push(file);
                    continue;
                }
                ensure!(
                    fs::read(entry.path())? == fs::read(self.workspace.join(&file))?,
                    "{} differs from the committed file",
                    file.display()
                );
            }
        }
        Ok(())
    }
}

/// One update.
struct Step {
    report: Report,
    /// How many statements of the overlay the new model contains itself or no longer supports.
    overtaken: usize,
    version: String,
    took: Duration,
    built: Duration,
}

impl Step {
    fn line(&self, service: &str, from: &str, to: &str, held: &Holding) -> String {
        let verdict = &self.report.verdict;
        let mut overlay = format!("{}/{}", held.kept, held.kept + held.lost.len());
        if self.overtaken > 0 {
            let _ = write!(overlay, ", {} gone", self.overtaken);
        }
        format!(
            "{service:<12} {from:<9} {to:<9} {:<6} {:<11} {:<10} {:>7} {:<8} {overlay:<16} {:>5.1}s {:>5.1}s\n",
            verdict.rust.name(),
            verdict.wire.name(),
            verdict.validation.name(),
            self.report.changes.len(),
            self.version,
            self.took.as_secs_f64(),
            self.built.as_secs_f64(),
        )
    }
}
