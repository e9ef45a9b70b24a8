//! The new model of a service, before anything is written.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::ast::own_traits::OwnTraits;
use crate::diff::{Change, Report, prose};
use crate::import::{Imported, read_smithy};
use crate::workspace::diff::Input;
use crate::workspace::identity::Identity;
use crate::workspace::import::source::{self, Found, Texts};
use crate::workspace::read;

/// The documentation that the committed model of a service came with. The committed model itself has none.
#[derive(Debug, Default)]
pub enum Earlier {
    /// It is the same, or it is unknown.
    #[default]
    Same,
    /// The texts of the model.
    Texts(Texts),
    /// Why it could not be downloaded.
    Missing(String),
}

/// A published model, and the service that it is for.
#[derive(Debug)]
pub struct Incoming {
    /// The service of the workspace.
    pub service: String,
    /// Where the model was found.
    pub found: Found,
    /// The texts of it.
    pub texts: Texts,
    /// What the committed model came with.
    pub earlier: Earlier,
    /// What messages call it: the path that a user named, or the release.
    name: String,
}

impl Incoming {
    /// A model that a user named by a path.
    ///
    /// # Errors
    /// As [`source::load`]; an address.
    pub fn of_path(service: &str, from: &Path) -> Result<Self> {
        let is_address = ["http://", "https://"].iter().any(|scheme| {
            let text = from.to_str().unwrap_or_default();
            text.starts_with(scheme)
        });
        ensure!(
            !is_address,
            "--from takes a path: for an address, set `source = {{ url = \"…\" }}` in [service.{service}] of \
             models/attache.toml, and leave --from out"
        );
        let (found, texts) = source::load(from)?;
        Ok(Self {
            service: service.to_owned(),
            found,
            texts,
            earlier: Earlier::default(),
            name: from.display().to_string(),
        })
    }

    /// A model that was downloaded from its source.
    pub fn published(service: &str, found: Found, texts: Texts) -> Self {
        let name = match &found.source {
            Some(source) if !source.has_releases() => source.to_string(),
            _ => found.describe(""),
        };
        Self {
            service: service.to_owned(),
            name,
            found,
            texts,
            earlier: Earlier::default(),
        }
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Converts it to the normal form; `own` has the decisions of the workspace about its own traits.
    ///
    /// # Errors
    /// What the importer cannot read, with the shape.
    pub(crate) fn import(&self, own: &OwnTraits) -> Result<Imported> {
        let imported = self.texts.import(own);
        imported.with_context(|| format!("could not import {}", self.name))
    }

    /// Refuses a model of another service than the committed one.
    ///
    /// # Errors
    /// It is of another service; a model that cannot be read.
    pub(crate) fn require_same_service(&self, workspace: &Path) -> Result<()> {
        let committed = read::model(workspace, &self.service)?;
        let new = self.texts.normal_form();
        let new = new.with_context(|| format!("could not import {}", self.name))?;
        match (Identity::of(&read_smithy(&committed)?), Identity::of(&new)) {
            (Some(old), Some(new)) => old.require_same(&self.service, &new, &self.name),
            _ => Ok(()),
        }
    }

    /// What changes when the committed model of the service is replaced by this one.
    ///
    /// # Errors
    /// A model that cannot be read, or does not fit the overlay.
    pub(crate) fn changes(&self, workspace: &Path, own: &OwnTraits) -> Result<Report> {
        let committed = Input::service(workspace, &self.service, None)?;
        committed.compare(&Input::published(&self.name, &self.texts)?, own)
    }

    /// The parts of the documentation to review: changed sentences that mention limits. `namespace` is that of the
    /// service.
    ///
    /// # Errors
    /// A model that cannot be read.
    pub(crate) fn changed_limits(&self, namespace: &str) -> Result<Vec<String>> {
        let earlier = match &self.earlier {
            Earlier::Same => return Ok(Vec::new()),
            Earlier::Texts(texts) => texts.separate()?.1,
            Earlier::Missing(reason) => {
                return Ok(vec![format!(
                    "The documentation was not compared with that of the recorded release: {reason}"
                )]);
            }
        };
        let (_, prose) = self.texts.separate()?;
        let changes = prose::changes(&earlier, &prose, namespace);
        let limits = changes.into_iter().filter(Change::is_about_limits);
        Ok(limits.map(|change| change.sentence).collect())
    }
}
