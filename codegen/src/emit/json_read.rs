//! Code that reads values from JSON.

use proc_macro2::TokenStream;
use quote::quote;

use super::default_heap;
use super::imports::{BYTE_STREAM, JSON, type_name};
use super::literal::default_expression;
use super::reading::Reading;
use super::redaction::hides;
use super::types::ident;
use super::value::timestamp_format;
use crate::model::{Binding, Role, TimestampFormat};
use crate::plan::reserved::constructors::READ_JSON;
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{DefaultValue, End, Field, Plan, Presence, Type, TypeDefinition, TypeKind};

/// Reads JSON.
pub(super) struct JsonReading;

impl Reading for JsonReading {
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let is_error = matches!(definition.model.role, Role::Error(_));
        let fields: Vec<&Field<'_>> = definition
            .fields()
            .iter()
            .filter(|field| field.model.binding == Binding::Body)
            .collect();
        let arms = fields.iter().map(|field| {
            let key = key_pattern(&field.model.json_name, is_error);
            read_arm(plan, definition, field, &key)
        });
        let key = wire_key(plan, fields.iter().copied());
        let defaults = defaults(plan, definition);
        function(&structure_body(&defaults, &key, arms.collect()))
    }

    fn union(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        function(&union_body(plan, definition))
    }

    fn string_enum(&self) -> TokenStream {
        function(&string_enum_body())
    }

    fn int_enum(&self) -> TokenStream {
        function(&int_enum_body())
    }

    fn body(
        &self,
        _plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        message: &TokenStream,
    ) -> TokenStream {
        let name = type_name(definition);
        quote!(#message.json(#name::#READ_JSON))
    }

    fn payload(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        field: &Field<'_>,
        message: &TokenStream,
    ) -> TokenStream {
        let read = reading_function(&field.ty);
        let nullable = nullable(plan, field, definition.model.sensitive);
        quote!(#message.json(|reader| reader.#nullable(#read)))
    }
}

/// The body of the function that reads an enum of strings.
pub(super) fn string_enum_body() -> TokenStream {
    quote!(Ok(Self::from(reader.str()?.as_ref())))
}

/// The body of the function that reads an enum of integers.
pub(super) fn int_enum_body() -> TokenStream {
    quote!(reader.integer().map(Self::from))
}

/// The body of the function that reads a union.
pub(super) fn union_body(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    let arms = definition.fields().iter().map(|field| {
        let variant = ident(&field.name);
        let key = &field.model.json_name;
        let read = reading_function(&field.ty);
        let nullable = nullable(plan, field, definition.model.sensitive);
        quote!(#key => reader.#nullable(#read)?.map(Self::#variant),)
    });
    let key = wire_key(plan, definition.fields());
    quote! {
        let mut output = None;
        let mut fields = reader.object()?;
        while let Some(name) = reader.key(&mut fields)? {
            let member = match #key {
                #(#arms)*
                "__type" => {
                    reader.skip()?;
                    None
                }
                unknown => {
                    let member = reader.unknown_member(unknown)?;
                    member.map(|(name, value)| Self::#UNKNOWN(name, value))
                }
            };
            output = output.or(member);
        }
        Ok(output.unwrap_or_default())
    }
}

/// A function `read_json`.
fn function(body: &TokenStream) -> TokenStream {
    quote! {
        pub(crate) fn #READ_JSON(reader: &mut #JSON::Reader<'_>) -> Result<Self, #JSON::Error> {
            #body
        }
    }
}

/// The statement that counts the memory of defaults.
pub(super) fn defaults(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    match default_heap::of_structure(plan, definition) {
        0 => TokenStream::new(),
        bytes => {
            let bytes = proc_macro2::Literal::usize_unsuffixed(bytes);
            quote!(reader.defaults(#bytes)?;)
        }
    }
}

/// The statements that read a structure: `key` is the key of a member in the variable `name`, and the arms read members.
pub(super) fn structure_body(
    start: &TokenStream,
    key: &TokenStream,
    arms: Vec<TokenStream>,
) -> TokenStream {
    if arms.is_empty() {
        return quote! {
            #start
            let mut fields = reader.object()?;
            while reader.key(&mut fields)?.is_some() {
                reader.skip()?;
            }
            Ok(Self::default())
        };
    }
    quote! {
        #start
        let mut output = Self::default();
        let mut fields = reader.object()?;
        while let Some(name) = reader.key(&mut fields)? {
            match #key {
                #(#arms)*
                _ => reader.skip()?,
            }
        }
        Ok(output)
    }
}

/// The key of a member as it is in a body. What serde has written has the names of members instead.
pub(super) fn wire_key<'a>(
    plan: &Plan<'_>,
    fields: impl IntoIterator<Item = &'a Field<'a>>,
) -> TokenStream {
    let fields = fields.into_iter();
    let renamed: Vec<TokenStream> = fields
        .filter(|field| plan.end == End::Client && field.model.json_name != field.model.name)
        .map(|field| {
            let (member, wire) = (&field.model.name, &field.model.json_name);
            quote!((#member, #wire))
        })
        .collect();
    match renamed.is_empty() {
        true => quote!(name.as_ref()),
        false => quote!(reader.renamed(&name, &[#(#renamed),*])),
    }
}

/// The arm that reads a member.
pub(super) fn read_arm(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    field: &Field<'_>,
    key: &TokenStream,
) -> TokenStream {
    let name = ident(&field.name);
    let read = reading_function(&field.ty);
    let nullable = nullable(plan, field, definition.model.sensitive);
    let value = quote!(reader.#nullable(#read)?);
    match &field.presence {
        Presence::Optional => quote!(#key => output.#name = #value,),
        Presence::Required => quote!(#key => output.#name = #value.unwrap_or_default(),),
        Presence::Default(default) => {
            // The default of a float is written out, even if it is zero.
            if default.is_zero() && !matches!(default, DefaultValue::Float(_)) {
                return quote!(#key => output.#name = #value.unwrap_or_default(),);
            }
            // Only here, because what is in an expression is imported.
            let expression = default_expression(&field.ty, default);
            if default.is_constant() {
                quote!(#key => output.#name = #value.unwrap_or(#expression),)
            } else {
                quote!(#key => output.#name = #value.unwrap_or_else(|| #expression),)
            }
        }
    }
}

/// The function of the reader that reads a member, which may be `null`.
fn nullable(plan: &Plan<'_>, field: &Field<'_>, is_sensitive: bool) -> TokenStream {
    match (is_sensitive || hides(plan, &field.ty), field.boxed) {
        (true, true) => quote!(sensitive_boxed),
        (true, false) => quote!(sensitive),
        (false, true) => quote!(boxed),
        (false, false) => quote!(nullable),
    }
}

/// Services use both spellings for the message of an error, whatever their models say.
pub(super) fn key_pattern(key: &str, is_error: bool) -> TokenStream {
    match key {
        "message" | "Message" if is_error => quote!("message" | "Message"),
        key => quote!(#key),
    }
}

/// A function that reads a value of the type: a path where there is one, else a closure.
pub(super) fn reading_function(ty: &Type<'_>) -> TokenStream {
    match &ty.kind {
        TypeKind::Boolean => quote!(#JSON::Reader::boolean),
        TypeKind::Byte => quote!(#JSON::Reader::byte),
        TypeKind::Short => quote!(#JSON::Reader::short),
        TypeKind::Integer => quote!(#JSON::Reader::integer),
        TypeKind::Long => quote!(#JSON::Reader::long),
        TypeKind::Float => quote!(#JSON::Reader::float),
        TypeKind::Double => quote!(#JSON::Reader::double),
        TypeKind::String { .. } => quote!(#JSON::Reader::string),
        TypeKind::Blob { .. } => quote!(#JSON::Reader::blob),
        TypeKind::StreamingBlob { .. } => quote!(|reader| reader.blob().map(#BYTE_STREAM::from)),
        TypeKind::Timestamp(format) => {
            let format = timestamp_format(format.unwrap_or(TimestampFormat::EpochSeconds));
            if ty.hidden {
                quote!(|reader| reader.sensitive_timestamp(#format))
            } else {
                quote!(|reader| reader.timestamp(#format))
            }
        }
        TypeKind::Document => quote!(#JSON::Reader::document),
        TypeKind::Enum(_) | TypeKind::IntEnum(_) | TypeKind::Structure(_) | TypeKind::Union(_) => {
            let name = &ty.rust;
            quote!(#name::#READ_JSON)
        }
        TypeKind::List { element, sparse } => {
            let element = reading_function(element);
            if *sparse {
                quote!(|reader| reader.sparse_list(#element))
            } else {
                quote!(|reader| reader.list(#element))
            }
        }
        TypeKind::Map { value, sparse, .. } => {
            let value = reading_function(value);
            if *sparse {
                quote!(|reader| reader.sparse_map(#value))
            } else {
                quote!(|reader| reader.map(#value))
            }
        }
    }
}
