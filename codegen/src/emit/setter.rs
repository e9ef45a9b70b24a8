//! Setters: of nested structures and of the builders of operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{deprecation, doc};
use super::types::{ident, is_copy, is_int_enum, is_string_enum, value_type};
use crate::model::{Field, Presence, Service, Type, TypeKind};
use crate::plan::is_taken_method;

/// The methods of operators that take a value: clippy takes a setter of such a name for one.
const OPERATORS: [&str; 10] = [
    "add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub",
];

/// The setter of a field. `place` is where the field is, for example `self.request`.
pub(super) fn setter(
    service: &Service,
    field: &Field,
    place: &TokenStream,
    lines: &[String],
) -> TokenStream {
    // A builder is `#[must_use]` as a type.
    let is_builder = place.to_string() != "self";
    let must_use = (!is_builder).then(|| quote!(#[must_use]));
    let name = ident(&field.name.rust);
    let method = method_name(field);
    let (parameter, converted) = conversion(service, &field.ty);
    let value = if field.boxed {
        quote!(Box::new(#converted))
    } else {
        converted
    };
    let value = if field.presence == Presence::Optional {
        quote!(Some(#value))
    } else {
        value
    };
    let docs = doc(lines);
    let deprecated = deprecation(field.deprecated.as_ref());
    let allowed = OPERATORS
        .contains(&method.to_string().as_str())
        .then(|| quote!(#[allow(clippy::should_implement_trait)]));
    quote! {
        #docs
        #deprecated
        #allowed
        #must_use
        pub fn #method(mut self, value: #parameter) -> Self {
            #place.#name = #value;
            self
        }
    }
}

/// What the setter of a field is called.
pub(super) fn method_name(field: &Field) -> proc_macro2::Ident {
    let name = field.name.rust.as_str();
    if is_taken_method(name) {
        ident(&format!("set_{name}"))
    } else {
        ident(name)
    }
}

/// The parameter type that is pleasant to call with, and the expression that makes the field's type of `value`.
pub(super) fn conversion(service: &Service, ty: &Type) -> (TokenStream, TokenStream) {
    let target = value_type(service, ty);
    match &ty.kind {
        _ if is_copy(ty) => (target, quote!(value)),
        TypeKind::List {
            element,
            sparse: false,
        } if converts(service, element) => {
            let element = value_type(service, element);
            (
                quote!(impl IntoIterator<Item = impl Into<#element>>),
                quote!(value.into_iter().map(Into::into).collect()),
            )
        }
        TypeKind::List { element, sparse } => {
            let element = value_type(service, element);
            let element = if *sparse {
                quote!(Option<#element>)
            } else {
                element
            };
            (
                quote!(impl IntoIterator<Item = #element>),
                quote!(value.into_iter().collect()),
            )
        }
        TypeKind::Map {
            key,
            value,
            sparse: false,
        } if converts(service, value) => {
            let key = value_type(service, key);
            let value = value_type(service, value);
            (
                quote!(impl IntoIterator<Item = (impl Into<#key>, impl Into<#value>)>),
                quote!(
                    value
                        .into_iter()
                        .map(|(key, value)| (key.into(), value.into()))
                        .collect()
                ),
            )
        }
        TypeKind::Map { key, value, sparse } => {
            let key = value_type(service, key);
            let value = value_type(service, value);
            let value = if *sparse {
                quote!(Option<#value>)
            } else {
                value
            };
            (
                quote!(impl IntoIterator<Item = (impl Into<#key>, #value)>),
                quote!(
                    value
                        .into_iter()
                        .map(|(key, value)| (key.into(), value))
                        .collect()
                ),
            )
        }
        _ if converts(service, ty) => (quote!(impl Into<#target>), quote!(value.into())),
        _ => (target, quote!(value)),
    }
}

/// Whether values of the type come in several guises that convert.
fn converts(service: &Service, ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::String { .. }
        | TypeKind::Blob { .. }
        | TypeKind::StreamingBlob { .. }
        | TypeKind::Document => true,
        TypeKind::Named(_) => is_string_enum(service, ty) || is_int_enum(service, ty),
        _ => false,
    }
}
