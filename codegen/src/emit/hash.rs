//! Hashes of the elements of lists that must be unique.
//!
//! Structures do not implement `Hash`: a service may add a float to one of them, and that must not break users. A check
//! needs only a function that passes the same data to the hasher for equal values.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::VALIDATOR;
use super::types::ident;
use crate::model::TypeId;
use crate::plan::reserved::methods::HASH_VALUE;
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{Definition, Field, Plan, Presence, Type, TypeKind};

/// The closure that feeds an element to a hasher.
pub(super) fn closure(element: &Type<'_>) -> TokenStream {
    let feed = feed(element, &quote!(value));
    quote!(|value, state| { #feed })
}

/// `hash_value` of a structure or union, where a list of unique elements needs it.
pub(super) fn function(plan: &Plan<'_>, id: TypeId) -> Option<TokenStream> {
    let definition = plan.type_definition(id);
    if !definition.is_hashed {
        return None;
    }
    let body = match &definition.definition {
        Definition::Union(fields) => union_body(fields),
        _ => definition
            .fields()
            .iter()
            .map(|field| field_feed(field))
            .collect(),
    };
    Some(quote! {
        pub(crate) fn #HASH_VALUE(&self, state: &mut impl std::hash::Hasher) {
            #body
        }
    })
}

fn union_body(fields: &[Field<'_>]) -> TokenStream {
    let arms = fields.iter().map(|field| {
        let variant = ident(&field.name);
        let feed = feed(&field.ty, &quote!(value));
        quote!(Self::#variant(value) => { #feed })
    });
    quote! {
        std::hash::Hash::hash(&std::mem::discriminant(self), state);
        match self {
            #(#arms)*
            Self::#UNKNOWN(name, value) => {
                std::hash::Hash::hash(name, state);
                #VALIDATOR::hash_document(value, state);
            }
        }
    }
}

fn field_feed(field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    let feed = feed(&field.ty, &quote!(value));
    match field.presence {
        Presence::Optional => quote! {
            if let Some(value) = &self.#name {
                #feed
            }
        },
        _ => quote! {
            let value = &self.#name;
            #feed
        },
    }
}

fn feed(ty: &Type<'_>, value: &TokenStream) -> TokenStream {
    match &ty.kind {
        TypeKind::Structure(_) | TypeKind::Union(_) => quote!(#value.#HASH_VALUE(state);),
        TypeKind::Float => quote!(std::hash::Hash::hash(&(#value + 0.0).to_bits(), state);),
        TypeKind::Double => quote!(std::hash::Hash::hash(&(#value + 0.0).to_bits(), state);),
        TypeKind::Document => quote!(#VALIDATOR::hash_document(#value, state);),
        TypeKind::List { element, sparse } => {
            let feed = unless_null(*sparse, feed(element, &quote!(value)));
            quote!(for value in #value { #feed })
        }
        TypeKind::Map {
            key,
            value: element,
            sparse,
        } => {
            let keys = feed(key, &quote!(key));
            let values = unless_null(*sparse, feed(element, &quote!(value)));
            quote!(for (key, value) in #value { #keys #values })
        }
        _ => quote!(std::hash::Hash::hash(#value, state);),
    }
}

fn unless_null(sparse: bool, feed: TokenStream) -> TokenStream {
    if sparse {
        quote!(if let Some(value) = value { #feed })
    } else {
        feed
    }
}
