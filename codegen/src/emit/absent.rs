//! What a member is that a message lacks.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal::default_expression;
use crate::plan::{DefaultValue, Field, Presence};

/// An expression for the value of a field, from the `Option` that was read.
pub(super) fn or_default(field: &Field<'_>, value: &TokenStream) -> TokenStream {
    if has_default_of_type(field) {
        return quote!(#value.unwrap_or_default());
    }
    let Presence::Default(default) = &field.presence else {
        return value.clone();
    };
    // Only here, because what is in an expression is imported.
    let expression = default_expression(&field.ty, default);
    match default.is_constant() {
        true => quote!(#value.unwrap_or(#expression)),
        false => quote!(#value.unwrap_or_else(|| #expression)),
    }
}

/// Whether the value of a field that a message lacks is the default of its type.
pub(super) fn has_default_of_type(field: &Field<'_>) -> bool {
    match &field.presence {
        Presence::Optional => false,
        Presence::Required => true,
        // The default of a float is written out, even if it is zero.
        Presence::Default(default) => {
            default.is_zero() && !matches!(default, DefaultValue::Float(_))
        }
    }
}
