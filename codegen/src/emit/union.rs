//! Unions: enums that are open to members which the service may add.

use proc_macro2::TokenStream;
use quote::quote;

use super::check;
use super::docs::{deprecation, doc, field_lines};
use super::hash;
use super::json_read::reading_function;
use super::json_write::{Value, write_value};
use super::redaction;
use super::serde_attributes;
use super::types::{ident, value_type};
use crate::model::{Field, Service, TypeDefinition, TypeId};

/// The items of a union.
pub(super) fn items(service: &Service, id: TypeId) -> TokenStream {
    let definition = service.type_definition(id);
    let fields = definition.fields();
    let name = ident(&definition.name.rust);
    let docs = doc(&[format!(
        "The union `{}`: one of its members.",
        definition.id.name()
    )]);
    let deprecated = deprecation(definition.deprecated.as_ref());
    let hides = redaction::is_needed(definition, fields);
    let debug_derive = (!hides).then(|| quote!(Debug,));
    let variants = fields.iter().map(|field| {
        let docs = doc(&field_lines(service, field));
        let variant = ident(&field.name.rust);
        let serde = serde_attributes::variant(service, field);
        let ty = variant_type(service, field);
        quote!(#docs #serde #variant(#ty),)
    });
    let debug = hides.then(|| debug_impl(definition, fields));
    let write = definition
        .usage
        .sent
        .then(|| write_function(service, fields));
    let read = definition
        .usage
        .received
        .then(|| read_function(service, definition));
    let check = definition
        .usage
        .checked
        .then(|| check::union_function(service, id));
    let hash = hash::function(service, id);
    let capacity = super::json_capacity::function(service, id);
    let serde = serde_attributes::derived(service, &quote!(rename_all = "camelCase"));
    // No member is boxed for its size, which grows with the API: boxing it later would break the callers.
    quote! {
        #docs
        #deprecated
        #[derive(Clone, #debug_derive PartialEq)]
        #serde
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant)]
        pub enum #name {
            #(#variants)*
            #[doc = " A member that this version does not know: its name and its value."]
            Unknown(String, Document),
        }
        #debug
        #[doc = " What stands in where the service leaves out a union that it should send."]
        impl Default for #name {
            fn default() -> Self {
                Self::Unknown(String::new(), Document::Null)
            }
        }
        impl #name {
            #write
            #capacity
            #read
            #check
            #hash
        }
    }
}

/// What to do for some of the variants: a `match`, or what clippy prefers to one of a single arm.
pub(super) fn on_variants(arms: &[(TokenStream, TokenStream)]) -> TokenStream {
    if let [(pattern, then)] = arms {
        return quote!(if let #pattern = self { #then });
    }
    let arms = arms
        .iter()
        .map(|(pattern, then)| quote!(#pattern => { #then }));
    quote!(match self { #(#arms)* _ => {} })
}

fn variant_type(service: &Service, field: &Field) -> TokenStream {
    let ty = value_type(service, &field.ty);
    if field.boxed { quote!(Box<#ty>) } else { ty }
}

fn debug_impl(definition: &TypeDefinition, fields: &[Field]) -> TokenStream {
    let name = ident(&definition.name.rust);
    let arms = fields.iter().map(|field| {
        let variant = ident(&field.name.rust);
        let text = &field.name.rust;
        if definition.sensitive || field.ty.hides_values() {
            quote!(Self::#variant(_) => formatter.debug_tuple(#text).field(&attache_runtime::plumbing::Redacted).finish(),)
        } else {
            quote!(Self::#variant(value) => formatter.debug_tuple(#text).field(value).finish(),)
        }
    });
    quote! {
        impl fmt::Debug for #name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    #(#arms)*
                    Self::Unknown(name, _) => formatter.debug_tuple("Unknown").field(name).finish(),
                }
            }
        }
    }
}

fn write_function(service: &Service, fields: &[Field]) -> TokenStream {
    let arms = fields.iter().map(|field| {
        let variant = ident(&field.name.rust);
        let key = &field.json_name;
        let write = write_value(service, &field.ty, &Value::reference(quote!(value)));
        quote! {
            Self::#variant(value) => {
                writer.key(#key);
                #write
            }
        }
    });
    quote! {
        pub(crate) fn write_json(&self, writer: &mut json::Writer) {
            writer.begin_object();
            match self {
                #(#arms)*
                Self::Unknown(name, value) => {
                    writer.key(name);
                    writer.document(value);
                }
            }
            writer.end_object();
        }
    }
}

fn read_function(service: &Service, definition: &TypeDefinition) -> TokenStream {
    let arms = definition.fields().iter().map(|field| {
        let variant = ident(&field.name.rust);
        let key = &field.json_name;
        let read = reading_function(service, &field.ty.within(definition));
        let nullable = if field.boxed {
            quote!(boxed)
        } else {
            quote!(nullable)
        };
        quote!(#key => reader.#nullable(#read)?.map(Self::#variant),)
    });
    quote! {
        pub(crate) fn read_json(reader: &mut json::Reader<'_>) -> Result<Self, json::Error> {
            let mut output = None;
            let mut fields = reader.object()?;
            while let Some(name) = reader.key(&mut fields)? {
                let member = match name.as_ref() {
                    #(#arms)*
                    "__type" => {
                        reader.skip()?;
                        None
                    }
                    unknown => {
                        let member = reader.unknown_member(unknown)?;
                        member.map(|(name, value)| Self::Unknown(name, value))
                    }
                };
                output = output.or(member);
            }
            Ok(output.unwrap_or_default())
        }
    }
}
