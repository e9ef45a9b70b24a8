//! `attache diff`: shows the changes between two models, in terms of the model and of Rust.
//!
//! The comparison itself is `crate::diff`; this module reads OLD and NEW and their overlays.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::ast::own_traits::OwnTraits;
use crate::diff::prose;
use crate::diff::{Report, Version, compare_with, report};
use crate::import::prose::{self as documentation, Prose};
use crate::import::read_smithy;
use crate::model::Protocol;
use crate::plan::Names;
use anyhow::{Context, Result, bail, ensure};
use clap::builder::PossibleValue;
use clap::{Arg, ArgMatches};
use serde_json::Value;

use crate::workspace::config::{self, ServiceConfig, services};
use crate::workspace::import::read_optional;
use crate::workspace::import::source::{self, Texts};
use crate::workspace::{names, prose as prose_file, protocol, read, words};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> clap::Command {
    let side = |id: &'static str, name: &'static str, help: &'static str| {
        Arg::new(id).value_name(name).required(true).help(help)
    };
    clap::Command::new("diff")
        .about("Show the changes between two models and their effect on the crate")
        .long_about(
            "Shows the changes between two models of a service, their effect on the Rust API of\n\
             its crate, for the messages and for the checks of requests, and by how much the version\n\
             must rise.",
        )
        .after_long_help(
            "OLD and NEW are each one of\n  \
             PATH         botocore's data folder of a service, a service-2.json, a Smithy 2.0 JSON AST,\n               \
             or a model.json; files may be compressed (.gz)\n  \
             SERVICE      the model in models/SERVICE, with its overlay and its names.json\n  \
             SERVICE@REV  the same at a revision of git\n\n\
             Where one side is a service and the other a file, the service's overlay and its names.json\n\
             apply to both.\n\n\
             The exit status is 0 whatever changed, and 2 where a side cannot be read.",
        )
        .args([
            side("old", "OLD", "The model before"),
            side("new", "NEW", "The model after"),
        ])
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser([
                    PossibleValue::new("text").help("For a terminal"),
                    PossibleValue::new("json").help("`verdict` and `changes`, for programs"),
                    PossibleValue::new("markdown").help("The part of a changelog"),
                ])
                .default_value("text")
                .help("How the changes are printed"),
        )
}

/// Runs the command; returns the text to print.
///
/// # Errors
/// A side that cannot be read.
pub(crate) fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    let text = |id: &str| -> &str {
        let value = matches.get_one::<String>(id);
        value.expect("it is required or has a default value")
    };
    let write = match text("format") {
        "json" => report::json,
        "markdown" => report::markdown,
        _ => report::text,
    };
    let old = Input::read(workspace, text("old"))?;
    let new = Input::read(workspace, text("new"))?;
    Ok(write(&old.compare(&new, &own_traits(workspace)?)?))
}

/// The decisions of the workspace about its traits; two files can be compared without settings.
fn own_traits(workspace: &Path) -> Result<OwnTraits> {
    let models = workspace.join("models");
    Ok(match models.join("attache.toml").exists() {
        true => config::read(&models)?.traits,
        false => OwnTraits::default(),
    })
}

/// One side, read.
#[derive(Debug)]
pub struct Input {
    name: String,
    model: Value,
    prose: Prose,
    /// Whether its crate has the prose.
    has_prose: bool,
    /// The words of ours; a published model has none.
    words: Option<Prose>,
    overlay: Option<(String, String)>,
    /// What `attache.toml` chooses, where it has the service; a published model has no settings.
    settings: Option<Settings>,
    names: Option<Names>,
}

/// What `attache.toml` chooses of a model.
#[derive(Clone, Debug, Default)]
struct Settings {
    operations: Option<Vec<String>>,
    protocol: Option<Protocol>,
}

impl Input {
    /// Reads the argument of a user: an existing path, or else a service.
    fn read(workspace: &Path, name: &str) -> Result<Self> {
        if Path::new(name).exists() {
            let (_, texts) = source::load(Path::new(name))?;
            return Self::published(name, &texts).with_context(|| format!("could not read {name}"));
        }
        let (service, revision) = match name.split_once('@') {
            Some((service, revision)) => (service, Some(revision)),
            None => (name, None),
        };
        if revision.is_none()
            && !workspace
                .join(format!("models/{service}/model.json"))
                .exists()
            && let Ok(config) = config::read(&workspace.join("models"))
            && config.service(service).is_none()
        {
            bail!(
                "there is no file `{name}`, and {}",
                config.no_service(service)
            );
        }
        Self::service(workspace, service, revision)
            .with_context(|| format!("`{name}` is not a file, and could not be read as a service"))
    }

    /// A published model; it has no overlay.
    ///
    /// # Errors
    /// A model that cannot be read.
    pub fn published(name: &str, texts: &Texts) -> Result<Self> {
        let (model, prose) = texts.separate()?;
        Ok(Self {
            name: name.to_owned(),
            model,
            prose,
            has_prose: false,
            words: None,
            overlay: None,
            settings: None,
            names: None,
        })
    }

