//! Unions: enums that may get further members.

use proc_macro2::TokenStream;
use quote::quote;

use super::codec;
use super::docs::{deprecation, described, doc, field_lines, of_type};
use super::hash;
use super::imports::{DOCUMENT, FMT, type_name};
use super::redaction;
use super::serde_attributes;
use super::types::ident;
use super::validation;
use crate::model::TypeId;
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{Field, Plan, TypeDefinition};

/// The items of a union.
pub(super) fn items(plan: &Plan<'_>, id: TypeId) -> TokenStream {
    let definition = plan.type_definition(id);
    let fields = definition.fields();
    let name = type_name(definition);
    let shape = definition.model.id.name();
    let facts = format!("The union `{shape}`: one of its members.");
    let docs = doc(&described(plan, of_type(plan, definition), vec![facts]));
    let deprecated = deprecation(definition.model.deprecated.as_ref());
    let hides = redaction::is_needed(definition, fields);
    let debug_derive = (!hides).then(|| quote!(Debug,));
    let variants = fields.iter().map(|field| {
        let docs = doc(&field_lines(plan, field));
        let variant = ident(&field.name);
        let serde = serde_attributes::variant(plan, field);
        let ty = variant_type(field);
        quote!(#docs #serde #variant(#ty),)
    });
    let debug = hides.then(|| debug_impl(definition, fields));
    let write = definition
        .is_written
        .then(|| codec::writing(plan).union(plan, definition));
    let read = definition
        .is_read
        .then(|| codec::reading(plan).union(plan, definition));
    let validate_at = definition
        .is_validated
        .then(|| validation::union_function(plan, id));
    let hash = hash::function(plan, id);
    let capacity = codec::writing(plan).capacity(plan, id);
    let serde = serde_attributes::union(plan);
    let unknown = unknown_variant(plan);
    // No member is boxed because of its size. The size grows with the API, and boxing a member later would break
    // callers.
    quote! {
        #docs
        #deprecated
        #[derive(Clone, #debug_derive PartialEq)]
        #serde
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant)]
        pub enum #name {
            #(#variants)*
            #unknown
        }
        #debug
        #[doc = " The value of a required member that a response lacks."]
        impl Default for #name {
            fn default() -> Self {
                Self::#UNKNOWN(String::new(), #DOCUMENT::Null)
            }
        }
        impl #name {
            #write
            #capacity
            #read
            #validate_at
            #hash
        }
    }
}

/// The variant that holds a member which the model lacks.
fn unknown_variant(plan: &Plan<'_>) -> TokenStream {
    let serde = serde_attributes::unknown_variant(plan);
    quote! {
        #[doc = " A member that this version does not know: its name and its value."]
        #serde
        #UNKNOWN(String, #DOCUMENT),
    }
}

pub(super) fn variant_type(field: &Field<'_>) -> TokenStream {
    let ty = &field.ty.rust;
    match field.boxed {
        true => quote!(Box<#ty>),
        false => quote!(#ty),
    }
}

fn debug_impl(definition: &TypeDefinition<'_>, fields: &[Field<'_>]) -> TokenStream {
    let name = type_name(definition);
    let arms = shown_arms(definition, fields);
    let unknown = UNKNOWN.as_str();
    quote! {
        impl #FMT::Debug for #name {
            #[inline]
            fn fmt(&self, formatter: &mut #FMT::Formatter<'_>) -> #FMT::Result {
                match self {
                    #arms
                    Self::#UNKNOWN(name, _) => formatter.debug_tuple(#unknown).field(name).finish(),
                }
            }
        }
    }
}

/// The arms of `Debug` for the members that the model has.
pub(super) fn shown_arms(definition: &TypeDefinition<'_>, fields: &[Field<'_>]) -> TokenStream {
    let arms = fields.iter().map(|field| {
        let variant = ident(&field.name);
        let text = &field.name;
        if definition.model.sensitive || field.ty.model.hides_values() {
            quote!(Self::#variant(_) => formatter.debug_tuple(#text).field(&attache_runtime::plumbing::Redacted).finish(),)
        } else {
            quote!(Self::#variant(value) => formatter.debug_tuple(#text).field(value).finish(),)
        }
    });
    arms.collect()
}
