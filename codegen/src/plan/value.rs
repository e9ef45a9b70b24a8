//! The types of values: what a field, an element, a key holds.

use super::check::Check;
use super::rust_type::RustType;
use crate::model::{self, TimestampFormat, TypeId};

/// The type of a field or an element.
#[derive(Clone, Debug)]
pub struct Type<'m> {
    /// What the model says.
    pub model: &'m model::Type,
    /// What it is.
    pub kind: TypeKind<'m>,
    /// The Rust type of a value.
    pub rust: RustType,
    /// Whether it is, or is part of, what must not be shown.
    pub hidden: bool,
    /// What is checked of the value itself, in order.
    pub checks: Vec<Check<'m>>,
}

/// What a type is.
#[derive(Clone, Debug)]
#[expect(
    missing_docs,
    reason = "the names are those of the Smithy specification, \"Simple types\""
)]
pub enum TypeKind<'m> {
    Boolean,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
    /// `media_type` as in `smithy.api#mediaType`.
    String {
        media_type: Option<&'m str>,
    },
    /// `media_type` as in `smithy.api#mediaType`.
    Blob {
        media_type: Option<&'m str>,
    },
    /// `smithy.api#streaming`
    StreamingBlob {
        media_type: Option<&'m str>,
    },
    /// With the format of the model, if it has one.
    Timestamp(Option<TimestampFormat>),
    Document,
    List {
        element: Box<Type<'m>>,
        sparse: bool,
    },
    Map {
        key: Box<Type<'m>>,
        value: Box<Type<'m>>,
        sparse: bool,
    },
    /// An enum of strings.
    Enum(TypeId),
    /// An enum of integers.
    IntEnum(TypeId),
    /// A structure.
    Structure(TypeId),
    /// A union.
    Union(TypeId),
}

impl Type<'_> {
    /// Whether values come in several guises that convert.
    pub(super) fn converts(&self) -> bool {
        matches!(
            self.kind,
            TypeKind::String { .. }
                | TypeKind::Blob { .. }
                | TypeKind::StreamingBlob { .. }
                | TypeKind::Document
                | TypeKind::Enum(_)
                | TypeKind::IntEnum(_)
        )
    }

    /// Whether the value or an element of it is checked, apart from what structures and unions check themselves.
    pub(super) fn has_checks(&self) -> bool {
        !self.checks.is_empty()
            || match &self.kind {
                TypeKind::List { element, .. } => element.has_checks(),
                TypeKind::Map { key, value, .. } => key.has_checks() || value.has_checks(),
                _ => false,
            }
    }

    /// Whether it is a stream, which cannot be cloned.
    pub fn is_stream(&self) -> bool {
        matches!(self.kind, TypeKind::StreamingBlob { .. })
    }
}
