//! Code that reads a simple value from its text in a header, or in an attribute of XML.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::HEADER;
use super::types::ident;
use super::value::timestamp_format;
use crate::model::TimestampFormat;
use crate::plan::{Type, TypeKind};

/// An expression for `Result<T, HeaderError>`.
pub(super) fn scalar(
    ty: &Type<'_>,
    header: &str,
    text: &TokenStream,
    default: TimestampFormat,
) -> TokenStream {
    let function = match &ty.kind {
        TypeKind::Boolean => "parse_boolean",
        TypeKind::Byte => "parse_byte",
        TypeKind::Short => "parse_short",
        TypeKind::Long => "parse_long",
        TypeKind::Float => "parse_float",
        TypeKind::Double => "parse_double",
        TypeKind::Timestamp(format) => {
            let format = timestamp_format(format.unwrap_or(default));
            if ty.hidden {
                return quote!(#HEADER::parse_sensitive_timestamp(#header, #text, #format));
            }
            return quote!(#HEADER::parse_timestamp(#header, #text, #format));
        }
        TypeKind::IntEnum(_) => {
            let name = &ty.rust;
            return quote!(#HEADER::parse_integer(#header, #text).map(#name::from));
        }
        _ => "parse_integer",
    };
    let function = ident(function);
    quote!(#HEADER::#function(#header, #text))
}
