//! Hashes of the elements of lists that must be unique.
//!
//! Structures have no `Hash`: a service may add a float to one of them, and that must not break anybody. What a check
//! needs is a function that feeds equal values alike.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::ident;
use crate::model::{Definition, Field, Presence, Service, Type, TypeId, TypeKind};

/// The closure that feeds an element to a hasher.
pub(super) fn closure(service: &Service, element: &Type) -> TokenStream {
    let feed = feed(service, element, &quote!(value));
    quote!(|value, state| { #feed })
}

/// `hash_value` of a structure or union, where a list of unique elements needs it.
pub(super) fn function(service: &Service, id: TypeId) -> Option<TokenStream> {
    let definition = service.type_definition(id);
    if !definition.usage.hashed {
        return None;
    }
    let body = match &definition.definition {
        Definition::Union(fields) => union_body(service, fields),
        _ => definition
            .fields()
            .iter()
            .map(|field| field_feed(service, field))
            .collect(),
    };
    Some(quote! {
        pub(crate) fn hash_value(&self, state: &mut impl std::hash::Hasher) {
            #body
        }
    })
}

fn union_body(service: &Service, fields: &[Field]) -> TokenStream {
    let arms = fields.iter().map(|field| {
        let variant = ident(&field.name.rust);
        let feed = feed(service, &field.ty, &quote!(value));
        quote!(Self::#variant(value) => { #feed })
    });
    quote! {
        std::hash::Hash::hash(&std::mem::discriminant(self), state);
        match self {
            #(#arms)*
            Self::Unknown(name, value) => {
                std::hash::Hash::hash(name, state);
                validator::hash_document(value, state);
            }
        }
    }
}

fn field_feed(service: &Service, field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    let feed = feed(service, &field.ty, &quote!(value));
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

fn feed(service: &Service, ty: &Type, value: &TokenStream) -> TokenStream {
    match &ty.kind {
        TypeKind::Named(id) => match service.type_definition(*id).definition {
            Definition::Structure(_) | Definition::Union(_) => quote!(#value.hash_value(state);),
            _ => quote!(std::hash::Hash::hash(#value, state);),
        },
        TypeKind::Float => quote!(std::hash::Hash::hash(&(#value + 0.0).to_bits(), state);),
        TypeKind::Double => quote!(std::hash::Hash::hash(&(#value + 0.0).to_bits(), state);),
        TypeKind::Document => quote!(validator::hash_document(#value, state);),
        TypeKind::List { element, sparse } => {
            let feed = unless_null(*sparse, feed(service, element, &quote!(value)));
            quote!(for value in #value { #feed })
        }
        TypeKind::Map {
            key,
            value: element,
            sparse,
        } => {
            let keys = feed(service, key, &quote!(key));
            let values = unless_null(*sparse, feed(service, element, &quote!(value)));
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
