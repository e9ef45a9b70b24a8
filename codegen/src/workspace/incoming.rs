//! The model that a command brings for a service, before anything is written.

use std::path::Path;

use anyhow::{Context, Result};

use crate::ast::own_traits::OwnTraits;
use crate::diff::Report;
use crate::import::Imported;
use crate::workspace::diff::Input;
use crate::workspace::import::source::{self, Found, Texts};

/// A published model, and the service that it is for.
#[derive(Debug)]
pub struct Incoming {
    /// The service of the workspace.
    pub service: String,
    /// Where the model was found.
    pub found: Found,
    /// The texts of it.
    pub texts: Texts,
    /// What messages call it: the path that a user named, or the release.
    name: String,
}

impl Incoming {
    /// A model that a user named by a path.
    ///
    /// # Errors
    /// As [`source::load`].
    pub fn of_path(service: &str, from: &Path) -> Result<Self> {
        let (found, texts) = source::load(from)?;
        Ok(Self {
            service: service.to_owned(),
            found,
            texts,
            name: from.display().to_string(),
        })
    }

    /// A model that was downloaded.
    pub fn downloaded(service: &str, found: Found, texts: Texts) -> Self {
        Self {
            service: service.to_owned(),
            name: found.describe(""),
            found,
            texts,
        }
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Converts it to what can be generated from; `own` is what the workspace says about traits of its own.
    ///
    /// # Errors
    /// What the importer cannot read, with the shape.
    pub(crate) fn import(&self, own: &OwnTraits) -> Result<Imported> {
        let imported = self.texts.import(own);
        imported.with_context(|| format!("could not import {}", self.name))
    }

    /// What changes when the committed model of the service is replaced by this one.
    ///
    /// # Errors
    /// A model that cannot be read, or does not fit the overlay.
    pub(crate) fn changes(&self, workspace: &Path, own: &OwnTraits) -> Result<Report> {
        let committed = Input::service(workspace, &self.service, None)?;
        committed.compare(&Input::published(&self.name, &self.texts)?, own)
    }
}
