//! The depth of the minimal value of a type, which a strategy uses to end recursive values.

use super::types::{Definition, Presence, TypeDefinition};
use super::value::{Type, TypeKind};

/// The height of each type: a type is higher than the parts of its least value. `None` is a type without a finite
/// value, such as a union whose only member is itself.
pub(super) fn heights(types: &[TypeDefinition<'_>]) -> Vec<Option<usize>> {
    let mut heights = vec![None; types.len()];
    let mut open: Vec<usize> = (0..heights.len()).collect();
    for height in 0.. {
        let (found, rest): (Vec<usize>, Vec<usize>) = open
            .into_iter()
            .partition(|index| ends(&heights, &types[*index]));
        if found.is_empty() {
            break;
        }
        for index in found {
            heights[index] = Some(height);
        }
        open = rest;
    }
    heights
}

/// Whether a type has a value that consists of types with a known height.
fn ends(heights: &[Option<usize>], definition: &TypeDefinition<'_>) -> bool {
    match &definition.definition {
        Definition::Structure(fields) => fields
            .iter()
            .filter(|field| field.presence != Presence::Optional)
            .all(|field| height(heights, &field.ty).is_some()),
        Definition::Union(fields) => fields
            .iter()
            .any(|field| height(heights, &field.ty).is_some()),
        Definition::Enum(_) | Definition::IntEnum(_) => true,
    }
}

/// The height of the least value: an empty list or map where it may be empty.
pub(super) fn height(heights: &[Option<usize>], ty: &Type<'_>) -> Option<usize> {
    let mut ty = ty;
    loop {
        let length = ty.model.constraints.length.as_ref();
        let may_be_empty = length.and_then(|length| length.min).unwrap_or(0) == 0;
        ty = match &ty.kind {
            TypeKind::Enum(id)
            | TypeKind::IntEnum(id)
            | TypeKind::Structure(id)
            | TypeKind::Union(id) => return heights[id.0],
            TypeKind::List { element, .. } if !may_be_empty => element,
            TypeKind::Map { value, .. } if !may_be_empty => value,
            _ => return Some(0),
        };
    }
}
