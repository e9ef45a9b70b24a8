//! What a model says about its errors, as data: a server that refuses on request needs no handler to fill in the members.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value, json};

use super::error::has_query_codes;
use crate::emit::types::ident;
use crate::model::{
    Binding, Definition, Member, Protocol, Role, Service, TimestampFormat, Type, TypeDefinition,
    TypeKind,
};
use crate::plan::Plan;

/// How deep the values of required members are nested. A union may contain itself.
const DEPTH: usize = 8;

/// The value of `wire::Service::errors`: an element for each error.
pub(super) fn list(plan: &Plan<'_>) -> TokenStream {
    let errors = plan.model.errors.iter().filter_map(|id| {
        let definition = plan.model.type_definition(*id);
        let Role::Error(facts) = &definition.role else {
            return None;
        };
        let code = definition.id.name();
        let shape = definition.id.as_str();
        let status = Literal::u16_unsuffixed(facts.status);
        let is_server_fault = facts.fault == "server";
        let query_code = match &facts.query_code {
            Some(query_code) if has_query_codes(plan) => quote!(Some(#query_code)),
            _ => quote!(None),
        };
        let message =
            message_member(definition).map_or("message", |member| wire_name(plan.model, member));
        let members = required_members(plan.model, definition).into_iter();
        let members = members.map(|(name, value)| {
            let value = value.to_string();
            quote!((#name, #value))
        });
        Some(quote! {
            wire::ErrorFacts {
                code: #code,
                shape: #shape,
                status: #status,
                is_server_fault: #is_server_fault,
                query_code: #query_code,
                message: #message,
                members: &[#(#members),*],
            }
        })
    });
    quote!(&[#(#errors),*])
}

/// `Operation::errors`.
pub(super) fn function(plan: &Plan<'_>) -> TokenStream {
    let arms = plan.operations.iter().map(|operation| {
        let variant = ident(&operation.name);
        let errors = operation.model.errors.iter();
        let codes = errors.map(|id| plan.model.type_definition(*id).id.name());
        quote!(Self::#variant => &[#(#codes),*],)
    });
    quote! {
        #[doc = " The codes of the errors that the model names for the operation."]
        pub fn errors(self) -> &'static [&'static str] {
            match self {
                #(#arms)*
            }
        }
    }
}

/// The member with the text of an error.
fn message_member(definition: &TypeDefinition) -> Option<&Member> {
    let mut members = definition.members().iter();
    members.find(|member| {
        member.binding == Binding::Body && member.name.eq_ignore_ascii_case("message")
    })
}

fn is_xml(model: &Service) -> bool {
    model.protocol.answers_in_xml()
}

fn is_cbor(model: &Service) -> bool {
    model.protocol == Protocol::RpcV2Cbor
}

/// The name of a member in the body.
fn wire_name<'a>(model: &Service, member: &'a Member) -> &'a str {
    match is_xml(model) {
        true => member.xml_name(),
        false => &member.json_name,
    }
}

/// The other members that the body must have, with the emptiest values.
fn required_members(model: &Service, definition: &TypeDefinition) -> Vec<(String, Value)> {
    let message = message_member(definition).map(|member| &member.name);
    definition
        .members()
        .iter()
        .filter(|member| member.required && member.binding == Binding::Body)
        .filter(|member| Some(&member.name) != message)
        .map(|member| {
            let name = wire_name(model, member).to_owned();
            (name, placeholder(model, &member.ty, 0))
        })
        .collect()
}

/// The emptiest value of a type, in the JSON that the reader of CBOR makes where bodies are CBOR.
fn placeholder(model: &Service, ty: &Type, depth: usize) -> Value {
    match &ty.kind {
        TypeKind::Boolean => false.into(),
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long => 0.into(),
        TypeKind::Float | TypeKind::Double => 0.0.into(),
        TypeKind::BigInteger | TypeKind::BigDecimal => 0.into(),
        TypeKind::Blob { .. } if is_cbor(model) => json!({ "$bytes": "" }),
        TypeKind::String { .. } | TypeKind::Blob { .. } | TypeKind::StreamingBlob { .. } => {
            "".into()
        }
        TypeKind::Timestamp(_) if is_cbor(model) => 0.into(),
        TypeKind::Timestamp(None) if is_xml(model) => epoch(&TimestampFormat::DateTime),
        TypeKind::Timestamp(None) => 0.into(),
        TypeKind::Timestamp(Some(format)) => epoch(format),
        TypeKind::Document | TypeKind::EventStream(_) => Value::Null,
        TypeKind::List { .. } => Value::Array(Vec::new()),
        TypeKind::Map { .. } => Value::Object(Map::new()),
        TypeKind::Named(_) if depth == DEPTH => Value::Null,
        TypeKind::Named(id) => match &model.type_definition(*id).definition {
            Definition::Enum(values) => values
                .first()
                .map_or("", |value| value.value.as_str())
                .into(),
            Definition::IntEnum(values) => values.first().map_or(0, |value| value.value).into(),
            Definition::Structure(members) => members
                .iter()
                .filter(|member| member.required)
                .map(|member| named(model, member, depth))
                .collect(),
            Definition::Union(members) => members
                .first()
                .map(|member| named(model, member, depth))
                .into_iter()
                .collect(),
        },
    }
}

fn named(model: &Service, member: &Member, depth: usize) -> (String, Value) {
    (
        wire_name(model, member).to_owned(),
        placeholder(model, &member.ty, depth + 1),
    )
}

/// The beginning of 1970.
fn epoch(format: &TimestampFormat) -> Value {
    match format {
        TimestampFormat::EpochSeconds => 0.into(),
        TimestampFormat::DateTime => "1970-01-01T00:00:00Z".into(),
        TimestampFormat::HttpDate => "Thu, 01 Jan 1970 00:00:00 GMT".into(),
    }
}
