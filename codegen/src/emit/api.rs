//! What the comparison of two models wants to know about the code that would be written, as text.

use proc_macro2::TokenStream;

use super::{setter, types};
use crate::model::{Field, Presence, Service, Type, TypeDefinition};

/// The Rust type of a field as text.
pub(crate) fn field_type_text(service: &Service, field: &Field) -> String {
    text(&types::field_type(service, field))
}

/// The Rust type of a value as text.
pub(crate) fn value_type_text(service: &Service, ty: &Type) -> String {
    text(&types::value_type(service, ty))
}

/// The type of the parameter of a setter as text.
pub(crate) fn conversion_type(service: &Service, ty: &Type) -> String {
    text(&setter::conversion(service, ty).0)
}

/// What the setter of a field is called.
pub(crate) fn setter_name(field: &Field) -> String {
    setter::method_name(field).to_string()
}

/// Whether a structure implements `Default`: one that is only sent and needs members from its user does not.
pub(crate) fn default_is_there(definition: &TypeDefinition, fields: &[Field]) -> bool {
    definition.usage.received
        || fields
            .iter()
            .all(|field| field.presence != Presence::Required)
}

/// A type as people write it.
fn text(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    let closed = [
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
    ];
    closed
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}
