//! Defaults of the model as Rust expressions.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::imports::{BTREE_MAP, BYTE_STREAM, BYTES, DOCUMENT, TIMESTAMP};
use super::types::ident;
use crate::plan::{DefaultValue, Type};

/// The expression for a default value.
pub(crate) fn default_expression(ty: &Type<'_>, value: &DefaultValue<'_>) -> TokenStream {
    let name = &ty.rust;
    let integer = proc_macro2::Literal::i64_unsuffixed;
    match value {
        DefaultValue::Boolean(value) => quote!(#value),
        DefaultValue::Integer(value) => number(integer(*value)),
        DefaultValue::Float(value) => number(proc_macro2::Literal::f64_unsuffixed(*value)),
        DefaultValue::BigNumber(text) => quote!(#text.parse().unwrap_or_default()),
        DefaultValue::Text("") => quote!(String::new()),
        DefaultValue::Text(text) => quote!(#text.to_owned()),
        DefaultValue::Bytes(bytes) if bytes.is_empty() => quote!(#BYTES::new()),
        DefaultValue::Bytes(bytes) => {
            let literal = proc_macro2::Literal::byte_string(bytes);
            quote!(#BYTES::from_static(#literal))
        }
        DefaultValue::EmptyStream => quote!(#BYTE_STREAM::default()),
        DefaultValue::Epoch(0, 0) => quote!(#TIMESTAMP::UNIX_EPOCH),
        DefaultValue::Epoch(seconds, 0) => {
            let seconds = integer(*seconds);
            quote!(#TIMESTAMP::from_epoch_seconds(#seconds).unwrap_or(#TIMESTAMP::UNIX_EPOCH))
        }
        DefaultValue::Epoch(seconds, nanoseconds) => {
            let (seconds, nanoseconds) = (integer(*seconds), integer(*nanoseconds));
            quote!(#TIMESTAMP::from_epoch(#seconds, #nanoseconds).unwrap_or(#TIMESTAMP::UNIX_EPOCH))
        }
        DefaultValue::DateTime(text) => quote!(#text.parse().unwrap_or(#TIMESTAMP::UNIX_EPOCH)),
        DefaultValue::Document(value) => document(value),
        DefaultValue::EmptyList => quote!(Vec::new()),
        DefaultValue::EmptyMap => quote!(#BTREE_MAP::new()),
        DefaultValue::Variant(variant) => {
            let variant = ident(variant);
            quote!(#name::#variant)
        }
        DefaultValue::EnumText(text) => quote!(#name::from(#text)),
        DefaultValue::EnumInteger(value) => {
            let value = integer(i64::from(*value));
            quote!(#name::from(#value))
        }
    }
}

fn number(literal: proc_macro2::Literal) -> TokenStream {
    quote!(#literal)
}

/// The expression for a document.
pub(crate) fn document(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(#DOCUMENT::Null),
        Value::Bool(value) => quote!(#DOCUMENT::from(#value)),
        Value::Number(value) => match value.as_i64() {
            Some(value) => {
                let literal = proc_macro2::Literal::i64_suffixed(value);
                quote!(#DOCUMENT::from(#literal))
            }
            None => {
                let literal =
                    proc_macro2::Literal::f64_suffixed(value.as_f64().unwrap_or_default());
                quote!(#DOCUMENT::from(#literal))
            }
        },
        Value::String(value) => quote!(#DOCUMENT::from(#value)),
        Value::Array(values) => {
            let values = values.iter().map(document);
            quote!(#DOCUMENT::Array(vec![#(#values),*]))
        }
        Value::Object(values) => {
            let entries = values.iter().map(|(key, value)| {
                let value = document(value);
                quote!((#key.to_owned(), #value))
            });
            quote!(#DOCUMENT::Object([#(#entries),*].into_iter().collect()))
        }
    }
}
