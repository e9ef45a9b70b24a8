//! `attache diff`: what changed between two models, in the model's terms and in Rust's.
//!
//! The comparison itself is `crate::diff`; here stands what OLD and NEW may be and where their overlays come
//! from.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::diff::prose::{self, Prose};
use crate::diff::{Report, Version, compare, report};
use crate::import::read_smithy;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::workspace::arguments::Arguments;
use crate::workspace::config::services;
use crate::workspace::import::source::{self, Texts};
use crate::workspace::read;

const HELP: &str = "\
PROGRAM diff OLD NEW [--format text|json|markdown]

Says what changed between two models of a service, what that means for the Rust API of its crate, for the messages and
for the checks of requests, and by how much the version must rise.

OLD and NEW are each one of
  PATH          botocore's data folder of a service, a service-2.json, a Smithy 2.0 JSON AST, or a model.json; files may
                be compressed (.gz)
  SERVICE       the model in models/SERVICE, with its overlay
  SERVICE@REV   the same at a revision of git

Where one side is a service and the other a file, the service's overlay holds for both.

  --format text       for a terminal (default)
  --format json       `verdict` and `changes`, for programs
  --format markdown   the part of a changelog

The exit status is 0 whatever changed, and 2 where a side cannot be read.
";

/// Runs the command; gives back what to print.
///
/// # Errors
/// Arguments that it does not understand, a side that cannot be read.
pub fn command(workspace: &Path, mut arguments: Arguments) -> Result<String> {
    if let Some(help) = arguments.help(HELP) {
        return Ok(help);
    }
    let format = arguments.option("--format")?;
    let write = match format.as_deref() {
        None | Some("text") => report::text,
        Some("json") => report::json,
        Some("markdown") => report::markdown,
        Some(other) => bail!("--format takes text, json or markdown, not `{other}`"),
    };
    let hint = arguments.hint();
    let names = arguments.finish()?;
    let [old, new] = names.as_slice() else {
        bail!("`diff` needs OLD and NEW{hint}");
    };
    let old = Input::read(workspace, old)?;
    let new = Input::read(workspace, new)?;
    Ok(write(&old.compare(&new)?))
}

/// One side, read.
#[derive(Debug)]
pub struct Input {
    name: String,
    model: Value,
    prose: Prose,
    overlay: Option<(String, String)>,
    operations: Option<Vec<String>>,
}

impl Input {
    /// Reads what a user named: a path that is there, or else a service.
    fn read(workspace: &Path, name: &str) -> Result<Self> {
        if Path::new(name).exists() {
            let (_, texts) = source::load(Path::new(name))?;
            return Self::published(name, &texts).with_context(|| format!("could not read {name}"));
        }
        let (service, revision) = match name.split_once('@') {
            Some((service, revision)) => (service, Some(revision)),
            None => (name, None),
        };
        Self::service(workspace, service, revision).with_context(|| {
            format!("`{name}` is no file, and could not be read as a service either")
        })
    }

    /// A published model; it has no overlay.
    ///
    /// # Errors
    /// A model that cannot be read.
    pub fn published(name: &str, texts: &Texts) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            model: texts.normal_form()?,
            prose: texts.prose()?,
            overlay: None,
            operations: None,
        })
    }

    /// The model of a service, as it stands here or at a revision.
    ///
    /// # Errors
    /// Files that are not there, here or at the revision.
    pub fn service(workspace: &Path, service: &str, revision: Option<&str>) -> Result<Self> {
        let file = |name: &str| format!("models/{service}/{name}");
        let text = |name: &str| -> Result<String> {
            let file = file(name);
            match revision {
                None => read::text(&workspace.join(&file))
                    .with_context(|| format!("could not read {file}")),
                Some(revision) => git_show(workspace, revision, &file),
            }
        };
        let model = text("model.json")?;
        let has_overlay = revision.is_some() || workspace.join(file("overlay.json")).exists();
        let overlay = if has_overlay {
            Some((file("overlay.json"), text("overlay.json")?))
        } else {
            None
        };
        let configured = services(&workspace.join("models"))?
            .into_iter()
            .find(|config| config.name == service);
        Ok(Self {
            name: file("model.json"),
            model: read_smithy(&model)?,
            prose: Prose::new(),
            overlay,
            operations: configured.and_then(|config| config.operations),
        })
    }

    /// Compares with a newer side.
    ///
    /// # Errors
    /// An overlay or a slice that does not apply to its model.
    pub fn compare(&self, new: &Self) -> Result<Report> {
        // A published file has neither overlay nor slice; those of the service that it is compared with hold for it.
        let overlay =
            |one: &Self, other: &Self| one.overlay.clone().or_else(|| other.overlay.clone());
        let operations =
            |one: &Self, other: &Self| one.operations.clone().or_else(|| other.operations.clone());
        let (old_overlay, new_overlay) = (overlay(self, new), overlay(new, self));
        let (old_operations, new_operations) = (operations(self, new), operations(new, self));
        let mut report = compare(
            &Version {
                name: &self.name,
                model: &self.model,
                overlay: borrowed(&old_overlay),
                operations: old_operations.as_deref(),
            },
            &Version {
                name: &new.name,
                model: &new.model,
                overlay: borrowed(&new_overlay),
                operations: new_operations.as_deref(),
            },
        )?;
        report.extend(prose::changes(
            &self.prose,
            &new.prose,
            &namespace(&new.model),
        ));
        Ok(report)
    }
}

fn borrowed(overlay: &Option<(String, String)>) -> Option<(&str, &str)> {
    overlay
        .as_ref()
        .map(|(file, text)| (file.as_str(), text.as_str()))
}

/// The namespace of the service.
fn namespace(model: &Value) -> String {
    let shapes = model["shapes"].as_object().into_iter().flatten();
    let mut services = shapes.filter(|(_, shape)| shape["type"] == "service");
    let id = services.next().map_or("", |(id, _)| id.as_str());
    id.split_once('#')
        .map_or("", |(namespace, _)| namespace)
        .to_owned()
}

fn git_show(workspace: &Path, revision: &str, file: &str) -> Result<String> {
    ensure!(
        !revision.starts_with('-') && !revision.is_empty(),
        "`{revision}` is no revision"
    );
    let mut git = Command::new("git")
        .current_dir(workspace)
        .args(["show", &format!("{revision}:{file}")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("could not run git")?;
    let pipe = git.stdout.take().context("git prints nothing")?;
    // A pipe that is closed before its end stops git.
    let text = read::bounded(pipe, read::SOURCE_LIMIT, Path::new(file));
    let output = git.wait_with_output().context("could not run git")?;
    let text = text?;
    if !output.status.success() {
        bail!(
            "git has no {file} at {revision}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(text).with_context(|| format!("{file} at {revision} is not UTF-8"))
}
