//! Structures: requests, responses, errors and the parts that they are made of.

use proc_macro2::TokenStream;
use quote::quote;

use super::check;
use super::docs::{deprecation, doc, field_lines};
use super::hash;
use super::json_read::read_function;
use super::json_write::write_fields;
use super::literal::default_expression;
use super::open_literal;
use super::redaction;
use super::serde_attributes;
use super::setter::{conversion, setter};
use super::types::{field_type, ident, is_stream};
use crate::error::{Context, Result};
use crate::escape::markdown::code;
use crate::model::{Binding, Field, Presence, Service, TypeDefinition, TypeId};

/// The items of a structure that is part of others: the type, its constructor and setters, and its JSON.
pub(super) fn nested_items(service: &Service, id: TypeId) -> Result<TokenStream> {
    let definition = service.type_definition(id);
    let fields = definition.fields();
    let lines = [format!("The structure `{}`.", definition.id.name())];
    let item = structure_item(service, definition, fields, &lines)?;
    let name = ident(&definition.name.rust);
    let constructor = definition
        .usage
        .sent
        .then(|| constructor(service, fields))
        .transpose()?
        .unwrap_or_default();
    let setters: TokenStream = if definition.usage.sent {
        fields
            .iter()
            .filter(|field| field.presence != Presence::Required)
            .map(|field| {
                setter(
                    service,
                    field,
                    &quote!(self),
                    &[format!("Sets {}.", code(&field.name.wire))],
                )
            })
            .collect()
    } else {
        TokenStream::new()
    };
    let write = definition
        .usage
        .sent
        .then(|| write_function(service, fields));
    let check = definition
        .usage
        .checked
        .then(|| check::structure_function(service, id));
    let hash = hash::function(service, id);
    let capacity = super::json_capacity::function(service, id);
    let read = definition
        .usage
        .received
        .then(|| read_function(service, definition, fields.iter(), false))
        .transpose()?;
    Ok(quote! {
        #item
        impl #name {
            #constructor
            #setters
            #write
            #capacity
            #read
            #check
            #hash
        }
    })
}

