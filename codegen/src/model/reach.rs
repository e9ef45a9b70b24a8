//! Which shapes of a model are sent and received, whether or not a client can be generated from it.
//!
//! [`usage`](super::usage) does the same for the types of a lowered service. A comparison of two models needs it also for
//! models that cannot be lowered, and for shapes that do not become types.

use std::collections::{BTreeMap, BTreeSet};

use super::Usage;
use crate::ast::{Model, Reference, ShapeId, ShapeKind};

/// Follows targets from the operations of the service, or from those that `only` names. Shapes that are not in the result
/// are in no message; operations and the service count as both sent and received.
pub(crate) fn reach(model: &Model, only: Option<&[String]>) -> BTreeMap<ShapeId, Usage> {
    let both = Usage {
        in_requests: true,
        in_responses: true,
        ..Usage::default()
    };
    let mut reach = BTreeMap::new();
    let (mut sent, mut received) = (Vec::new(), Vec::new());
    if let Ok((id, shape, service)) = model.service() {
        reach.insert(id.clone(), both);
        received.extend(targets(&service.errors));
        received.extend(targets(&shape.traits.added_errors().unwrap_or_default()));
    }
    for id in operations(model) {
        let is_named = |only: &[String]| only.iter().any(|name| name == id.name());
        if !only.is_none_or(is_named) {
            continue;
        }
        if let Some(shape) = model.shapes.get(&id)
            && let ShapeKind::Operation(operation) = &shape.kind
        {
            sent.extend(targets(operation.input.as_slice()));
            received.extend(targets(operation.output.as_slice()));
            received.extend(targets(&operation.errors));
            received.extend(targets(&shape.traits.added_errors().unwrap_or_default()));
        }
        reach.insert(id, both);
    }
    spread(model, &mut reach, sent, |usage| {
        !std::mem::replace(&mut usage.in_requests, true)
    });
    spread(model, &mut reach, received, |usage| {
        !std::mem::replace(&mut usage.in_responses, true)
    });
    reach
}

fn targets(references: &[Reference]) -> impl Iterator<Item = ShapeId> {
    references.iter().map(|reference| reference.target.clone())
}

/// The operations of the service and of its resources.
fn operations(model: &Model) -> BTreeSet<ShapeId> {
    let mut found = BTreeSet::new();
    let Ok((_, _, service)) = model.service() else {
        return found;
    };
    found.extend(targets(&service.operations));
    let mut queue: Vec<ShapeId> = targets(&service.resources).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = queue.pop() {
        if let Some(shape) = model.shapes.get(&id)
            && let ShapeKind::Resource(resource) = &shape.kind
            && seen.insert(id)
        {
            found.extend(resource.all_operations().map(|it| it.target.clone()));
            queue.extend(targets(&resource.resources));
        }
    }
    found
}

/// Marks everything that can be reached; `mark` says whether a shape was not marked before.
fn spread(
    model: &Model,
    reach: &mut BTreeMap<ShapeId, Usage>,
    mut queue: Vec<ShapeId>,
    mark: fn(&mut Usage) -> bool,
) {
    while let Some(id) = queue.pop() {
        if !mark(reach.entry(id.clone()).or_default()) {
            continue;
        }
        let members = model.shapes.get(&id).map(|shape| shape.members());
        queue.extend(
            members
                .into_iter()
                .flatten()
                .map(|(_, member)| member.target.clone()),
        );
    }
}
