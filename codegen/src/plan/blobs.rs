//! Finds the types that contain blobs, so that a buffer is allocated with the final size.

use std::collections::BTreeMap;

use crate::model::{Binding, Service, Type, TypeId, TypeKind};

/// Follows the members from blobs outwards: each type is visited once, however many paths lead to it.
pub(super) fn holders(service: &Service) -> Vec<bool> {
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    let mut queue = Vec::new();
    for (index, definition) in service.types.iter().enumerate() {
        let members = definition.members().iter();
        for member in members.filter(|member| member.binding == Binding::Body) {
            match innermost(&member.ty) {
                TypeKind::Blob { .. } => queue.push(TypeId(index)),
                TypeKind::Named(held) => holders.entry(*held).or_default().push(TypeId(index)),
                _ => {}
            }
        }
    }
    let mut found = vec![false; service.types.len()];
    while let Some(id) = queue.pop() {
        if !std::mem::replace(&mut found[id.0], true) {
            queue.extend(holders.get(&id).into_iter().flatten());
        }
    }
    found
}

/// The values of lists and maps, and of lists and maps in these.
fn innermost(ty: &Type) -> &TypeKind {
    let mut kind = &ty.kind;
    while let TypeKind::List { element: value, .. } | TypeKind::Map { value, .. } = kind {
        kind = &value.kind;
    }
    kind
}
