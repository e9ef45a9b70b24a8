//! The attributes that make types serializable: in client crates behind the feature `serde`, in servers always,
//! because they keep these types.
//!
//! The form is the JSON of the service: member names as the wire has them, absent members left out, timestamps as
//! RFC 3339, blobs as base64.

use heck::ToLowerCamelCase;
use proc_macro2::TokenStream;
use quote::quote;

use super::types::is_stream;
use crate::model::{Field, Name, Presence, Service, Type, TypeKind};

/// One attribute.
fn attribute(service: &Service, content: &TokenStream) -> TokenStream {
    if service.is_server() {
        quote!(#[#content])
    } else {
        quote!(#[cfg_attr(feature = "serde", #content)])
    }
}

/// On a type: the derives, and how they serialize it.
pub(super) fn derived(service: &Service, how: &TokenStream) -> TokenStream {
    let derive = attribute(
        service,
        &quote!(derive(serde::Serialize, serde::Deserialize)),
    );
    let how = attribute(service, &quote!(serde(#how)));
    quote!(#derive #how)
}

/// On a structure.
pub(super) fn structure(service: &Service, has_default: bool) -> TokenStream {
    let default = has_default.then(|| quote!(default,));
    derived(service, &quote!(#default rename_all = "camelCase"))
}

/// On a field of a structure.
pub(super) fn field(service: &Service, field: &Field) -> TokenStream {
    let wire = &field.name.wire;
    let mut attributes = TokenStream::new();
    if is_stream(field) {
        return attribute(service, &quote!(serde(skip)));
    }
    if *wire != rename_all(&field.name.rust) {
        attributes.extend(attribute(service, &quote!(serde(rename = #wire))));
    }
    let optional = field.presence == Presence::Optional;
    if optional {
        attributes.extend(attribute(
            service,
            &quote!(serde(skip_serializing_if = "Option::is_none")),
        ));
    }
    if holds_blobs(&field.ty) {
        let default = optional.then(|| quote!(default,));
        attributes.extend(attribute(service, &quote!(serde(#default with = #BLOBS))));
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

/// Whether values of the type are blobs, or lists or maps of them.
fn holds_blobs(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Blob { .. } => true,
        TypeKind::List { element, .. } => holds_blobs(element),
        TypeKind::Map { value, .. } => holds_blobs(value),
        _ => false,
    }
}

/// What writes and reads blobs as base64.
const BLOBS: &str = "attache_runtime::serde_blob";

/// On a member of a union: its name in JSON, and the form of blobs.
pub(super) fn variant(service: &Service, field: &Field) -> TokenStream {
    let Name { wire, rust } = &field.name;
    let mut attributes = TokenStream::new();
    if rust.to_lower_camel_case() != *wire || rust.len() != wire.len() {
        attributes.extend(attribute(service, &quote!(serde(rename = #wire))));
    }
    if holds_blobs(&field.ty) {
        attributes.extend(attribute(service, &quote!(serde(with = #BLOBS))));
    }
    attributes
}
