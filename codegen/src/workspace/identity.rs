//! Identifies the service of a model, so that no service replaces another one by mistake.
//!
//! The `sdkId` identifies a service in SDKs, and AWS never changes it. A model without one is identified by the shape id
//! of its service.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::ast::trait_id;
use crate::escape::line;

/// The option that permits what [`Identity::require_same`] and [`Identity::validate_name`] refuse.
pub(crate) const OPTION: &str = "--other-service";

/// What identifies a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The shape id of the service.
    id: String,
    /// Its name in SDKs.
    sdk_id: Option<String>,
    /// Other names of it: of its endpoint, its resources and its signatures.
    names: BTreeSet<String>,
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sdk_id {
            Some(sdk_id) => write!(formatter, "{} ({})", line(sdk_id), line(&self.id)),
            None => write!(formatter, "{}", line(&self.id)),
        }
    }
}

impl Identity {
    /// Of a model in the normal form; `None` where it has no service.
    pub(crate) fn of(model: &Value) -> Option<Self> {
        let shapes = model["shapes"].as_object()?;
        let (id, shape) = shapes
            .iter()
            .find(|(_, shape)| shape["type"] == "service")?;
        let text = |id: &str, key: &str| Some(shape["traits"][id][key].as_str()?.to_owned());
        let sdk_id = text(trait_id::SERVICE, "sdkId");
        let (namespace, name) = id.split_once('#').unwrap_or(("", id));
        let others = [
            text(trait_id::SERVICE, "arnNamespace"),
            text(trait_id::SERVICE, "endpointPrefix"),
            text(trait_id::SERVICE, "cloudFormationName"),
            text(trait_id::SIGV4, "name"),
            namespace.rsplit('.').next().map(str::to_owned),
            Some(name.to_owned()),
        ];
        Some(Self {
            id: id.clone(),
            names: others
                .into_iter()
                .chain([sdk_id.clone()])
                .flatten()
                .collect(),
            sdk_id,
        })
    }

    fn is_same(&self, other: &Self) -> bool {
        match (&self.sdk_id, &other.sdk_id) {
            (Some(one), Some(two)) => one == two,
            _ => self.id == other.id,
        }
    }

    /// Refuses a model of another service than the existing one.
    ///
    /// # Errors
    /// It is another service.
    pub(crate) fn require_same(&self, service: &str, new: &Self, from: &str) -> Result<()> {
        ensure!(
            self.is_same(new),
            "{from} is the model of {new}, but {service} is {self}; {OPTION} permits this"
        );
        Ok(())
    }

    /// Refuses a name that is neither in the model nor in the path of the model; `place` is the file or folder of the
    /// model.
    ///
    /// # Errors
    /// It has another name.
    pub(crate) fn validate_name(&self, service: &str, place: &str) -> Result<()> {
        let known = place
            .split('/')
            .map(|part| part.strip_suffix(".json").unwrap_or(part));
        let known: BTreeSet<String> = self
            .names
            .iter()
            .map(String::as_str)
            .chain(known)
            .map(normal)
            .collect();
        ensure!(
            known.contains(&normal(service)),
            "{} is the model of {self}, and `{service}` is not one of its names; {OPTION} adds it under this name",
            line(place)
        );
        Ok(())
    }
}

/// A name without what its forms differ in: `Security IR`, `security-ir`, `securityir`.
fn normal(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
