//! What a workspace says about traits that the ledger does not know: those of its own namespaces.

use std::collections::BTreeMap;

use super::ShapeId;
use crate::error::{Error, Result};

/// How a trait is handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It changes nothing in a client, because of the reason given.
    Ignored(String),
    /// Shapes that carry it cannot be generated, because of the reason given.
    Refused(String),
}

/// Decisions by trait id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnTraits(BTreeMap<String, Decision>);

impl OwnTraits {
    /// Adds a decision about a trait that the ledger does not know.
    ///
    /// # Errors
    /// An id that is no absolute one, a reason that says nothing.
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