    /// The model of a service, in the workspace or at a revision.
    ///
    /// # Errors
    /// Files that do not exist, in the workspace or at the revision.
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
        let model = match revision {
            None => read::model(workspace, service)?,
            Some(_) => text("model.json")?,
        };
        // A service has no names.json if no name had to be settled, and perhaps neither overlay.json, docs.json nor prose.json.
        let optional = |name: &str| -> Result<Option<String>> {
            match revision {
                None => read_optional(&workspace.join(file(name))),
                Some(revision) => match is_in_git(workspace, revision, &file(name))? {
                    true => text(name).map(Some),
                    false => Ok(None),
                },
            }
        };
        let overlay = optional("overlay.json")?.map(|text| (file("overlay.json"), text));
        let words = optional(words::FILE)?.map(|words| prose::of_words(&words));
        let words = words
            .transpose()
            .with_context(|| format!("in {}", file(words::FILE)))?;
        let names = optional(names::FILE)?;
        let names = names::parse(&file(names::FILE), names.as_deref())?;
        let configured = configured(workspace, service, revision)?;
        // Whether texts are compared at all is decided now, not at the revision.
        let now = self::configured(workspace, service, None)?;
        let has_prose = now.is_some_and(|config| config.has_prose);
        let prose = match optional(prose_file::FILE)?.filter(|_| has_prose) {
            Some(text) => documentation::read(&file(prose_file::FILE), &text)?,
            None => Prose::new(),
        };
        Ok(Self {
            name: file("model.json"),
            model: read_smithy(&model)?,
            prose,
            has_prose,
            words: Some(words.unwrap_or_default()),
            overlay,
            settings: configured.map(|config| Settings {
                operations: config.operations,
                protocol: config.protocol,
            }),
            names: Some(names),
        })
    }

    /// Compares with a newer side; `own` has the decisions of the settings about traits that attache does not know.
    ///
    /// # Errors
    /// An overlay or a slice that does not apply to its model.
    pub fn compare(&self, new: &Self, own: &OwnTraits) -> Result<Report> {
        // A published file has neither overlay nor slice; those of the other side are applied to it.
        let overlay =
            |one: &Self, other: &Self| one.overlay.clone().or_else(|| other.overlay.clone());
        let settings = |one: &Self, other: &Self| {
            let settings = one.settings.clone().or_else(|| other.settings.clone());
            settings.unwrap_or_default()
        };
        let (old_overlay, new_overlay) = (overlay(self, new), overlay(new, self));
        let (old_settings, new_settings) = (settings(self, new), settings(new, self));
        // A side that does not offer the protocol is compared with the one that it has.
        let with_protocol = |side: &Self, settings: &Settings| {
            let mut model = side.model.clone();
            settings
                .protocol
                .map(|chosen| protocol::keep(&mut model, chosen));
            model
        };
        let old_model = with_protocol(self, &old_settings);
        let new_model = with_protocol(new, &new_settings);
        let mut report = compare_with(
            &Version {
                name: &self.name,
                model: &old_model,
                overlay: borrowed(&old_overlay),
                operations: old_settings.operations.as_deref(),
                // Names that were recorded for a version apply to the earlier version, too.
                names: self.names.as_ref().or(new.names.as_ref()),
            },
            &Version {
                name: &new.name,
                model: &new_model,
                overlay: borrowed(&new_overlay),
                operations: new_settings.operations.as_deref(),
                names: new.names.as_ref(),
            },
            own,
        )?;
        let compared = prose::Compared {
            old: (&self.model, &self.prose),
            new: (&new.model, &new.prose),
            is_generated: self.has_prose || new.has_prose,
        };
        report.extend(compared.changes(&namespace(&new.model)));
        if let (Some(old), Some(new_words)) = (&self.words, &new.words) {
            report.extend(prose::word_changes(old, new_words, &namespace(&new.model)));
        }
        Ok(report)
    }
}

/// The settings of a service, in the workspace or at a revision.
fn configured(
    workspace: &Path,
    service: &str,
    revision: Option<&str>,
) -> Result<Option<ServiceConfig>> {
    let file = "models/attache.toml";
    let services = match revision {
        None => services(&workspace.join("models"))?,
        Some(revision) if is_in_git(workspace, revision, file)? => {
            let text = git_show(workspace, revision, file)?;
            config::parse(Path::new(&format!("{revision}:{file}")), &text)?.services
        }
        Some(_) => Vec::new(),
    };
    let mut services = services.into_iter();
    Ok(services.find(|config| config.name == service))
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

/// Whether a revision, which must exist, has a file.
fn is_in_git(workspace: &Path, revision: &str, file: &str) -> Result<bool> {
    validate_revision(revision)?;
    let output = Command::new("git")
        .current_dir(workspace)
        // Both commands take the file from the folder of the workspace, which may be below that of the repository.
        .args(["ls-tree", "--name-only", revision, "--", file])
        .output()
        .context("could not run git")?;
    ensure!(
        output.status.success(),
        "git has no revision {revision}: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(!output.stdout.is_empty())
}

fn validate_revision(revision: &str) -> Result<()> {
    ensure!(
        !revision.starts_with('-') && !revision.is_empty(),
        "`{revision}` is not a revision"
    );
    Ok(())
}

fn git_show(workspace: &Path, revision: &str, file: &str) -> Result<String> {
    validate_revision(revision)?;
    let mut git = Command::new("git")
        .current_dir(workspace)
        .args(["show", &format!("{revision}:./{file}")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("could not run git")?;
    let pipe = git
        .stdout
        .take()
        .context("the output of git cannot be read")?;
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
