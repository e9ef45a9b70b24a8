//! Says which types hold blobs, so that a buffer is made large enough for them at once.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::{Binding, Service, Type, TypeId, TypeKind};

/// Follows the members from blobs outwards: each type is looked at once, however many ways lead to it.
pub(super) fn mark(service: &mut Service) -> Result<()> {
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    let mut queue = Vec::new();
    for (index, definition) in service.types.iter().enumerate() {
        let fields = definition.fields().iter();
        for field in fields.filter(|field| field.binding == Binding::Body) {
            match innermost(&field.ty) {
                TypeKind::Blob { .. } => queue.push(TypeId(index)),
                TypeKind::Named(held) => holders.entry(*held).or_default().push(TypeId(index)),
                _ => {}
            }
        }
    }
    while let Some(id) = queue.pop() {
        let usage = &mut service.types[id.0].usage;
        if !std::mem::replace(&mut usage.holds_blobs, true) {
            queue.extend(holders.get(&id).into_iter().flatten());
        }
    }
    Ok(())
}

/// The values of lists and maps, and of lists and maps in these.
fn innermost(ty: &Type) -> &TypeKind {
    let mut kind = &ty.kind;
    while let TypeKind::List { element: value, .. } | TypeKind::Map { value, .. } = kind {
        kind = &value.kind;
    }
    kind
}
