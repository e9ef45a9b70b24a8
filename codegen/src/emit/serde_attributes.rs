//! The attributes that make types serializable behind the feature `serde`.
//!
//! The form is the JSON of the service: member names as the wire has them, absent members left out, timestamps as
//! RFC 3339, blobs as base64.

use heck::ToLowerCamelCase;
use proc_macro2::TokenStream;
use quote::quote;

use super::types::is_stream;
use crate::ir::{Field, Presence, Type, TypeKind};

/// On a structure.
pub(super) fn structure(has_default: bool) -> TokenStream {
    let default = has_default.then(|| quote!(default,));
    quote! {
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(#default rename_all = "camelCase"))]
    }
}

/// On a field of a structure.
pub(super) fn field(field: &Field) -> TokenStream {
    let wire = &field.name.wire;
    let mut attributes = TokenStream::new();
    if is_stream(field) {
        return quote!(#[cfg_attr(feature = "serde", serde(skip))]);
    }
    if *wire != rename_all(&field.name.rust) {
        attributes.extend(quote!(#[cfg_attr(feature = "serde", serde(rename = #wire))]));
    }
    let optional = field.presence == Presence::Optional;
    if optional {
        attributes.extend(quote!(#[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]));
    }
    if let Some(path) = blob_path(&field.ty, optional) {
        let default = optional.then(|| quote!(default,));
        attributes.extend(quote!(#[cfg_attr(feature = "serde", serde(#default with = #path))]));
    }
    attributes
}

/// What `rename_all = "camelCase"` makes of a snake-case name.
fn rename_all(rust: &str) -> String {
    let mut words = rust.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
        name
    })
}

fn blob_path(ty: &Type, optional: bool) -> Option<&'static str> {
    match (&ty.kind, optional) {
        (TypeKind::Blob { .. }, false) => Some("attache_runtime::serde_blob"),
        (TypeKind::Blob { .. }, true) => Some("attache_runtime::serde_blob::option"),
        _ => None,
    }
}

/// The name of a union member in JSON; serde renames variants by hand.
pub(super) fn variant(wire: &str, rust: &str) -> TokenStream {
    if rust.to_lower_camel_case() == wire && rust.len() == wire.len() {
        return TokenStream::new();
    }
    quote!(#[cfg_attr(feature = "serde", serde(rename = #wire))])
}
