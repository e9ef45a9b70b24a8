//! Finds the types of requests in which, or below which, something has a constraint. The other types get no function and
//! no call, so that unconstrained requests cost nothing.

use std::collections::BTreeMap;

use super::types::{Definition, Field, TypeDefinition};
use crate::model::{TypeId, TypeKind};

/// Marks the types that are validated: those with constraints, and those that hold them.
pub(super) fn mark(types: &mut [TypeDefinition<'_>]) {
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    let mut queue = Vec::new();
    for definition in types.iter() {
        let is_constrained = match &definition.definition {
            Definition::Enum(_) | Definition::IntEnum(_) => true,
            Definition::Structure(fields) | Definition::Union(fields) => {
                !definition.model.rules.is_empty() || fields.iter().any(has_constraints)
            }
        };
        if is_constrained {
            queue.push(definition.id);
        }
        let members = definition.model.members().iter();
        // Events are validated one by one, when they are sent.
        let members = members.filter(|member| !matches!(member.ty.kind, TypeKind::EventStream(_)));
        for held in members.flat_map(|member| member.ty.named()) {
            holders.entry(held).or_default().push(definition.id);
        }
    }
    let mut found = vec![false; types.len()];
    while let Some(id) = queue.pop() {
        if !std::mem::replace(&mut found[id.0], true) {
            queue.extend(holders.get(&id).into_iter().flatten());
        }
    }
    for (definition, found) in types.iter_mut().zip(found) {
        definition.is_validated = found && definition.model.usage.in_requests;
    }
}

fn has_constraints(field: &Field<'_>) -> bool {
    field.is_optional() && (field.model.required || field.model.recommended.is_some())
        || field.ty.is_constrained()
}
