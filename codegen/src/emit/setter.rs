//! Setters: of nested structures and of the builders of operations.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::alias::alias;
use super::docs::{deprecation, doc};
use super::types::ident;
use crate::plan::{Field, Parameter, Presence, Setter};

/// The methods of operators that take a value: clippy reports a setter with such a name.
const OPERATORS: [&str; 10] = [
    "add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub",
];

/// The setter of a field. `place` is where the field is, for example `self.request`.
pub(super) fn setter(field: &Field<'_>, place: &TokenStream, lines: &[String]) -> TokenStream {
    // A builder is `#[must_use]` as a type.
    let is_builder = place.to_string() != "self";
    let must_use = (!is_builder).then(|| quote!(#[must_use]));
    let name = ident(&field.name);
    let Setter {
        name: method,
        parameter,
    } = &field.setter;
    let conversion = conversion(parameter);
    let converted = quote!(value #conversion);
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
    let deprecated = deprecation(field.model.deprecated.as_ref());
    let allowed = OPERATORS
        .contains(&method.as_str())
        .then(|| quote!(#[allow(clippy::should_implement_trait)]));
    let alias = alias(&field.model.name, method);
    let method = ident(method);
    // A function with a type parameter is compiled where it is called anyway.
    let inline = matches!(parameter, Parameter::Value(_)).then(|| quote!(#[inline]));
    quote! {
        #docs
        #alias
        #deprecated
        #allowed
        #must_use
        #inline
        pub fn #method(mut self, value: #parameter) -> Self {
            #place.#name = #value;
            self
        }
    }
}

impl ToTokens for Parameter {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Value(value) => quote!(#value),
            Self::Into(value) => quote!(impl Into<#value>),
            Self::List { element, converts } => match converts {
                true => quote!(impl IntoIterator<Item = impl Into<#element>>),
                false => quote!(impl IntoIterator<Item = #element>),
            },
            Self::Map {
                key,
                value,
                converts,
            } => match converts {
                true => quote!(impl IntoIterator<Item = (impl Into<#key>, impl Into<#value>)>),
                false => quote!(impl IntoIterator<Item = (impl Into<#key>, #value)>),
            },
        });
    }
}

/// The conversion of a parameter to the type of the field.
pub(super) fn conversion(parameter: &Parameter) -> TokenStream {
    match parameter {
        Parameter::Value(_) => TokenStream::new(),
        Parameter::Into(_) => quote!(.into()),
        Parameter::List { converts: true, .. } => quote!(.into_iter().map(Into::into).collect()),
        Parameter::List {
            converts: false, ..
        } => quote!(.into_iter().collect()),
        Parameter::Map { converts: true, .. } => {
            quote!(.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
        }
        Parameter::Map {
            converts: false, ..
        } => {
            quote!(.into_iter().map(|(key, value)| (key.into(), value)).collect())
        }
    }
}
