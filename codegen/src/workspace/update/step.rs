//! Updates one service to its new model, in memory.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Options, changelog};
use crate::diff::prose::whole;
use crate::diff::{Change, Documentation, Report, report};
use crate::escape::line;
use crate::import::Imported;
use crate::words::gaps;
use crate::workspace::config::{self, Config, ServiceConfig};
use crate::workspace::generate::{Generated, Source, crate_folder, generate_from};
use crate::workspace::import::{read_optional, record, validate_overlay};
use crate::workspace::incoming::Incoming;
use crate::workspace::names::Replaced;
use crate::workspace::reconcile::Tree;
use crate::workspace::words::{self, WordsState};
use crate::workspace::{crate_version, dependents, endpoint_tests, prose};

/// `models/attache.toml`, with the records of the services so far.
pub(super) struct Settings {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Settings {
    fn parse(&self) -> Result<Config> {
        config::parse(&self.path, &self.text)
    }
}

/// What the services of an update share.
pub(super) struct Step<'a> {
    pub(super) workspace: &'a Path,
    pub(super) settings: Settings,
    /// Files to write beside the generated ones and the settings.
    pub(super) pending: BTreeMap<PathBuf, String>,
    pub(super) options: Options,
}

/// A service that was updated to its new model.
#[derive(Debug)]
pub(super) struct Updated {
    pub(super) service: String,
    pub(super) crate_name: String,
    /// The previous release of its model, if it is recorded.
    pub(super) from: Option<String>,
    /// The release that it is taken from now.
    pub(super) source: String,
    /// Whether the record of the release changes.
    pub(super) recorded: bool,
    pub(super) old_version: String,
    pub(super) new_version: String,
    pub(super) changes: Report,
    /// The messages of the generator.
    generated: String,
    /// The part of the changelog.
    entry: String,
    /// What to review besides the changes.
    findings: Vec<String>,
    /// The text of `prose.json`, where it changes.
    prose: Option<String>,
    pub(super) trees: Vec<Tree>,
}

