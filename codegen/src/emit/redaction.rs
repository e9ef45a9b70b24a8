//! `Debug` that shows no sensitive value, and nothing but members.

use proc_macro2::TokenStream;
use quote::quote;

use super::open_literal;
use super::types::ident;
use crate::model::{Field, Presence, TypeDefinition};

/// Whether `Debug` has to be written out: something must be hidden, or there is a field that is no member.
pub(super) fn is_needed(definition: &TypeDefinition, fields: &[Field]) -> bool {
    open_literal::is_needed(definition)
        || definition.sensitive
        || fields.iter().any(|field| field.ty.hides_values())
}

/// The `Debug` of a structure with something to hide.
pub(super) fn debug_impl(definition: &TypeDefinition, fields: &[Field]) -> TokenStream {
    let name = ident(&definition.name.rust);
    let text = &definition.name.rust;
    let shown = fields.iter().map(|field| {
        let field_name = ident(&field.name.rust);
        let label = &field.name.rust;
        let hidden = definition.sensitive || field.ty.hides_values();
        match (hidden, &field.presence) {
            (false, _) => quote!(.field(#label, &self.#field_name)),
            (true, Presence::Optional) => quote!(.field(#label, &self.#field_name.as_ref().map(|_| attache_runtime::plumbing::Redacted))),
            (true, _) => quote!(.field(#label, &attache_runtime::plumbing::Redacted)),
        }
    });
    quote! {
        impl fmt::Debug for #name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.debug_struct(#text) #(#shown)* .finish()
            }
        }
    }
}
