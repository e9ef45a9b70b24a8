//! Expressions for the text of a value in a path, a query or a header.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::HEADER;
use super::value::{Value, timestamp_format};
use crate::model::TimestampFormat;
use crate::plan::{Type, TypeKind};

/// An expression for `&str`.
pub(super) fn text(ty: &Type<'_>, value: &Value, format: TimestampFormat) -> TokenStream {
    let borrowed = value.borrowed();
    let receiver = value.receiver();
    match &ty.kind {
        TypeKind::String { .. } => borrowed,
        TypeKind::Enum(_) => quote!(#receiver.as_str()),
        _ => {
            let text = owned_text(ty, value, format);
            quote!(&#text)
        }
    }
}

/// An expression for `String`; strings are quoted where a list needs it.
pub(super) fn owned_text(ty: &Type<'_>, value: &Value, format: TimestampFormat) -> TokenStream {
    let copied = value.copied();
    let borrowed = value.borrowed();
    let receiver = value.receiver();
    match &ty.kind {
        TypeKind::Float => quote!(#HEADER::format_float(#copied)),
        TypeKind::Double => quote!(#HEADER::format_double(#copied)),
        TypeKind::Timestamp(explicit) => {
            let format = timestamp_format(explicit.unwrap_or(format));
            quote!(#receiver.format(#format))
        }
        TypeKind::String { .. } => quote!(#HEADER::quote_if_needed(#borrowed).into_owned()),
        TypeKind::Enum(_) => {
            quote!(#HEADER::quote_if_needed(#receiver.as_str()).into_owned())
        }
        TypeKind::IntEnum(_) => quote!(#receiver.value().to_string()),
        _ => quote!(#receiver.to_string()),
    }
}