impl Step<'_> {
    /// Updates a service to the model that was found for it.
    ///
    /// # Errors
    /// The errors of the model, the overlay, and the generator.
    pub(super) fn service(&mut self, incoming: &Incoming) -> Result<Updated> {
        let service = incoming.service.as_str();
        let known = self.settings.parse()?;
        let configured = known
            .service(service)
            .ok_or_else(|| known.no_service(service))?;
        if !self.options.other_service {
            incoming.require_same_service(self.workspace)?;
        }
        let imported = incoming.import(&known.traits)?;
        let overlay = read_optional(&self.models().join(service).join("overlay.json"))?;
        validate_overlay(service, &imported, overlay.as_deref())?;
        let changes = incoming.changes(self.workspace, &known.traits)?;
        let version = crate_version::version(self.workspace, &known, service)?;
        let namespace = imported.service.split('#').next().unwrap_or_default();
        let mut updated = Updated {
            service: service.to_owned(),
            crate_name: configured.crate_name.clone(),
            from: configured.published.taken.release.clone(),
            source: incoming.found.describe(&imported.version),
            recorded: false,
            new_version: version.clone(),
            old_version: version,
            changes,
            generated: String::new(),
            entry: String::new(),
            findings: incoming.changed_limits(namespace)?,
            prose: None,
            trees: Vec::new(),
        };
        self.change_prose(configured, &imported, &mut updated)?;
        if updated.changes.changes.is_empty() {
            updated.recorded = self.record_release(incoming, &imported)?;
            self.review_words(configured, &known, &mut updated)?;
        } else {
            self.change(incoming, &imported, overlay.as_deref(), &mut updated)?;
        }
        Ok(updated)
    }

    fn models(&self) -> PathBuf {
        self.workspace.join("models")
    }

    /// A model that did not change is recorded where it is part of a newer release; whether it was.
    fn record_release(&mut self, incoming: &Incoming, imported: &Imported) -> Result<bool> {
        if incoming.found.release.is_none() {
            return Ok(false);
        }
        let text = &self.settings.text;
        let recorded = record::record(Some(text), &incoming.service, &incoming.found, imported)?;
        let is_new = recorded != *text;
        self.settings.text = recorded;
        Ok(is_new)
    }

    /// Everything that depends on a model that changed.
    fn change(
        &mut self,
        incoming: &Incoming,
        imported: &Imported,
        overlay: Option<&str>,
        updated: &mut Updated,
    ) -> Result<()> {
        let service = incoming.service.as_str();
        let overlay = self.settled_overlay(service, imported, overlay, updated)?;
        let overlay = overlay.as_deref();
        let words = words::text(&self.models(), service)?;
        let text = &self.settings.text;
        let recorded = record::record(Some(text), service, &incoming.found, imported)?;
        let recorded = self.record_prose(service, &recorded, updated)?;
        let version = crate_version::raised(&updated.old_version, updated.changes.bump())?;
        self.settings.text = record::with_crate_version(&recorded, service, &version)?;
        let config = self.settings.parse()?;
        let configured = config.service(service);
        let configured = configured.context("the service was just recorded")?;
        // Everything that the committed model has keeps its name.
        let replaced = Replaced {
            models: &self.models(),
            service: configured,
            traits: &config.traits,
            overlay,
            new_id: &imported.service,
        };
        let source = Source {
            model: &imported.model_json,
            overlay,
            words: words.as_deref(),
            prose: configured.has_prose.then_some(&imported.prose),
            given: &replaced.given()?,
        };
        let generated = generate_from(self.workspace, &config, configured, source)?;
        if !self.options.drop_endpoint_tests {
            endpoint_tests::refuse(incoming.name(), &generated.left_out_tests)?;
        }
        self.review(service, words.as_deref(), &generated, updated)?;
        (updated.trees, updated.generated) = (generated.trees, generated.text);
        updated.entry = changelog::entry(&updated.changes, &version, &updated.source);
        let folder = crate_folder(self.workspace, &config.crates, configured);
        let changelog_path = folder.join("CHANGELOG.md");
        let changelog = changelog::with_entry(
            read_optional(&changelog_path)?.as_deref(),
            &config.crates.command,
            &updated.entry,
        );
        let model_path = self.models().join(service).join("model.json");
        self.pending.insert(model_path, imported.model_json.clone());
        self.pending.insert(changelog_path, changelog);
        let name = &configured.crate_name;
        dependents::raise_all(self.workspace, name, &version, &mut self.pending)?;
        updated.new_version = version;
        updated.recorded = true;
        Ok(())
    }
}

