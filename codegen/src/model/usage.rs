//! Finds out which types are part of requests and which of responses.

use super::{Service, Type, TypeId, TypeKind, Usage};

/// Follows the members from requests, responses and errors.
pub(super) fn mark(service: &mut Service) {
    let requests: Vec<TypeId> = service
        .operations
        .iter()
        .map(|operation| operation.request)
        .collect();
    let responses = service
        .operations
        .iter()
        .map(|operation| operation.response)
        .chain(service.errors.clone());
    let responses: Vec<TypeId> = responses.collect();
    spread(service, requests, |usage| {
        !std::mem::replace(&mut usage.in_requests, true)
    });
    spread(service, responses, |usage| {
        !std::mem::replace(&mut usage.in_responses, true)
    });
    let sent = service
        .types
        .iter()
        .filter(|definition| definition.usage.in_requests);
    let mut unique = Vec::new();
    for member in sent.flat_map(|definition| definition.members()) {
        unique_elements(&member.ty, &mut unique);
    }
    spread(service, unique, |usage| {
        !std::mem::replace(&mut usage.in_unique_lists, true)
    });
}

/// The structures and unions in lists of unique elements.
fn unique_elements(ty: &Type, found: &mut Vec<TypeId>) {
    match &ty.kind {
        TypeKind::List { element, .. } => {
            if ty.constraints.unique_items {
                found.extend(element.named());
            }
            unique_elements(element, found);
        }
        TypeKind::Map { value, .. } => unique_elements(value, found),
        _ => {}
    }
}

/// Marks everything that can be reached; `mark` says whether a type was not marked before.
fn spread(service: &mut Service, mut queue: Vec<TypeId>, mark: fn(&mut Usage) -> bool) {
    while let Some(id) = queue.pop() {
        let definition = &mut service.types[id.0];
        if mark(&mut definition.usage) {
            queue.extend(
                definition
                    .members()
                    .iter()
                    .flat_map(|member| member.ty.named()),
            );
        }
    }
}
