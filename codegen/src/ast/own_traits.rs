//! The settings of a workspace about traits that are not in the ledger: those of its own namespaces.

use std::collections::BTreeMap;

use super::ShapeId;
use crate::error::{Error, Result};

/// How a trait is handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It changes nothing in a client, for this reason.
    Ignored(String),
    /// Shapes with it cannot be generated, for this reason.
    Refused(String),
}

/// Decisions by trait id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnTraits(BTreeMap<String, Decision>);

impl OwnTraits {
    /// Adds a decision about a trait that is not in the ledger.
    ///
    /// # Errors
    /// An id that is not absolute, an empty reason.
    pub fn add(&mut self, id: &str, decision: Decision) -> Result<()> {
        ShapeId::parse(id)?;
        let (Decision::Ignored(reason) | Decision::Refused(reason)) = &decision;
        if reason.trim().is_empty() {
            return Err(Error::new(format!("the reason for `{id}` is empty")));
        }
        self.0.insert(id.to_owned(), decision);
        Ok(())
    }

    /// How a trait is handled, if it was decided.
    pub fn get(&self, id: &str) -> Option<&Decision> {
        self.0.get(id)
    }
}
