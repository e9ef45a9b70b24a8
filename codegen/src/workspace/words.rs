//! `models/SERVICE/docs.json`, the words of a service: which are missing, and which are wrong.
//!
//! Wrong words stop the commands that generate: a text about a shape that the model lacks would silently be lost. Missing
//! ones are only reported, where `words = "required"` says so, and fail the checks.

use std::path::Path;

use anyhow::{Result, bail};

use super::config::{Config, ServiceConfig};
use super::{prose, read};
use crate::Input;
use crate::emit::{Additions, Manifest};
use crate::escape::line;
use crate::model::Service;
use crate::words::Problem;
use crate::words::coverage::{self, Entry};

/// The name of the file.
pub(super) const FILE: &str = "docs.json";

/// What is wrong with the words of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordsState {
    /// Words about nothing, and words that only repeat a name.
    pub(crate) problems: Vec<Problem>,
    /// What has no words, where all must have some.
    pub(crate) missing: Vec<Entry>,
}

impl WordsState {
    /// The state of an analysed service.
    pub(super) fn of(service: &Service, are_required: bool) -> Self {
        Self {
            problems: service.words.problems.clone(),
            missing: match are_required {
                true => coverage::missing(service),
                false => Vec::new(),
            },
        }
    }

    /// A sentence for each problem.
    pub(super) fn problem_sentences(&self, service: &str) -> impl Iterator<Item = String> {
        let problems = self.problems.iter();
        problems.map(move |problem| {
            let sentence = line(&problem.sentence);
            format!("models/{service}/{FILE}: {sentence}")
        })
    }

    /// A sentence for each gap.
    pub(super) fn missing_sentences(&self, service: &str) -> impl Iterator<Item = String> {
        let missing = self.missing.iter();
        missing.map(move |entry| {
            let entry = entry.to_string();
            format!("models/{service}/{FILE}: no words about `{}`", line(&entry))
        })
    }
}

/// The text of the file, where there is one; `models` is the folder of models.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn text(models: &Path, service: &str) -> Result<Option<String>> {
    read::optional(&models.join(service).join(FILE), read::SOURCE_LIMIT)
}

/// The model of a service in the workspace, with its words.
///
/// # Errors
/// Files that cannot be read, and whatever is wrong with the model.
pub(super) fn analysed(
    workspace: &Path,
    config: &Config,
    service: &ServiceConfig,
) -> Result<Service> {
    let name = &service.name;
    let models = workspace.join("models");
    let model = read::model(workspace, name)?;
    let overlay = read::optional(&models.join(name).join("overlay.json"), read::SOURCE_LIMIT)?;
    let words = text(&models, name)?;
    let file = |file: &str| format!("models/{name}/{file}");
    let prose = prose::of_service(workspace, service)?;
    let (model_file, overlay_file, words_file, prose_file) = (
        file("model.json"),
        file("overlay.json"),
        file(FILE),
        file(prose::FILE),
    );
    let manifest = Manifest {
        crate_name: service.crate_name.clone(),
        runtime: String::new(),
        in_workspace: false,
        package: String::new(),
        has_extension: false,
        has_arbitrary: false,
        has_test_util: false,
        additions: Additions::default(),
    };
    let input = Input {
        model_file: &model_file,
        model: &model,
        overlay: overlay.as_deref().map(|text| (&*overlay_file, text)),
        words: words.as_deref().map(|text| (&*words_file, text)),
        prose: prose.as_ref().map(|prose| (&*prose_file, prose)),
        operations: service.operations.as_deref(),
        manifest: &manifest,
        header: "",
    };
    Ok(crate::analyse_with(&input, &config.traits)?)
}

/// What is missing in the words of a service, and wrong with them: a line each.
pub(super) fn findings(workspace: &Path, config: &Config, service: &ServiceConfig) -> Vec<String> {
    let name = &service.name;
    match analysed(workspace, config, service) {
        Ok(model) => {
            let state = WordsState::of(&model, service.words_required);
            let problems = state.problem_sentences(name);
            problems.chain(state.missing_sentences(name)).collect()
        }
        Err(error) => vec![format!("{name}: {error:#}")],
    }
}

/// Refuses words with problems.
///
/// # Errors
/// All problems.
pub(super) fn refuse(service: &str, state: &WordsState) -> Result<()> {
    if state.problems.is_empty() {
        return Ok(());
    }
    let sentences: Vec<String> = state.problem_sentences(service).collect();
    bail!("{}", sentences.join("\n"))
}
