//! The types that one end of a service writes and reads.

use std::collections::BTreeSet;

use super::service::End;
use crate::model::{Binding, Definition, Service, Type, TypeId, TypeKind, Usage};

/// The types that one end writes, and those that it reads.
#[derive(Debug)]
pub(super) struct Coded {
    is_client: bool,
    /// The enums that are values in a body that is read. Enums that are keys of maps, attributes of XML or in
    /// headers are created from text instead.
    enums: BTreeSet<TypeId>,
}

impl Coded {
    pub(super) fn new(model: &Service, end: &End) -> Self {
        let mut coded = Self {
            is_client: *end == End::Client,
            enums: BTreeSet::new(),
        };
        for definition in &model.types {
            if coded.is_in_read(definition.usage) {
                let members = definition.members().iter();
                let elements = members
                    .filter(|member| member.binding == Binding::Body && !member.ty.xml.attribute);
                for member in elements {
                    values(&member.ty, &mut coded.enums);
                }
            }
        }
        coded
    }

    /// Whether the end writes values of a type.
    pub(super) fn is_written(&self, usage: Usage) -> bool {
        match self.is_client {
            true => usage.in_requests,
            false => usage.in_responses,
        }
    }

    /// Whether the end reads values of a type from bodies.
    pub(super) fn is_read(&self, id: TypeId, definition: &Definition, usage: Usage) -> bool {
        let is_enum = matches!(definition, Definition::Enum(_) | Definition::IntEnum(_));
        self.is_in_read(usage) && (!is_enum || self.enums.contains(&id))
    }

    /// Whether a type is in messages that the end reads.
    fn is_in_read(&self, usage: Usage) -> bool {
        match self.is_client {
            true => usage.in_responses,
            false => usage.in_requests,
        }
    }
}

/// The types that are values, or elements of lists and maps.
fn values(ty: &Type, found: &mut BTreeSet<TypeId>) {
    match &ty.kind {
        TypeKind::Named(id) | TypeKind::EventStream(id) => {
            found.insert(*id);
        }
        TypeKind::List { element, .. } => values(element, found),
        TypeKind::Map { value, .. } => values(value, found),
        _ => {}
    }
}