/// The structure itself, with its derives, its `Default` and its `Debug`.
pub(super) fn structure_item(
    service: &Service,
    definition: &TypeDefinition,
    fields: &[Field],
    lines: &[String],
) -> Result<TokenStream> {
    let name = ident(&definition.name.rust);
    let docs = doc(lines);
    let deprecated = deprecation(definition.deprecated.as_ref());
    let default = DefaultKind::of(service, definition, fields)?;
    let is_open = open_literal::is_needed(definition);
    let hides = redaction::is_needed(definition, fields);
    let mut derives = Vec::new();
    if !fields.iter().any(is_stream) {
        derives.push(quote!(Clone));
    }
    if !hides {
        derives.push(quote!(Debug));
    }
    if default == DefaultKind::Derived {
        derives.push(quote!(Default));
    }
    derives.push(quote!(PartialEq));
    let serde = serde_attributes::structure(service, default != DefaultKind::None);
    // Users write requests as literals, which have another way to stay open.
    let non_exhaustive = (!is_open).then(|| quote!(#[non_exhaustive]));
    let members = fields.iter().map(|field| {
        let docs = doc(&field_lines(service, field));
        let deprecated = deprecation(field.deprecated.as_ref());
        let attributes = serde_attributes::field(service, field);
        let member = ident(&field.name.rust);
        let ty = field_type(service, field);
        quote!(#docs #deprecated #attributes pub #member: #ty,)
    });
    let debug = hides.then(|| redaction::debug_impl(definition, fields));
    let default = (default == DefaultKind::Written)
        .then(|| default_impl(service, definition, fields))
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

/// How a structure gets its `Default`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DefaultKind {
    /// Not at all: it is only sent and needs members from its user.
    None,
    /// Derived.
    Derived,
    /// Written out: the model gives members other values than zero, or a field has no `Default`.
    Written,
}

impl DefaultKind {
    fn of(service: &Service, definition: &TypeDefinition, fields: &[Field]) -> Result<Self> {
        let required = fields
            .iter()
            .any(|field| field.presence == Presence::Required);
        if required && !definition.usage.received {
            return Ok(Self::None);
        }
        if open_literal::is_needed(definition) {
            return Ok(Self::Written);
        }
        for field in fields {
            if let Presence::Default(value) = &field.presence
                && !is_derived_default(service, field, value)?
            {
                return Ok(Self::Written);
            }
        }
        Ok(Self::Derived)
    }
}

fn is_derived_default(service: &Service, field: &Field, value: &serde_json::Value) -> Result<bool> {
    use crate::model::TypeKind;

    let zero = match value {
        serde_json::Value::Bool(value) => !value,
        serde_json::Value::Number(value) => value.as_f64() == Some(0.0),
        serde_json::Value::String(value) => value.is_empty(),
        serde_json::Value::Array(values) => values.is_empty(),
        serde_json::Value::Object(values) => values.is_empty(),
        serde_json::Value::Null => false,
    };
    // A value that is no value of the type is an error, zero or not.
    default_expression(service, &field.ty, value).at(&field.id)?;
    Ok(zero
        && !matches!(
            field.ty.kind,
            TypeKind::Document | TypeKind::Named(_) | TypeKind::Timestamp(_)
        ))
}

fn default_impl(
    service: &Service,
    definition: &TypeDefinition,
    fields: &[Field],
) -> Result<TokenStream> {
    let name = ident(&definition.name.rust);
    let values = fields
        .iter()
        .map(|field| {
            let member = ident(&field.name.rust);
            let value = match &field.presence {
                Presence::Default(value) => {
                    let value = default_expression(service, &field.ty, value).at(&field.id)?;
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
    let open = open_literal::is_needed(definition).then(open_literal::value);
    Ok(quote! {
        impl Default for #name {
            fn default() -> Self {
                Self { #(#values)* #open }
            }
        }
    })
}

/// `new`, which takes the required members.
fn constructor(service: &Service, fields: &[Field]) -> Result<TokenStream> {
    let required: Vec<&Field> = fields
        .iter()
        .filter(|field| field.presence == Presence::Required)
        .collect();
    if required.is_empty() {
        return Ok(quote! {
            #[doc = " A value without members."]
            pub fn new() -> Self {
                Self::default()
            }
        });
    }
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    for field in fields {
        let member = ident(&field.name.rust);
        match &field.presence {
            Presence::Required => {
                let (parameter, _) = conversion(service, &field.ty);
                let converted = converted_parameter(service, field);
                parameters.push(quote!(#member: #parameter));
                values.push(match converted {
                    Some(converted) => quote!(#member: #converted),
                    None => quote!(#member),
                });
            }
            Presence::Optional => values.push(quote!(#member: None)),
            Presence::Default(value) => {
                let value = default_expression(service, &field.ty, value).at(&field.id)?;
                values.push(quote!(#member: #value));
            }
        }
    }
    let names: Vec<String> = required
        .iter()
        .map(|field| code(&field.name.wire))
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
        pub fn new(#(#parameters),*) -> Self {
            Self { #(#values),* }
        }
    })
}

/// What makes a parameter a field; `None` where it already is one.
fn converted_parameter(service: &Service, field: &Field) -> Option<TokenStream> {
    let member = ident(&field.name.rust);
    let (_, converted) = conversion(service, &field.ty);
    // Conversions begin with `value`, which is the parameter of a setter.
    let rest: TokenStream = converted.into_iter().skip(1).collect();
    match (field.boxed, rest.is_empty()) {
        (true, _) => Some(quote!(Box::new(#member #rest))),
        (false, true) => None,
        (false, false) => Some(quote!(#member #rest)),
    }
}

/// `write_json`, which writes the structure as a JSON object.
pub(super) fn write_function(service: &Service, fields: &[Field]) -> TokenStream {
    let body = fields.iter().filter(|field| field.binding == Binding::Body);
    let statements = write_fields(service, body, &quote!(self));
    quote! {
        pub(crate) fn write_json(&self, writer: &mut json::Writer) {
            writer.begin_object();
            #statements
            writer.end_object();
        }
    }
}
