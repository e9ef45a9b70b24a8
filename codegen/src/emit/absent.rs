//! What a member is that a message lacks.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal::default_expression;
use crate::plan::{DefaultValue, Field, Presence};

/// An expression for the value of a field, from the `Option` that was read.
pub(super) fn or_default(field: &Field<'_>, value: &TokenStream) -> TokenStream {
    let default = match &field.presence {
        Presence::Optional => return value.clone(),
        Presence::Required => return quote!(#value.unwrap_or_default()),
        Presence::Default(default) => default,
    };
    // The default of a float is written out, even if it is zero.
    if default.is_zero() && !matches!(default, DefaultValue::Float(_)) {
        return quote!(#value.unwrap_or_default());
    }
    // Only here, because what is in an expression is imported.
    let expression = default_expression(&field.ty, default);
    match default.is_constant() {
        true => quote!(#value.unwrap_or(#expression)),
        false => quote!(#value.unwrap_or_else(|| #expression)),
    }
}
