//! Code that writes values as JSON.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::TIMESTAMP_FORMAT;
use super::redaction::hides;
use super::types::ident;
use crate::model::TimestampFormat;
use crate::plan::reserved::methods::WRITE_JSON;
use crate::plan::{Field, Plan, Presence, Type, TypeKind};

/// An expression for a value: a place such as `self.title`, or a variable that holds a reference.
#[derive(Clone)]
pub(super) struct Value {
    expression: TokenStream,
    is_reference: bool,
}

impl Value {
    /// A place.
    pub(super) fn place(expression: TokenStream) -> Self {
        Self {
            expression,
            is_reference: false,
        }
    }

    /// A variable that holds a reference.
    pub(super) fn reference(expression: TokenStream) -> Self {
        Self {
            expression,
            is_reference: true,
        }
    }

    /// The value of a `Copy` type.
    pub(super) fn copied(&self) -> TokenStream {
        let expression = &self.expression;
        if self.is_reference {
            quote!(*#expression)
        } else {
            quote!(#expression)
        }
    }

    /// A reference to the value.
    pub(super) fn borrowed(&self) -> TokenStream {
        let expression = &self.expression;
        if self.is_reference {
            quote!(#expression)
        } else {
            quote!(&#expression)
        }
    }

    /// The receiver of a method call.
    pub(super) fn receiver(&self) -> TokenStream {
        self.expression.clone()
    }
}

/// Statements that write the members of a structure that are in the body.
///
/// `is_sensitive` is whether the whole structure must not be shown.
pub(super) fn write_fields<'a>(
    plan: &Plan<'_>,
    fields: impl Iterator<Item = &'a Field<'a>>,
    receiver: &TokenStream,
    is_sensitive: bool,
) -> TokenStream {
    fields
        .map(|field| write_field(plan, field, receiver, is_sensitive))
        .collect()
}

/// The function of the writer that writes the key of a member. The one of another name says that its value must not be
/// shown.
pub(super) fn key_function(
    plan: &Plan<'_>,
    ty: &Type<'_>,
    is_sensitive: bool,
) -> proc_macro2::Ident {
    if is_sensitive || hides(plan, ty) {
        ident("sensitive_key")
    } else {
        ident("key")
    }
}

fn write_field(
    plan: &Plan<'_>,
    field: &Field<'_>,
    receiver: &TokenStream,
    is_sensitive: bool,
) -> TokenStream {
    let key = &field.model.json_name;
    let name = ident(&field.name);
    let write_key = key_function(plan, &field.ty, is_sensitive);
    match field.presence {
        Presence::Optional => {
            let write = write_value(plan, &field.ty, &Value::reference(quote!(value)));
            quote! {
                if let Some(value) = &#receiver.#name {
                    writer.#write_key(#key);
                    #write
                }
            }
        }
        Presence::Required | Presence::Default(_) => {
            let value = Value::place(quote!(#receiver.#name));
            let write = write_value(plan, &field.ty, &value);
            quote! {
                writer.#write_key(#key);
                #write
            }
        }
    }
}

/// Statements that write one value to `writer`.
pub(super) fn write_value(plan: &Plan<'_>, ty: &Type<'_>, value: &Value) -> TokenStream {
    let copied = value.copied();
    let borrowed = value.borrowed();
    let receiver = value.receiver();
    match &ty.kind {
        TypeKind::Boolean => quote!(writer.boolean(#copied);),
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer => {
            quote!(writer.integer(i64::from(#copied));)
        }
        TypeKind::Long => quote!(writer.integer(#copied);),
        TypeKind::Float => quote!(writer.float(#copied);),
        TypeKind::Double => quote!(writer.double(#copied);),
        TypeKind::String { .. } => quote!(writer.string(#borrowed);),
        TypeKind::Blob { .. } => quote!(writer.blob(#borrowed);),
        // A stream is always the payload, never a part of JSON.
        TypeKind::StreamingBlob { .. } => quote!(writer.null();),
        TypeKind::Timestamp(format) => {
            let format = timestamp_format(format.unwrap_or(TimestampFormat::EpochSeconds));
            quote!(writer.timestamp(#copied, #format);)
        }
        TypeKind::Document => quote!(writer.document(#borrowed);),
        TypeKind::Enum(_) => {
            quote!(writer.string(#receiver.as_str());)
        }
        TypeKind::IntEnum(_) => {
            quote!(writer.integer(i64::from(#receiver.value()));)
        }
        TypeKind::Structure(_) | TypeKind::Union(_) => quote!(#receiver.#WRITE_JSON(writer);),
        TypeKind::List { element, sparse } => {
            let write = write_element(plan, element, *sparse, "element");
            quote! {
                writer.begin_array();
                for element in #borrowed {
                    #write
                }
                writer.end_array();
            }
        }
        TypeKind::Map { key, value, sparse } => {
            let write = write_element(plan, value, *sparse, "value");
            let key = if matches!(key.kind, TypeKind::Enum(_)) {
                quote!(writer.key(key.as_str());)
            } else {
                quote!(writer.key(key);)
            };
            quote! {
                writer.begin_object();
                for (key, value) in #borrowed {
                    #key
                    #write
                }
                writer.end_object();
            }
        }
    }
}

fn write_element(plan: &Plan<'_>, ty: &Type<'_>, sparse: bool, variable: &str) -> TokenStream {
    let variable = ident(variable);
    let write = write_value(plan, ty, &Value::reference(quote!(#variable)));
    if sparse {
        quote! {
            match #variable {
                Some(#variable) => { #write }
                None => writer.null(),
            }
        }
    } else {
        write
    }
}

/// The runtime's name of a format.
pub(super) fn timestamp_format(format: TimestampFormat) -> TokenStream {
    match format {
        TimestampFormat::DateTime => quote!(#TIMESTAMP_FORMAT::DateTime),
        TimestampFormat::HttpDate => quote!(#TIMESTAMP_FORMAT::HttpDate),
        TimestampFormat::EpochSeconds => quote!(#TIMESTAMP_FORMAT::EpochSeconds),
    }
}
