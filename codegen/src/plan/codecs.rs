//! The codecs that write and read the types of a service, for one end of it.

use std::collections::BTreeSet;

use super::service::End;
use super::types::Codec;
use crate::model::{Binding, Definition, Service, Type, TypeId, TypeKind, Usage};

/// The codecs of the types.
#[derive(Debug)]
pub(super) struct Codecs {
    is_client: bool,
    /// The enums that are values in a body that is read. Enums that are keys of maps or in headers are created from
    /// text instead.
    enums: BTreeSet<TypeId>,
}

impl Codecs {
    pub(super) fn new(model: &Service, end: &End) -> Self {
        let mut codecs = Self {
            is_client: *end == End::Client,
            enums: BTreeSet::new(),
        };
        for definition in &model.types {
            if codecs.is_read(definition.usage) {
                let members = definition.members().iter();
                for member in members.filter(|member| member.binding == Binding::Body) {
                    values(&member.ty, &mut codecs.enums);
                }
            }
        }
        codecs
    }

    /// The codec that writes a type.
    pub(super) fn write(&self, usage: Usage) -> Option<Codec> {
        let is_written = match self.is_client {
            true => usage.in_requests,
            false => usage.in_responses,
        };
        is_written.then_some(Codec::Json)
    }

    /// The codec that reads a type.
    pub(super) fn read(&self, id: TypeId, definition: &Definition, usage: Usage) -> Option<Codec> {
        let is_enum = matches!(definition, Definition::Enum(_) | Definition::IntEnum(_));
        let is_read = self.is_read(usage) && (!is_enum || self.enums.contains(&id));
        is_read.then_some(Codec::Json)
    }

    fn is_read(&self, usage: Usage) -> bool {
        match self.is_client {
            true => usage.in_responses,
            false => usage.in_requests,
        }
    }
}

/// The types that are values, or elements of lists and maps.
fn values(ty: &Type, found: &mut BTreeSet<TypeId>) {
    match &ty.kind {
        TypeKind::Named(id) => {
            found.insert(*id);
        }
        TypeKind::List { element, .. } => values(element, found),
        TypeKind::Map { value, .. } => values(value, found),
        _ => {}
    }
}
