//! The types of values: what a field, an element, a key holds.

use super::constraint::Constraint;
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
    /// The constraints of the value itself, in the order in which they are validated.
    pub constraints: Vec<Constraint<'m>>,
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
    BigInteger,
    BigDecimal,
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
        /// `smithy.api#requiresLength`
        requires_length: bool,
    },
    /// A stream of the events of a union.
    EventStream(TypeId),
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
    /// Whether values can be converted from several types.
    pub(super) fn converts(&self) -> bool {
        matches!(
            self.kind,
            TypeKind::String { .. }
                | TypeKind::Blob { .. }
                | TypeKind::StreamingBlob { .. }
                | TypeKind::EventStream(_)
                | TypeKind::Document
                | TypeKind::BigInteger
                | TypeKind::BigDecimal
                | TypeKind::Enum(_)
                | TypeKind::IntEnum(_)
        )
    }

    /// Whether the value or an element of it has constraints, apart from those inside of structures and unions.
    pub(super) fn is_constrained(&self) -> bool {
        !self.constraints.is_empty()
            || match &self.kind {
                TypeKind::List { element, .. } => element.is_constrained(),
                TypeKind::Map { key, value, .. } => key.is_constrained() || value.is_constrained(),
                _ => false,
            }
    }

    /// Whether its Rust type implements `Copy`, so that clippy refuses to clone it.
    pub fn is_copy(&self) -> bool {
        matches!(
            self.kind,
            TypeKind::Boolean
                | TypeKind::Byte
                | TypeKind::Short
                | TypeKind::Integer
                | TypeKind::Long
                | TypeKind::Float
                | TypeKind::Double
                | TypeKind::Timestamp(_)
                | TypeKind::IntEnum(_)
        )
    }

    /// Whether it is a stream, which cannot be cloned.
    pub fn is_stream(&self) -> bool {
        matches!(
            self.kind,
            TypeKind::StreamingBlob { .. } | TypeKind::EventStream(_)
        )
    }
}
