//! Functions that read a value which contains no other value. The readers of the runtime have functions of the same names.

use proc_macro2::Ident;

use super::types::ident;
use crate::plan::{Type, TypeKind};

/// The function of the reader for a type that needs no arguments.
pub(super) fn reader_function(ty: &Type<'_>) -> Option<Ident> {
    let name = match &ty.kind {
        TypeKind::Boolean => "boolean",
        TypeKind::Byte => "byte",
        TypeKind::Short => "short",
        TypeKind::Integer => "integer",
        TypeKind::Long => "long",
        TypeKind::Float => "float",
        TypeKind::Double => "double",
        TypeKind::BigInteger => "big_integer",
        TypeKind::BigDecimal => "big_decimal",
        TypeKind::String { .. } => "string",
        TypeKind::Blob { .. } => "blob",
        TypeKind::Document => "document",
        _ => return None,
    };
    Some(ident(name))
}
