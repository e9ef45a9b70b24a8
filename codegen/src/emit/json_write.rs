//! Code that writes values as JSON.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::{JSON, MESSAGE};
use super::json_capacity;
use super::redaction::{function, hides};
use super::types::ident;
use super::value::{Value, timestamp_format};
use super::writing::{RequestWriting, ResponseWriting, Steps, Writing};
use crate::model::{Binding, Protocol, TimestampFormat, TypeId};
use crate::plan::reserved::methods::{WRITE_JSON, WRITE_MEMBERS};
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{Field, Operation, Plan, Presence, Type, TypeDefinition, TypeKind};

/// Writes JSON.
pub(super) struct JsonWriting;

impl Writing for JsonWriting {
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let statements = write_fields(
            plan,
            body_fields(definition),
            &quote!(self),
            definition.model.sensitive,
        );
        quote! {
            pub(crate) fn #WRITE_JSON(&self, writer: &mut #JSON::Writer) {
                writer.begin_object();
                #statements
                writer.end_object();
            }
        }
    }

    fn union(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let is_sensitive = definition.model.sensitive;
        let arms = definition.fields().iter().map(|field| {
            let variant = ident(&field.name);
            let key = &field.model.json_name;
            let write_key = key_function(plan, &field.ty, is_sensitive);
            let write = write_value(plan, &field.ty, &Value::reference(quote!(value)));
            quote! {
                Self::#variant(value) => {
                    writer.#write_key(#key);
                    #write
                }
            }
        });
        quote! {
            pub(crate) fn #WRITE_JSON(&self, writer: &mut #JSON::Writer) {
                writer.begin_object();
                match self {
                    #(#arms)*
                    Self::#UNKNOWN(name, value) => {
                        writer.sensitive_key(name);
                        writer.document(value);
                    }
                }
                writer.end_object();
            }
        }
    }

    fn capacity(&self, plan: &Plan<'_>, id: TypeId) -> Option<TokenStream> {
        json_capacity::function(plan, id)
    }
}

