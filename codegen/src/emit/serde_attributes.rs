//! The attributes that make types serializable: in client crates behind the feature `serde`, in servers always, because
//! they store these types.
//!
//! The form is the JSON of the service: member names as in the model, absent members left out, timestamps as RFC 3339,
//! blobs as base64. Servers derive `Deserialize`, too, because they read only what they have written. Clients read all
//! that a service may send: see [`deserialize`](super::deserialize).

use heck::ToLowerCamelCase;
use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{End, Field, Plan, Presence, Type, TypeDefinition, TypeKind};

/// One attribute.
fn attribute(plan: &Plan<'_>, content: &TokenStream) -> TokenStream {
    match plan.end {
        End::Server { .. } => quote!(#[#content]),
        End::Client => quote!(#[cfg_attr(feature = "serde", #content)]),
    }
}

/// On a type: the derives, and how they serialize it.
pub(super) fn derived(plan: &Plan<'_>, how: &TokenStream) -> TokenStream {
    let derive = attribute(plan, &quote!(derive(serde::Serialize, serde::Deserialize)));
    let how = attribute(plan, &quote!(serde(#how)));
    quote!(#derive #how)
}

/// On a structure.
pub(super) fn structure(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    if plan.end == End::Client {
        return written(plan);
    }
    let default = definition.may_lack_members().then(|| quote!(default,));
    derived(plan, &quote!(#default rename_all = "camelCase"))
}

/// On a union.
pub(super) fn union(plan: &Plan<'_>) -> TokenStream {
    match plan.end {
        End::Client => written(plan),
        End::Server { .. } => derived(plan, &quote!(rename_all = "camelCase")),
    }
}

/// On a type of a client, whose `Deserialize` is in `src/deserialize.rs`.
fn written(plan: &Plan<'_>) -> TokenStream {
    let derive = attribute(plan, &quote!(derive(serde::Serialize)));
    let how = attribute(plan, &quote!(serde(rename_all = "camelCase")));
    quote!(#derive #how)
}

/// On the variant of a union that holds an unknown member: a client writes it as the service does.
pub(super) fn unknown_variant(plan: &Plan<'_>) -> TokenStream {
    match plan.end {
        End::Client => attribute(
            plan,
            &quote!(serde(
                untagged,
                serialize_with = "attache_runtime::plumbing::serde_form::unknown_member"
            )),
        ),
        End::Server { .. } => TokenStream::new(),
    }
}

/// On a field of a structure.
pub(super) fn field(plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
    let wire = &field.model.name;
    let mut attributes = TokenStream::new();
    if field.ty.is_stream() {
        return attribute(plan, &quote!(serde(skip)));
    }
    if *wire != rename_all(&field.name) {
        attributes.extend(attribute(plan, &quote!(serde(rename = #wire))));
    }
    let optional = field.presence == Presence::Optional;
    if optional {
        attributes.extend(attribute(
            plan,
            &quote!(serde(skip_serializing_if = "Option::is_none")),
        ));
    }
    if holds_blobs(&field.ty) {
        let is_read = plan.end != End::Client;
        let default = (optional && is_read).then(|| quote!(default,));
        attributes.extend(attribute(plan, &quote!(serde(#default with = #BLOBS))));
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
fn holds_blobs(ty: &Type<'_>) -> bool {
    match &ty.kind {
        TypeKind::Blob { .. } => true,
        TypeKind::List { element, .. } => holds_blobs(element),
        TypeKind::Map { value, .. } => holds_blobs(value),
        _ => false,
    }
}

/// The module that writes and reads blobs as base64.
const BLOBS: &str = "attache_runtime::serde_blob";

/// On a member of a union: its name in JSON, and the form of blobs.
pub(super) fn variant(plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
    let (wire, rust) = (&field.model.name, &field.name);
    let mut attributes = TokenStream::new();
    if rust.to_lower_camel_case() != *wire || rust.len() != wire.len() {
        attributes.extend(attribute(plan, &quote!(serde(rename = #wire))));
    }
    if holds_blobs(&field.ty) {
        attributes.extend(attribute(plan, &quote!(serde(with = #BLOBS))));
    }
    attributes
}
