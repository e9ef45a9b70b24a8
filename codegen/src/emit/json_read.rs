//! Code that reads values from JSON.

use proc_macro2::TokenStream;
use quote::quote;

use super::default_heap;
use super::json_write::timestamp_format;
use super::literal::default_expression;
use super::types::ident;
use crate::error::{Context, Result};
use crate::model::{Field, Presence, Service, TimestampFormat, Type, TypeDefinition, TypeKind};

/// The function `read_json` of a structure, reading the members that stand in the body.
pub(super) fn read_function<'a>(
    service: &Service,
    definition: &TypeDefinition,
    fields: impl Iterator<Item = &'a Field>,
    is_error: bool,
) -> Result<TokenStream> {
    let arms: Vec<TokenStream> = fields
        .map(|field| read_arm(service, definition, field, is_error).at(&field.id))
        .collect::<Result<_>>()?;
    let defaults = match default_heap::of_structure(service, definition) {
        0 => TokenStream::new(),
        bytes => {
            let bytes = proc_macro2::Literal::usize_unsuffixed(bytes);
            quote!(reader.defaults(#bytes)?;)
        }
    };
    if arms.is_empty() {
        return Ok(quote! {
            pub(crate) fn read_json(reader: &mut json::Reader<'_>) -> Result<Self, json::Error> {
                #defaults
                let mut fields = reader.object()?;
                while reader.key(&mut fields)?.is_some() {
                    reader.skip()?;
                }
                Ok(Self::default())
            }
        });
    }
    Ok(quote! {
        pub(crate) fn read_json(reader: &mut json::Reader<'_>) -> Result<Self, json::Error> {
            #defaults
            let mut output = Self::default();
            let mut fields = reader.object()?;
            while let Some(name) = reader.key(&mut fields)? {
                match name.as_ref() {
                    #(#arms)*
                    _ => reader.skip()?,
                }
            }
            Ok(output)
        }
    })
}

fn read_arm(
    service: &Service,
    definition: &TypeDefinition,
    field: &Field,
    is_error: bool,
) -> Result<TokenStream> {
    let key = key_pattern(&field.json_name, is_error);
    let name = ident(&field.name.rust);
    let read = reading_function(service, &field.ty.within(definition));
    let value = if field.boxed {
        quote!(reader.boxed(#read)?)
    } else {
        quote!(reader.nullable(#read)?)
    };
    Ok(match &field.presence {
        Presence::Optional => quote!(#key => output.#name = #value,),
        Presence::Required => quote!(#key => output.#name = #value.unwrap_or_default(),),
        Presence::Default(default) => {
            let default = default_expression(service, &field.ty, default)?;
            if is_zero(&default) {
                quote!(#key => output.#name = #value.unwrap_or_default(),)
            } else if is_constant(&default) {
                quote!(#key => output.#name = #value.unwrap_or(#default),)
            } else {
                quote!(#key => output.#name = #value.unwrap_or_else(|| #default),)
            }
        }
    })
}

/// Services spell the message of an error both ways, whatever their models say.
fn key_pattern(key: &str, is_error: bool) -> TokenStream {
    match key {
        "message" | "Message" if is_error => quote!("message" | "Message"),
        key => quote!(#key),
    }
}

/// Whether the expression is what `Default` gives.
fn is_zero(expression: &TokenStream) -> bool {
    let text = expression.to_string();
    matches!(
        text.as_str(),
        "false"
            | "0"
            | "String :: new ()"
            | "Vec :: new ()"
            | "BTreeMap :: new ()"
            | "Bytes :: new ()"
    )
}

/// Whether evaluating the expression costs nothing: a literal, negative ones included, or the path of a constant or
/// variant.
fn is_constant(expression: &TokenStream) -> bool {
    use proc_macro2::TokenTree;

    expression.clone().into_iter().all(|token| match token {
        TokenTree::Ident(_) | TokenTree::Literal(_) => true,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ':' | '-'),
        TokenTree::Group(_) => false,
    })
}

/// A function that reads a value of the type: a path where there is one, else a closure.
pub(super) fn reading_function(service: &Service, ty: &Type) -> TokenStream {
    reading(service, ty, false)
}

/// `hidden` is whether the value is part of one that must not be shown.
fn reading(service: &Service, ty: &Type, hidden: bool) -> TokenStream {
    let hidden = hidden || ty.sensitive;
    match &ty.kind {
        TypeKind::Boolean => quote!(json::Reader::boolean),
        TypeKind::Byte => quote!(json::Reader::byte),
        TypeKind::Short => quote!(json::Reader::short),
        TypeKind::Integer => quote!(json::Reader::integer),
        TypeKind::Long => quote!(json::Reader::long),
        TypeKind::Float => quote!(json::Reader::float),
        TypeKind::Double => quote!(json::Reader::double),
        TypeKind::String { .. } => quote!(json::Reader::string),
        TypeKind::Blob { .. } => quote!(json::Reader::blob),
        TypeKind::StreamingBlob { .. } => quote!(|reader| reader.blob().map(ByteStream::from)),
        TypeKind::Timestamp(format) => {
            let format = timestamp_format(format.unwrap_or(TimestampFormat::EpochSeconds));
            if hidden {
                quote!(|reader| reader.sensitive_timestamp(#format))
            } else {
                quote!(|reader| reader.timestamp(#format))
            }
        }
        TypeKind::Document => quote!(json::Reader::document),
        TypeKind::Named(id) => {
            let name = ident(&service.type_definition(*id).name.rust);
            quote!(#name::read_json)
        }
        TypeKind::List { element, sparse } => {
            let element = reading(service, element, hidden);
            if *sparse {
                quote!(|reader| reader.sparse_list(#element))
            } else {
                quote!(|reader| reader.list(#element))
            }
        }
        TypeKind::Map { value, sparse, .. } => {
            let value = reading(service, value, hidden);
            if *sparse {
                quote!(|reader| reader.sparse_map(#value))
            } else {
                quote!(|reader| reader.map(#value))
            }
        }
    }
}
