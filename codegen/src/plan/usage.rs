//! Says which types travel in requests and which in responses, so that only the half that is needed is generated.

use crate::error::Result;
use crate::model::{Service, Type, TypeId, TypeKind, Usage};

/// Follows the members from requests, responses and errors.
pub(super) fn mark(service: &mut Service) -> Result<()> {
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
        usage.checked = true;
        !std::mem::replace(&mut usage.sent, true)
    });
    spread(service, responses, |usage| {
        !std::mem::replace(&mut usage.received, true)
    });
    let checked = service
        .types
        .iter()
        .filter(|definition| definition.usage.checked);
    let mut hashed = Vec::new();
    for field in checked.flat_map(|definition| definition.fields()) {
        unique_elements(&field.ty, &mut hashed);
    }
    spread(service, hashed, |usage| {
        !std::mem::replace(&mut usage.hashed, true)
    });
    Ok(())
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
                    .fields()
                    .iter()
                    .flat_map(|field| field.ty.named()),
            );
        }
    }
}
