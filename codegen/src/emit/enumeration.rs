//! Enums: open, because a service may add values at any time (Smithy specification, "enum").

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::alias::alias;
use super::codec;
use super::docs::{deprecation, described, doc, of_type};
use super::imports::{ENUMERATION, FMT, TypeName, type_name};
use super::serde_attributes;
use super::source_file::SourceFile;
use super::types::ident;
use crate::escape::markdown::code;
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{Definition, EnumValue, Module, Plan, TypeDefinition};

/// The file with all enums.
pub(super) fn enums_file(plan: &Plan<'_>) -> SourceFile {
    let mut definitions: Vec<&TypeDefinition<'_>> = plan
        .types
        .iter()
        .filter(|definition| definition.module == Module::Enums)
        .collect();
    definitions.sort_by_key(|definition| &definition.model.name);
    let items: TokenStream = definitions
        .into_iter()
        .map(|definition| match &definition.definition {
            Definition::Enum(values) => string_enum(plan, definition, values),
            Definition::IntEnum(values) => int_enum(plan, definition, values),
            Definition::Structure(_) | Definition::Union(_) => TokenStream::new(),
        })
        .collect();
    SourceFile {
        documentation: quote! {
            #![doc = " The enums. Each is open: a value that this version does not know is `Unknown`; it can be sent."]
        },
        module: Some(Module::Enums),
        before: TokenStream::new(),
        items,
    }
}

fn string_enum(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    values: &[EnumValue<'_, String>],
) -> TokenStream {
    let name = type_name(definition);
    let serde = serde_attributes::derived(plan, &quote!(from = "String", into = "String"));
    let docs = enum_docs(plan, definition, "");
    let deprecated = deprecation(definition.model.deprecated.as_ref());
    let variants = values
        .iter()
        .map(|value| string_variant(plan, definition, value));
    let pairs: Vec<(Ident, &String)> = values
        .iter()
        .map(|value| (ident(&value.name), &value.model.value))
        .collect();
    let to_text = pairs
        .iter()
        .map(|(variant, text)| quote!(Self::#variant => #text,));
    let conversions = string_conversions(&name, &pairs);
    let default = default(&name, &quote!(String::new()));
    let texts = pairs.iter().map(|(_, text)| text);
    let read = definition
        .is_read
        .then(|| codec::reading(plan).string_enum());
    quote! {
        #docs
        #deprecated
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #serde
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #[doc = " A value that this version does not know."]
            #UNKNOWN(String),
        }
        impl #name {
            #[doc = " The values that this version knows, as they are sent."]
            pub const VALUES: &'static [&'static str] = &[#(#texts),*];
            #[doc = " The value as it is sent."]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    #(#to_text)*
                    Self::#UNKNOWN(value) => value,
                }
            }
            #read
        }
        #conversions
        #default
    }
}

fn string_variant(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    value: &EnumValue<'_, String>,
) -> TokenStream {
    let sent = code(&value.model.value);
    let docs = value_docs(plan, definition, &value.model.name, sent);
    let deprecated = deprecation(value.model.deprecated.as_ref());
    let alias = alias(&value.model.value, &value.name);
    let variant = ident(&value.name);
    quote!(#docs #alias #deprecated #variant,)
}

/// What an enum is for, and its name.
fn enum_docs(plan: &Plan<'_>, definition: &TypeDefinition<'_>, values: &str) -> TokenStream {
    let facts = format!("The enum `{}`{values}.", definition.model.id.name());
    doc(&described(plan, of_type(plan, definition), vec![facts]))
}

/// What a value means, and how it is sent.
fn value_docs(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    value: &str,
    sent: String,
) -> TokenStream {
    let shape = definition.model.id.name();
    let words = plan.words().and_then(|words| words.of_member(shape, value));
    doc(&match words {
        Some(_) => described(plan, words, vec![format!("Sent as {sent}.")]),
        None => vec![sent],
    })
}

/// The conversions between an enum and the text on the wire.
fn string_conversions(name: &TypeName, pairs: &[(Ident, &String)]) -> TokenStream {
    let from_text = pairs
        .iter()
        .map(|(variant, text)| quote!(#text => Self::#variant,));
    quote! {
        impl From<&str> for #name {
            #[inline]
            fn from(value: &str) -> Self {
                match value {
                    #(#from_text)*
                    unknown => Self::#UNKNOWN(unknown.to_owned()),
                }
            }
        }
        impl From<String> for #name {
            #[inline]
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }
        impl From<#name> for String {
            #[inline]
            fn from(value: #name) -> Self {
                value.as_str().to_owned()
            }
        }
        impl #FMT::Display for #name {
            #[inline]
            fn fmt(&self, formatter: &mut #FMT::Formatter<'_>) -> #FMT::Result {
                formatter.write_str(self.as_str())
            }
        }
        impl #FMT::Debug for #name {
            #[inline]
            fn fmt(&self, formatter: &mut #FMT::Formatter<'_>) -> #FMT::Result {
                #ENUMERATION::debug(self.as_str(), matches!(self, Self::#UNKNOWN(_)), formatter)
            }
        }
    }
}

fn int_enum(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    values: &[EnumValue<'_, i32>],
) -> TokenStream {
    let name = type_name(definition);
    let serde = serde_attributes::derived(plan, &quote!(from = "i32", into = "i32"));
    let docs = enum_docs(plan, definition, ", of integers");
    let pairs: Vec<(Ident, Literal)> = values
        .iter()
        .map(|value| {
            (
                ident(&value.name),
                Literal::i32_unsuffixed(value.model.value),
            )
        })
        .collect();
    let variants = values.iter().map(|value| {
        let sent = format!("`{}`", value.model.value);
        let docs = value_docs(plan, definition, &value.model.name, sent);
        let variant = ident(&value.name);
        quote!(#docs #variant,)
    });
    let to_value = pairs
        .iter()
        .map(|(variant, value)| quote!(Self::#variant => #value,));
    let conversions = integer_conversions(&name, &pairs);
    let default = default(&name, &quote!(0));
    let read = definition.is_read.then(|| codec::reading(plan).int_enum());
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #serde
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #[doc = " A value that this version does not know."]
            #UNKNOWN(i32),
        }
        impl #name {
            #[doc = " The value as it is sent."]
            #[inline]
            pub fn value(self) -> i32 {
                match self {
                    #(#to_value)*
                    Self::#UNKNOWN(value) => value,
                }
            }
            #read
        }
        #conversions
        #default
    }
}

/// The conversions between an enum and the integer on the wire.
fn integer_conversions(name: &TypeName, pairs: &[(Ident, Literal)]) -> TokenStream {
    let from_value = pairs
        .iter()
        .map(|(variant, value)| quote!(#value => Self::#variant,));
    quote! {
        impl From<i32> for #name {
            #[inline]
            fn from(value: i32) -> Self {
                match value {
                    #(#from_value)*
                    unknown => Self::#UNKNOWN(unknown),
                }
            }
        }
        impl From<#name> for i32 {
            #[inline]
            fn from(value: #name) -> Self {
                value.value()
            }
        }
    }
}

fn default(name: &TypeName, value: &TokenStream) -> TokenStream {
    quote! {
        #[doc = " The value of a required member that a response lacks."]
        impl Default for #name {
            #[inline]
            fn default() -> Self {
                Self::#UNKNOWN(#value)
            }
        }
    }
}
