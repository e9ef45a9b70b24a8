//! `models/SERVICE/docs.json`, the words of a service: which are missing, and which are wrong.
//!
//! Wrong words stop the commands that generate: a text about a shape that the model lacks would silently be lost. Missing
//! ones are only reported, where `words = "required"` says so, and fail the checks.

use std::path::Path;

use anyhow::{Result, bail};

use super::read;
use crate::escape::line;
use crate::model::Service;
use crate::words::coverage::{self, Entry};

/// The name of the file.
pub(super) const FILE: &str = "docs.json";

/// What is wrong with the words of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordsState {
    /// Words about nothing, and words that only repeat a name: a line each.
    pub(crate) problems: Vec<String>,
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
        problems.map(move |problem| format!("models/{service}/{FILE}: {}", line(problem)))
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
