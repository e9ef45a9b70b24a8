//! `models/SERVICE/names.json`: the names that a collision settled. They do not change when the model grows.

use std::path::Path;

use anyhow::Result;

use crate::ast::own_traits::OwnTraits;
use crate::emit::{Additions, Manifest};
use crate::model::Service;
use crate::plan::{self, GivenNames, Names};
use crate::workspace::config::ServiceConfig;
use crate::workspace::read;
use crate::workspace::reconcile::Tree;
use crate::{Input, analyse_with};

/// What the file is called.
pub(super) const FILE: &str = "names.json";

/// Reads the text of the file. A missing file is the same as one without names.
///
/// # Errors
/// A text that is not a valid `names.json`.
pub(super) fn parse(file: &str, text: Option<&str>) -> Result<Names> {
    let names = text
        .map(Names::parse)
        .unwrap_or_else(|| Ok(Names::default()));
    names.map_err(|error| error.in_file(file).into())
}

/// The names that are recorded for a service.
///
/// # Errors
/// A file that cannot be read or is not valid.
pub(super) fn recorded(models: &Path, service: &str) -> Result<GivenNames> {
    let path = models.join(service).join(FILE);
    let file = format!("models/{service}/{FILE}");
    let text = read::optional(&path, read::SOURCE_LIMIT)?;
    let names = parse(&file, text.as_deref())?;
    Ok(GivenNames::recorded(file, names))
}

/// A service whose model is replaced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replaced<'a> {
    /// The folder of models.
    pub(super) models: &'a Path,
    /// The settings of the service.
    pub(super) service: &'a ServiceConfig,
    /// The decisions about the workspace's own traits.
    pub(super) traits: &'a OwnTraits,
    /// The overlay, which applies to both models.
    pub(super) overlay: Option<&'a str>,
    /// The id of the service in the new model.
    pub(super) new_id: &'a str,
}

impl Replaced<'_> {
    /// What is known about the names of the new model: those that are recorded, and all that the committed model has.
    ///
    /// # Errors
    /// As [`recorded`].
    pub(super) fn given(&self) -> Result<GivenNames> {
        let mut given = recorded(self.models, &self.service.name)?;
        let path = self.models.join(&self.service.name).join("model.json");
        // A model that cannot be read is replaced as well, and has no names.
        let model = read::optional(&path, read::SOURCE_LIMIT).ok().flatten();
        let Some(old) = model.and_then(|model| self.analysed(&model)) else {
            return Ok(given);
        };
        if let Ok(plan) = plan::outline(&old, &given) {
            given.previous = plan.names();
        }
        let (from, to) = (old.id.as_str(), self.new_id);
        given.recorded = given.recorded.moved(from, to);
        given.previous = given.previous.moved(from, to);
        Ok(given)
    }

    /// The text of `names.json` for the new model; `None` if no name had to be settled. A model from which nothing can be
    /// generated has no names to settle.
    ///
    /// # Errors
    /// As [`given`](Self::given).
    pub(super) fn settled(&self, model: &str) -> Result<Option<String>> {
        let given = self.given()?;
        let new = self.analysed(model);
        let plan = new.as_ref().map(|new| plan::outline(new, &given));
        let recorded = match plan {
            Some(Ok(plan)) => plan.recorded,
            _ => given.recorded,
        };
        Ok((!recorded.is_empty()).then(|| recorded.text()))
    }

    /// A model with the statements of the overlay that apply to it. Other statements change no names.
    fn analysed(&self, model: &str) -> Option<Service> {
        let manifest = Manifest {
            crate_name: self.service.crate_name.clone(),
            runtime: String::new(),
            in_workspace: false,
            package: String::new(),
            has_extension: false,
            has_arbitrary: false,
            has_test_util: false,
            additions: Additions::default(),
        };
        let read = |overlay| {
            let input = Input {
                model_file: "model.json",
                model,
                overlay,
                words: None,
                prose: None,
                operations: self.service.operations.as_deref(),
                manifest: &manifest,
                header: "",
            };
            analyse_with(&input, self.traits)
        };
        let with = self.overlay.map(|text| ("overlay.json", text));
        read(with).or_else(|_| read(None)).ok()
    }
}

/// The file as it is written; `None` if no name had to be settled.
pub(super) fn tree(models: &Path, service: &str, names: &Names) -> Option<Tree> {
    (!names.is_empty()).then(|| Tree {
        root: models.join(service),
        files: vec![(FILE.to_owned(), names.text())],
        whole: false,
        marked: false,
    })
}