impl Step<'_> {
    /// The prose of the new model, where the crate has it and it changes. Texts that were added or lost are a change too.
    fn change_prose(
        &self,
        configured: &ServiceConfig,
        imported: &Imported,
        updated: &mut Updated,
    ) -> Result<()> {
        let Some(text) = prose::written(configured, &imported.prose)? else {
            return Ok(());
        };
        let sentence = match prose::text(&self.models(), &configured.name)? {
            Some(before) if before == text => return Ok(()),
            Some(_) if !updated.changes.changes.is_empty() => None,
            Some(_) => Some("The documentation of the service changed."),
            None => Some("The crate has the documentation of the published model."),
        };
        let change = sentence.map(|sentence| whole(&imported.service, sentence));
        updated.changes.extend(change.into_iter().collect());
        updated.prose = Some(text);
        Ok(())
    }

    /// The settings with the digest of the prose.
    fn record_prose(&mut self, service: &str, text: &str, updated: &mut Updated) -> Result<String> {
        let config = self.settings.parse()?;
        let has_prose = config.service(service).is_some_and(|one| one.has_prose);
        match updated.prose.take() {
            Some(prose) => {
                let recorded = record::with_prose(text, service, Some(&prose))?;
                let path = self.models().join(service).join(prose::FILE);
                self.pending.insert(path, prose);
                Ok(recorded)
            }
            None if has_prose => Ok(text.to_owned()),
            None => record::with_prose(text, service, None),
        }
    }

    /// What a person has to look at. A gap in the words is marked in their file.
    fn review(
        &mut self,
        service: &str,
        words: Option<&str>,
        generated: &Generated,
        updated: &mut Updated,
    ) -> Result<()> {
        let left_out = generated.left_out_tests.iter();
        let sentences = left_out.map(|one| endpoint_tests::left_out(service, one));
        updated.findings.extend(sentences);
        self.mark_words(service, words, &generated.words, updated)
    }

    /// What is wrong with the words where the model did not change: a person may have changed them.
    fn review_words(
        &mut self,
        service: &ServiceConfig,
        config: &Config,
        updated: &mut Updated,
    ) -> Result<()> {
        let text = words::text(&self.models(), &service.name)?;
        if text.is_none() && !service.words_required {
            return Ok(());
        }
        let model = words::analysed(self.workspace, config, service)?;
        let state = WordsState::of(&model, service.words_required);
        self.mark_words(&service.name, text.as_deref(), &state, updated)
    }

    /// Marks the gaps in the words in their file, and lists them with what is wrong.
    fn mark_words(
        &mut self,
        service: &str,
        text: Option<&str>,
        state: &WordsState,
        updated: &mut Updated,
    ) -> Result<()> {
        if !state.missing.is_empty() {
            let path = self.models().join(service).join(words::FILE);
            self.pending
                .insert(path, gaps::filled(text, &state.missing)?);
        }
        updated.findings.extend(state.problem_sentences(service));
        updated.findings.extend(state.missing_sentences(service));
        Ok(())
    }

    /// The overlay for the new model, without the endpoint tests that contradict its rules where the user wants that.
    fn settled_overlay(
        &mut self,
        service: &str,
        imported: &Imported,
        overlay: Option<&str>,
        updated: &mut Updated,
    ) -> Result<Option<String>> {
        let Some(overlay) = overlay else {
            return Ok(None);
        };
        if !self.options.drop_endpoint_tests {
            return Ok(Some(overlay.to_owned()));
        }
        let config = self.settings.parse()?;
        let configured = config.service(service);
        let operations = configured.and_then(|configured| configured.operations.as_deref());
        let model = &imported.model_json;
        let (text, dropped) = endpoint_tests::settled(model, overlay, operations, &config.traits)?;
        if !dropped.is_empty() {
            let path = self.models().join(service).join("overlay.json");
            self.pending.insert(path, text.clone());
        }
        let sentences = dropped.iter();
        let sentences = sentences.map(|one| endpoint_tests::removed(service, one));
        updated.findings.extend(sentences);
        Ok(Some(text))
    }
}

impl Updated {
    /// What the command prints of the service.
    pub(super) fn text(&self) -> String {
        let Self { service, .. } = self;
        let source = line(&self.source);
        let mut text = match (self.changes.changes.is_empty(), self.recorded) {
            (true, true) => format!("{service}: {source}; nothing changed\n"),
            (true, false) => format!("{service}: nothing changed\n"),
            (false, _) => format!(
                "{service}: {source} -> {}\n{}version {} -> {}\n\n{}",
                report::summary(&self.changes),
                self.generated,
                self.old_version,
                self.new_version,
                self.entry
            ),
        };
        for sentence in self.to_read() {
            let _ = writeln!(text, "to review: {}", line(sentence));
        }
        text
    }

    /// What to review: sentences of the documentation that mention limits, because the overlay states them, and endpoint
    /// tests that contradict the new rules.
    pub(super) fn to_read(&self) -> impl Iterator<Item = &str> {
        let changes = self.changes.changes.iter().filter(|change| {
            change.is_about_limits() || change.documentation == Documentation::Overlay
        });
        let sentences = changes.map(|change: &Change| change.sentence.as_str());
        sentences.chain(self.findings.iter().map(String::as_str))
    }
}
