//! Operations that cannot be generated while the rest of their service can.
//!
//! One unsupported operation must not prevent the generation of the others. `generate` reports what is left out, and
//! the README of the crate lists it; an operation that was selected by name is an error instead.

use std::collections::BTreeMap;

use super::Lowering;
use super::discovery::requires;
use crate::ast::{ShapeId, ShapeKind};
use crate::error::{Context, Error, Result};
use crate::model::authentication::{Authentication, authentication};

impl Lowering<'_> {
    /// Removes the operations that cannot be generated. With `asked_for`, the first of them is an error.
    pub(super) fn leave_out(
        &mut self,
        operations: &mut BTreeMap<String, ShapeId>,
        asked_for: bool,
    ) -> Result<()> {
        let mut reasons = BTreeMap::new();
        for (name, id) in operations.iter() {
            if let Some(reason) = self.unsupported(id).at(id)? {
                if asked_for {
                    return Err(Error::new(reason).at(id));
                }
                reasons.insert(name.clone(), reason);
            }
        }
        if !operations.is_empty() && reasons.len() == operations.len() {
            let first = reasons.iter().next();
            let first =
                first.map_or_else(String::new, |(name, reason)| format!("`{name}`: {reason}"));
            return Err(Error::new(format!(
                "none of the operations can be generated; {first}"
            )));
        }
        operations.retain(|name, _| !reasons.contains_key(name));
        self.service.left_out = reasons
            .into_iter()
            .map(|(name, reason)| format!("the operation `{name}` is left out: {reason}"))
            .collect();
        Ok(())
    }

    /// Why an operation cannot be generated.
    fn unsupported(&mut self, id: &ShapeId) -> Result<Option<String>> {
        let shape = self.model.shape(id)?;
        if requires(&shape.traits) && self.finder_id()?.is_none() {
            let reason = "its endpoint must be discovered, and the service has no operation that names endpoints";
            return Ok(Some(reason.to_owned()));
        }
        if let Authentication::Unsupported(schemes) =
            authentication(&shape.traits, self.service_traits)
        {
            return Ok(Some(format!(
                "it is authenticated by {} only, which is not supported",
                schemes.join(" or ")
            )));
        }
        let ShapeKind::Operation(operation) = &shape.kind else {
            return Ok(None);
        };
        let input = operation.input.as_ref();
        let input = input.and_then(|input| self.model.shapes.get(&input.target));
        let refusal = self.rules.refusal(&shape.traits, input);
        Ok(refusal.or_else(|| self.refuse_streams(operation)))
    }
}
