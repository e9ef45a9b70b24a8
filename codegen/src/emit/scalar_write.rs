//! Statements that write a value which contains no other value. The writers of the runtime have functions of the same names.

use proc_macro2::TokenStream;
use quote::quote;

use super::value::{Value, timestamp_format};
use crate::model::TimestampFormat;
use crate::plan::{Type, TypeKind};

/// The statement that writes a value in any format; nothing for types that the formats treat differently.
pub(super) fn scalar(ty: &Type<'_>, value: &Value) -> Option<TokenStream> {
    let copied = value.copied();
    let borrowed = value.borrowed();
    let receiver = value.receiver();
    Some(match &ty.kind {
        TypeKind::Boolean => quote!(writer.boolean(#copied);),
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer => {
            quote!(writer.integer(i64::from(#copied));)
        }
        TypeKind::Long => quote!(writer.integer(#copied);),
        TypeKind::Float => quote!(writer.float(#copied);),
        TypeKind::Double => quote!(writer.double(#copied);),
        TypeKind::String { .. } => quote!(writer.string(#borrowed);),
        TypeKind::Blob { .. } => quote!(writer.blob(#borrowed);),
        TypeKind::Enum(_) => quote!(writer.string(#receiver.as_str());),
        TypeKind::IntEnum(_) => quote!(writer.integer(i64::from(#receiver.value()));),
        _ => return None,
    })
}

/// The statement that writes a value in a format that has only texts: forms and XML.
pub(super) fn text_scalar(ty: &Type<'_>, value: &Value) -> Option<TokenStream> {
    match &ty.kind {
        TypeKind::BigInteger | TypeKind::BigDecimal => {
            let receiver = value.receiver();
            Some(quote!(writer.string(#receiver.as_str());))
        }
        TypeKind::Timestamp(format) => {
            let copied = value.copied();
            let format = timestamp_format(format.unwrap_or(TimestampFormat::DateTime));
            Some(quote!(writer.timestamp(#copied, #format);))
        }
        _ => scalar(ty, value),
    }
}
