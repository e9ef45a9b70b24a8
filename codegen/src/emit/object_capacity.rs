//! The size of a body of JSON or CBOR with blobs.
//!
//! A body of 15 MB must not be copied while it grows, so its buffer is allocated with the final size. Bodies without
//! blobs are small and use a constant capacity.

use proc_macro2::TokenStream;
use quote::quote;

use super::object_codec::ObjectCodec;
use super::types::ident;
use super::variants::on_variants;
use crate::model::{Binding, TypeId};
use crate::plan::{Definition, Field, Plan, Presence, Type, TypeKind};

/// An expression for the capacity of the body of a request.
pub(super) fn capacity(codec: &ObjectCodec, plan: &Plan<'_>, request: TypeId) -> TokenStream {
    let name = codec.capacity;
    if plan.type_definition(request).holds_blob {
        quote!(self.#name())
    } else {
        quote!(256)
    }
}

/// An expression for the capacity of a body that consists of one value, where a constant is not enough; `value` is a
/// reference to it.
pub(super) fn payload_capacity(
    codec: &ObjectCodec,
    plan: &Plan<'_>,
    ty: &Type<'_>,
) -> Option<TokenStream> {
    match &ty.kind {
        TypeKind::Structure(id) | TypeKind::Union(id) if plan.type_definition(*id).holds_blob => {
            let name = codec.capacity;
            Some(quote!(value.#name()))
        }
        _ => None,
    }
}

/// The function that computes it, for types that hold blobs; nothing for others.
pub(super) fn function(codec: &ObjectCodec, plan: &Plan<'_>, id: TypeId) -> Option<TokenStream> {
    let definition = plan.type_definition(id);
    if !definition.is_written || !plan.type_definition(id).holds_blob {
        return None;
    }
    if let Definition::Union(members) = &definition.definition {
        return Some(union_function(codec, plan, members));
    }
    let body = definition
        .fields()
        .iter()
        .filter(|field| field.model.binding == Binding::Body);
    let parts: Vec<TokenStream> = body
        .filter_map(|field| field_capacity(codec, plan, field))
        .collect();
    let name = codec.capacity;
    Some(quote! {
        #[inline]
        pub(crate) fn #name(&self) -> usize {
            let mut capacity = 256;
            #(#parts)*
            capacity
        }
    })
}

/// The base size of every value covers members without text or blobs.
fn union_function(codec: &ObjectCodec, plan: &Plan<'_>, members: &[Field<'_>]) -> TokenStream {
    let arms = members.iter().filter_map(|member| {
        let variant = ident(&member.name);
        let add = value_capacity(codec, plan, &member.ty, &quote!(value))?;
        Some((quote!(Self::#variant(value)), add))
    });
    let arms: Vec<_> = arms.collect();
    let add = on_variants(&arms);
    let name = codec.capacity;
    quote! {
        #[inline]
        pub(crate) fn #name(&self) -> usize {
            let mut capacity = 256;
            #add
            capacity
        }
    }
}

fn field_capacity(codec: &ObjectCodec, plan: &Plan<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let name = ident(&field.name);
    match field.presence {
        Presence::Optional => {
            let add = value_capacity(codec, plan, &field.ty, &quote!(value))?;
            Some(quote! {
                if let Some(value) = &self.#name {
                    #add
                }
            })
        }
        Presence::Required | Presence::Default(_) => {
            value_capacity(codec, plan, &field.ty, &quote!(self.#name))
        }
    }
}

fn value_capacity(
    codec: &ObjectCodec,
    plan: &Plan<'_>,
    ty: &Type<'_>,
    value: &TokenStream,
) -> Option<TokenStream> {
    match &ty.kind {
        TypeKind::Blob { .. } if codec.is_text => {
            Some(quote!(capacity += #value.len().div_ceil(3) * 4;))
        }
        TypeKind::Blob { .. } => Some(quote!(capacity += #value.len() + 9;)),
        TypeKind::String { .. } if !codec.is_text => Some(quote!(capacity += #value.len() + 9;)),
        // This leaves space for a few escapes; a text with many escapes makes the buffer grow, which costs only time.
        TypeKind::String { .. } => Some(quote!(capacity += #value.len() + #value.len() / 8;)),
        TypeKind::Structure(id) | TypeKind::Union(id) if plan.type_definition(*id).holds_blob => {
            let name = codec.capacity;
            Some(quote!(capacity += #value.#name();))
        }
        TypeKind::List { element, sparse } => {
            let flatten = sparse.then(|| quote!(.iter().flatten()));
            let add = value_capacity(codec, plan, element, &quote!(element))?;
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
            let add = value_capacity(codec, plan, held, &quote!(element))?;
            Some(quote! {
                for element in #value.values() #flatten {
                    #add
                }
            })
        }
        _ => None,
    }
}
