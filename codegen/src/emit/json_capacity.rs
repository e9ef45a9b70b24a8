//! How large a JSON body will be, where it holds blobs.
//!
//! A body of 15 MB must not be copied while it grows, so its buffer is made large enough at once. Bodies without
//! blobs are small, and a constant serves them.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::ident;
use super::union::on_variants;
use crate::model::{Binding, Definition, Field, Presence, Service, Type, TypeId, TypeKind};

/// An expression for the capacity of the body of a request.
pub(super) fn capacity(service: &Service, request: TypeId) -> TokenStream {
    if reaches_blob(service, request) {
        quote!(self.json_capacity())
    } else {
        quote!(256)
    }
}

/// An expression for the capacity of a body that one value makes up, where a constant is not enough; `value` is a
/// reference to it.
pub(super) fn payload_capacity(service: &Service, ty: &Type) -> Option<TokenStream> {
    match &ty.kind {
        TypeKind::Named(id) if reaches_blob(service, *id) => Some(quote!(value.json_capacity())),
        _ => None,
    }
}

/// `json_capacity`, for types that hold blobs; nothing for others.
pub(super) fn function(service: &Service, id: TypeId) -> Option<TokenStream> {
    let definition = service.type_definition(id);
    if !definition.usage.sent || !reaches_blob(service, id) {
        return None;
    }
    if let Definition::Union(members) = &definition.definition {
        return Some(union_function(service, members));
    }
    let body = definition
        .fields()
        .iter()
        .filter(|field| field.binding == Binding::Body);
    let parts: Vec<TokenStream> = body
        .filter_map(|field| field_capacity(service, field))
        .collect();
    Some(quote! {
        pub(crate) fn json_capacity(&self) -> usize {
            let mut capacity = 256;
            #(#parts)*
            capacity
        }
    })
}

/// Members without text or blobs have room in what every value gets.
fn union_function(service: &Service, members: &[Field]) -> TokenStream {
    let arms = members.iter().filter_map(|member| {
        let variant = ident(&member.name.rust);
        let add = value_capacity(service, &member.ty, &quote!(value))?;
        Some((quote!(Self::#variant(value)), add))
    });
    let arms: Vec<_> = arms.collect();
    let add = on_variants(&arms);
    quote! {
        pub(crate) fn json_capacity(&self) -> usize {
            let mut capacity = 256;
            #add
            capacity
        }
    }
}

fn field_capacity(service: &Service, field: &Field) -> Option<TokenStream> {
    let name = ident(&field.name.rust);
    match field.presence {
        Presence::Optional => {
            let add = value_capacity(service, &field.ty, &quote!(value))?;
            Some(quote! {
                if let Some(value) = &self.#name {
                    #add
                }
            })
        }
        Presence::Required | Presence::Default(_) => {
            value_capacity(service, &field.ty, &quote!(self.#name))
        }
    }
}

fn value_capacity(service: &Service, ty: &Type, value: &TokenStream) -> Option<TokenStream> {
    match &ty.kind {
        TypeKind::Blob { .. } => Some(quote!(capacity += #value.len().div_ceil(3) * 4;)),
        // Room for a few escapes; a text that is all escapes makes the buffer grow, which costs time only.
        TypeKind::String { .. } => Some(quote!(capacity += #value.len() + #value.len() / 8;)),
        TypeKind::Named(id) if reaches_blob(service, *id) => {
            Some(quote!(capacity += #value.json_capacity();))
        }
        TypeKind::List { element, sparse } => {
            let flatten = sparse.then(|| quote!(.iter().flatten()));
            let add = value_capacity(service, element, &quote!(element))?;
            let values = match flatten {
                Some(flatten) => quote!(#value #flatten),
                None => quote!(#value.iter()),
            };
            Some(quote! {
                for element in #values {
                    #add
                }
            })
        }
        TypeKind::Map {
            value: held,
            sparse,
            ..
        } => {
            let flatten = sparse.then(|| quote!(.flatten()));
            let add = value_capacity(service, held, &quote!(element))?;
            Some(quote! {
                for element in #value.values() #flatten {
                    #add
                }
            })
        }
        _ => None,
    }
}

/// Whether a value of the type holds a blob.
fn reaches_blob(service: &Service, id: TypeId) -> bool {
    service.type_definition(id).usage.holds_blobs
}