impl RequestWriting for JsonWriting {
    /// A request of the awsJson protocols.
    fn whole(&self, plan: &Plan<'_>, operation: &Operation<'_>, steps: &Steps) -> TokenStream {
        let content_type = match plan.model.protocol {
            Protocol::AwsJson10 => "application/x-amz-json-1.0",
            _ => "application/x-amz-json-1.1",
        };
        let target = format!("{}.{}", plan.model.id.name(), operation.model.name);
        let capacity = json_capacity::capacity(plan, operation.model.request);
        let compatible = plan
            .model
            .query_compatible
            .then(|| quote!(request.query_mode();));
        let Steps { host, last } = steps;
        let request = quote!(#MESSAGE::HttpRequest::aws_json(#content_type, #target, writer));
        let rest = quote!(#compatible #host #last);
        let definition = plan.type_definition(operation.model.request);
        let write = if definition.fields().is_empty() {
            quote! {
                writer.begin_object();
                writer.end_object();
            }
        } else {
            quote!(self.#WRITE_JSON(&mut writer);)
        };
        let finish = if rest.is_empty() {
            quote!(Ok(#request))
        } else {
            quote! {
                let mut request = #request;
                #rest
                Ok(request)
            }
        };
        quote! {
            let mut writer = #JSON::Writer::with_capacity(#capacity);
            #write
            #finish
        }
    }

    fn body(&self, plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
        let capacity = json_capacity::capacity(plan, operation.model.request);
        quote! {
            let mut writer = #JSON::Writer::with_capacity(#capacity);
            self.#WRITE_JSON(&mut writer);
            request.json(writer);
        }
    }

    /// An absent structure is sent as an empty one, any other absent value as no body at all.
    fn payload(
        &self,
        plan: &Plan<'_>,
        operation: &Operation<'_>,
        field: &Field<'_>,
    ) -> TokenStream {
        let set = function(plan, operation, field, "json");
        let name = ident(&field.name);
        let write = write_value(plan, &field.ty, &Value::reference(quote!(value)));
        let capacity = json_capacity::payload_capacity(plan, &field.ty);
        if matches!(field.ty.kind, TypeKind::Structure(_)) {
            let capacity = capacity.map_or_else(
                || quote!(256),
                |capacity| quote!(self.#name.as_ref().map_or(256, |value| #capacity)),
            );
            return quote! {
                let mut body = #JSON::Writer::with_capacity(#capacity);
                let writer = &mut body;
                match &self.#name {
                    Some(value) => { #write }
                    None => {
                        writer.begin_object();
                        writer.end_object();
                    }
                }
                request.#set(body);
            };
        }
        let capacity = capacity.unwrap_or_else(|| quote!(256));
        quote! {
            if let Some(value) = &self.#name {
                let mut body = #JSON::Writer::with_capacity(#capacity);
                let writer = &mut body;
                #write
                request.#set(body);
            }
        }
    }
}

impl ResponseWriting for JsonWriting {
    fn members(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let statements = write_fields(plan, body_fields(definition), &quote!(self), false);
        quote! {
            pub(crate) fn #WRITE_MEMBERS(&self, writer: &mut #JSON::Writer) {
                #statements
            }
        }
    }

    fn body(
        &self,
        plan: &Plan<'_>,
        operation: &Operation<'_>,
        has_statements: bool,
    ) -> TokenStream {
        let definition = plan.type_definition(operation.model.response);
        if body_fields(definition).next().is_some() {
            let capacity = json_capacity::capacity(plan, operation.model.response);
            return quote! {
                let mut writer = attache_runtime::plumbing::json::Writer::with_capacity(#capacity);
                writer.begin_object();
                self.#WRITE_MEMBERS(&mut writer);
                writer.end_object();
                response.body = writer.into_bytes().into();
            };
        }
        let has_none = plan.model.protocol.binds_http() && operation.model.http.code == 204;
        if has_statements || has_none {
            return TokenStream::new();
        }
        quote!(response.body = attache_runtime::Bytes::from_static(b"{}");)
    }

    fn payload(&self, plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
        let write = write_value(plan, &field.ty, &Value::place(quote!(value)));
        let capacity = json_capacity::payload_capacity(plan, &field.ty);
        let capacity = capacity.unwrap_or_else(|| quote!(256));
        quote! {
            let mut body = attache_runtime::plumbing::json::Writer::with_capacity(#capacity);
            let writer = &mut body;
            #write
            response.body = body.into_bytes().into();
        }
    }

    fn refusal(&self) -> TokenStream {
        quote!(error.#WRITE_MEMBERS(refusal.members());)
    }

    fn mock_body(&self, _plan: &Plan<'_>, _definition: &TypeDefinition<'_>) -> TokenStream {
        quote!(writer.json(|writer| response.#WRITE_JSON(writer));)
    }

    fn mock_payload(&self, plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
        let write = write_value(plan, &field.ty, &Value::place(quote!(value)));
        quote!(writer.json(|writer| { #write });)
    }
}

/// The members in the body.
fn body_fields<'a>(definition: &'a TypeDefinition<'_>) -> impl Iterator<Item = &'a Field<'a>> {
    let fields = definition.fields().iter();
    fields.filter(|field| field.model.binding == Binding::Body)
}

/// Statements that write the members of a structure that are in the body.
///
/// `is_sensitive` is whether the whole structure must not be shown.
fn write_fields<'a>(
    plan: &Plan<'_>,
    fields: impl Iterator<Item = &'a Field<'a>>,
    receiver: &TokenStream,
    is_sensitive: bool,
) -> TokenStream {
    fields
        .map(|field| write_field(plan, field, receiver, is_sensitive))
        .collect()
}

/// The function of the writer that writes the key of a member. The one of another name says that its value must not be
/// shown.
fn key_function(plan: &Plan<'_>, ty: &Type<'_>, is_sensitive: bool) -> proc_macro2::Ident {
    if is_sensitive || hides(plan, ty) {
        ident("sensitive_key")
    } else {
        ident("key")
    }
}

fn write_field(
    plan: &Plan<'_>,
    field: &Field<'_>,
    receiver: &TokenStream,
    is_sensitive: bool,
) -> TokenStream {
    let key = &field.model.json_name;
    let name = ident(&field.name);
    let write_key = key_function(plan, &field.ty, is_sensitive);
    match field.presence {
        Presence::Optional => {
            let write = write_value(plan, &field.ty, &Value::reference(quote!(value)));
            quote! {
                if let Some(value) = &#receiver.#name {
                    writer.#write_key(#key);
                    #write
                }
            }
        }
        Presence::Required | Presence::Default(_) => {
            let value = Value::place(quote!(#receiver.#name));
            let write = write_value(plan, &field.ty, &value);
            quote! {
                writer.#write_key(#key);
                #write
            }
        }
    }
}

/// Statements that write one value to `writer`.
fn write_value(plan: &Plan<'_>, ty: &Type<'_>, value: &Value) -> TokenStream {
    let copied = value.copied();
    let borrowed = value.borrowed();
    let receiver = value.receiver();
    match &ty.kind {
        TypeKind::Boolean => quote!(writer.boolean(#copied);),
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer => {
            quote!(writer.integer(i64::from(#copied));)
        }
        TypeKind::Long => quote!(writer.integer(#copied);),
        TypeKind::Float => quote!(writer.float(#copied);),
        TypeKind::Double => quote!(writer.double(#copied);),
        TypeKind::String { .. } => quote!(writer.string(#borrowed);),
        TypeKind::Blob { .. } => quote!(writer.blob(#borrowed);),
        // A stream is always the payload, never a part of JSON.
        TypeKind::StreamingBlob { .. } => quote!(writer.null();),
        TypeKind::Timestamp(format) => {
            let format = timestamp_format(format.unwrap_or(TimestampFormat::EpochSeconds));
            quote!(writer.timestamp(#copied, #format);)
        }
        TypeKind::Document => quote!(writer.document(#borrowed);),
        TypeKind::Enum(_) => {
            quote!(writer.string(#receiver.as_str());)
        }
        TypeKind::IntEnum(_) => {
            quote!(writer.integer(i64::from(#receiver.value()));)
        }
        TypeKind::Structure(_) | TypeKind::Union(_) => quote!(#receiver.#WRITE_JSON(writer);),
        TypeKind::List { element, sparse } => {
            let write = write_element(plan, element, *sparse, "element");
            quote! {
                writer.begin_array();
                for element in #borrowed {
                    #write
                }
                writer.end_array();
            }
        }
        TypeKind::Map { key, value, sparse } => {
            let write = write_element(plan, value, *sparse, "value");
            let key = if matches!(key.kind, TypeKind::Enum(_)) {
                quote!(writer.key(key.as_str());)
            } else {
                quote!(writer.key(key);)
            };
            quote! {
                writer.begin_object();
                for (key, value) in #borrowed {
                    #key
                    #write
                }
                writer.end_object();
            }
        }
    }
}

fn write_element(plan: &Plan<'_>, ty: &Type<'_>, sparse: bool, variable: &str) -> TokenStream {
    let variable = ident(variable);
    let write = write_value(plan, ty, &Value::reference(quote!(#variable)));
    if sparse {
        quote! {
            match #variable {
                Some(#variable) => { #write }
                None => writer.null(),
            }
        }
    } else {
        write
    }
}
