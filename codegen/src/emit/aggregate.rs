//! Structures: requests, responses, errors and the parts that they are made of.

use proc_macro2::TokenStream;
use quote::quote;

use super::alias::alias;
use super::codec;
use super::docs::{deprecation, described, doc, field_lines, of_member, of_type};
use super::event_stream::{event_has_body, is_bound};
use super::hash;
use super::imports::type_name;
use super::literal::default_expression;
use super::open_literal;
use super::redaction;
use super::serde_attributes;
use super::setter::{conversion, setter};
use super::types::ident;
use super::validation;
use super::words::first_sentence;
use crate::error::Result;
use crate::escape::markdown::code;
use crate::model::TypeId;
use crate::plan::reserved::constructors::NEW;
use crate::plan::{DefaultKind, Field, Plan, Presence, TypeDefinition};

/// The items of a structure that is part of others: the type, its constructor and setters, and its codec.
pub(super) fn nested_items(plan: &Plan<'_>, id: TypeId) -> Result<TokenStream> {
    let definition = plan.type_definition(id);
    let fields = definition.fields();
    let facts = format!("The structure `{}`.", definition.model.id.name());
    let lines = described(plan, of_type(plan, definition), vec![facts]);
    let item = structure_item(plan, definition, fields, &lines)?;
    let name = type_name(definition);
    let constructor = definition
        .has_constructor()
        .then(|| constructor(fields))
        .transpose()?;
    let setters = setters(plan, definition);
    // An event with other members than those of a body may have none.
    let has_body = !is_bound(definition) || event_has_body(definition);
    let write = (definition.is_written && has_body)
        .then(|| codec::writing(plan).structure(plan, definition));
    let validate_at = definition
        .is_validated
        .then(|| validation::structure_function(plan, id));
    let hash = hash::function(plan, id);
    let capacity = codec::writing(plan).capacity(plan, id);
    let read =
        (definition.is_read && has_body).then(|| codec::reading(plan).structure(plan, definition));
    Ok(quote! {
        #item
        impl #name {
            #constructor
            #setters
            #write
            #capacity
            #read
            #validate_at
            #hash
        }
    })
}

/// The setters of a structure itself.
pub(super) fn setters(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    let setters = definition.fields_with_setters().map(|field| {
        let mut lines = vec![format!("Sets {}.", code(&field.model.name))];
        if let Some(words) = of_member(plan, field) {
            lines.extend([String::new(), first_sentence(plan, words)]);
        }
        setter(field, &quote!(self), &lines)
    });
    setters.collect()
}

/// The structure itself, with its derives, its `Default` and its `Debug`.
pub(super) fn structure_item(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    fields: &[Field<'_>],
    lines: &[String],
) -> Result<TokenStream> {
    let name = type_name(definition);
    let docs = doc(lines);
    let deprecated = deprecation(definition.model.deprecated.as_ref());
    let default = definition.default;
    let is_open = definition.is_open_literal;
    let hides = redaction::is_needed(definition, fields);
    let mut derives = Vec::new();
    if !fields.iter().any(|field| field.ty.is_stream()) {
        derives.push(quote!(Clone));
    }
    if !hides {
        derives.push(quote!(Debug));
    }
    if default == DefaultKind::Derived {
        derives.push(quote!(Default));
    }
    derives.push(quote!(PartialEq));
    let serde = serde_attributes::structure(plan, definition);
    // Requests are written as literals, which another field keeps extensible: see `open_literal`.
    let non_exhaustive = (!is_open).then(|| quote!(#[non_exhaustive]));
    let members = fields.iter().map(|field| {
        let docs = doc(&field_lines(plan, field));
        let deprecated = deprecation(field.model.deprecated.as_ref());
        let attributes = serde_attributes::field(plan, field);
        let member = ident(&field.name);
        let ty = &field.rust;
        let alias = alias(&field.model.name, &field.name);
        quote!(#docs #alias #deprecated #attributes pub #member: #ty,)
    });
    let debug = hides.then(|| redaction::debug_impl(definition, fields));
    let default = (default == DefaultKind::Written)
        .then(|| default_impl(definition, fields))
        .transpose()?;
    let open = is_open.then(open_literal::field);
    Ok(quote! {
        #docs
        #deprecated
        #[derive(#(#derives),*)]
        #serde
        #non_exhaustive
        pub struct #name { #(#members)* #open }
        #default
        #debug
    })
}

fn default_impl(definition: &TypeDefinition<'_>, fields: &[Field<'_>]) -> Result<TokenStream> {
    let name = type_name(definition);
    let values = fields
        .iter()
        .map(|field| {
            let member = ident(&field.name);
            let value = match &field.presence {
                Presence::Default(value) => {
                    let value = default_expression(&field.ty, value);
                    if field.boxed {
                        quote!(Box::new(#value))
                    } else {
                        value
                    }
                }
                Presence::Optional => quote!(None),
                Presence::Required => quote!(Default::default()),
            };
            Ok(quote!(#member: #value,))
        })
        .collect::<Result<Vec<_>>>()?;
    let open = definition.is_open_literal.then(open_literal::value);
    Ok(quote! {
        impl Default for #name {
            #[inline]
            fn default() -> Self {
                Self { #(#values)* #open }
            }
        }
    })
}

/// `new`, which takes the required members.
fn constructor(fields: &[Field<'_>]) -> Result<TokenStream> {
    let required: Vec<&Field<'_>> = fields
        .iter()
        .filter(|field| field.presence == Presence::Required)
        .collect();
    if required.is_empty() {
        return Ok(quote! {
            #[doc = " A value without members."]
            #[inline]
            pub fn #NEW() -> Self {
                Self::default()
            }
        });
    }
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    for field in fields {
        let member = ident(&field.name);
        match &field.presence {
            Presence::Required => {
                let parameter = &field.setter.parameter;
                let converted = converted_parameter(field);
                parameters.push(quote!(#member: #parameter));
                values.push(match converted {
                    Some(converted) => quote!(#member: #converted),
                    None => quote!(#member),
                });
            }
            Presence::Optional => values.push(quote!(#member: None)),
            Presence::Default(value) => {
                let value = default_expression(&field.ty, value);
                values.push(quote!(#member: #value));
            }
        }
    }
    let names: Vec<String> = required
        .iter()
        .map(|field| code(&field.model.name))
        .collect();
    let docs = doc(&[format!(
        "A value with the required members: {}.",
        names.join(", ")
    )]);
    let many = (parameters.len() > 7).then(
        || quote!(#[expect(clippy::too_many_arguments, reason = "each one is a required member")]),
    );
    Ok(quote! {
        #docs
        #many
        pub fn #NEW(#(#parameters),*) -> Self {
            Self { #(#values),* }
        }
    })
}

/// The conversion of a parameter to a field; `None` if none is needed.
fn converted_parameter(field: &Field<'_>) -> Option<TokenStream> {
    let member = ident(&field.name);
    let conversion = conversion(&field.setter.parameter);
    match (field.boxed, conversion.is_empty()) {
        (true, _) => Some(quote!(Box::new(#member #conversion))),
        (false, true) => None,
        (false, false) => Some(quote!(#member #conversion)),
    }
}
