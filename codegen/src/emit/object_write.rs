//! Code that writes values as JSON, and as CBOR.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::MESSAGE;
use super::object_capacity;
use super::object_codec::ObjectCodec;
use super::redaction::function;
use super::types::ident;
use super::value::Value;
use super::writing::{EventWriting, RequestWriting, ResponseWriting, Steps, Writing};
use crate::model::{Binding, Protocol, TypeId};
use crate::plan::reserved::methods::WRITE_MEMBERS;
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{Field, Operation, Plan, TypeDefinition, TypeKind};

impl Writing for ObjectCodec {
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let statements = self.write_fields(
            plan,
            body_fields(definition),
            &quote!(self),
            definition.model.sensitive,
        );
        let (module, write) = (self.module, self.write);
        quote! {
            #[inline]
            pub(crate) fn #write(&self, writer: &mut #module::Writer) {
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
            let write_key = self.key_function(plan, &field.ty, is_sensitive);
            let write = self.write_value(plan, &field.ty, &Value::reference(quote!(value)));
            quote! {
                Self::#variant(value) => {
                    writer.#write_key(#key);
                    #write
                }
            }
        });
        let (module, write) = (self.module, self.write);
        let unknown_key = self.key(true);
        quote! {
            #[inline]
            pub(crate) fn #write(&self, writer: &mut #module::Writer) {
                writer.begin_object();
                match self {
                    #(#arms)*
                    Self::#UNKNOWN(name, value) => {
                        writer.#unknown_key(name);
                        writer.document(value);
                    }
                }
                writer.end_object();
            }
        }
    }

    fn capacity(&self, plan: &Plan<'_>, id: TypeId) -> Option<TokenStream> {
        object_capacity::function(self, plan, id)
    }
}

impl RequestWriting for ObjectCodec {
    fn whole(&self, plan: &Plan<'_>, operation: &Operation<'_>, steps: &Steps) -> TokenStream {
        match plan.model.protocol {
            Protocol::RpcV2Cbor => self.rpc_v2_cbor(plan, operation, steps),
            Protocol::AwsJson10 => {
                self.aws_json(plan, operation, "application/x-amz-json-1.0", steps)
            }
            _ => self.aws_json(plan, operation, "application/x-amz-json-1.1", steps),
        }
    }

    fn body(&self, plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
        let (write, message) = (self.write_request(plan, operation), self.message());
        quote! {
            #write
            request.#message(writer);
        }
    }

    /// An absent structure is sent as an empty one, any other absent value as no body at all.
    fn payload(
        &self,
        plan: &Plan<'_>,
        operation: &Operation<'_>,
        field: &Field<'_>,
    ) -> TokenStream {
        let module = self.module;
        let set = match self.is_text {
            true => function(plan, operation, field, "json"),
            false => self.message(),
        };
        let name = ident(&field.name);
        let write = self.write_value(plan, &field.ty, &Value::reference(quote!(value)));
        let capacity = object_capacity::payload_capacity(self, plan, &field.ty);
        if matches!(field.ty.kind, TypeKind::Structure(_)) {
            let capacity = capacity.map_or_else(
                || quote!(256),
                |capacity| quote!(self.#name.as_ref().map_or(256, |value| #capacity)),
            );
            return quote! {
                let mut body = #module::Writer::with_capacity(#capacity);
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
                let mut body = #module::Writer::with_capacity(#capacity);
                let writer = &mut body;
                #write
                request.#set(body);
            }
        }
    }
}

impl EventWriting for ObjectCodec {
    fn event_body(
        &self,
        _plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        is_sent: bool,
    ) -> TokenStream {
        let (set, write, name) = (self.message(), self.write, self.capacity);
        let capacity = match is_sent && definition.holds_blob {
            true => quote!(event.#name()),
            false => quote!(256),
        };
        quote!(writer.#set(#capacity, |writer| event.#write(writer));)
    }

    fn event_payload(&self, plan: &Plan<'_>, field: &Field<'_>, is_sent: bool) -> TokenStream {
        let write = self.write_value(plan, &field.ty, &Value::reference(quote!(value)));
        let capacity = object_capacity::payload_capacity(self, plan, &field.ty);
        let capacity = capacity.filter(|_| is_sent);
        let capacity = capacity.unwrap_or_else(|| quote!(256));
        let set = self.message();
        quote!(writer.#set(#capacity, |writer| { #write });)
    }
}

impl ResponseWriting for ObjectCodec {
    fn members(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let statements = self.write_fields(plan, body_fields(definition), &quote!(self), false);
        let module = self.module;
        quote! {
            #[inline]
            pub(crate) fn #WRITE_MEMBERS(&self, writer: &mut #module::Writer) {
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
            let capacity = object_capacity::capacity(self, plan, operation.model.response);
            let module = self.message();
            return quote! {
                let mut writer = attache_runtime::plumbing::#module::Writer::with_capacity(#capacity);
                writer.begin_object();
                self.#WRITE_MEMBERS(&mut writer);
                writer.end_object();
                response.body = writer.into_bytes().into();
            };
        }
        let has_none = match plan.model.protocol {
            // Smithy 2.0, "Smithy RPC v2 CBOR protocol", section "Responses".
            Protocol::RpcV2Cbor => !operation.model.has_output,
            protocol => protocol.binds_http() && operation.model.http.code == 204,
        };
        if has_statements || has_none {
            return TokenStream::new();
        }
        let empty = proc_macro2::Literal::byte_string(self.empty);
        quote!(response.body = attache_runtime::Bytes::from_static(#empty);)
    }

    fn payload(&self, plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
        let write = self.write_value(plan, &field.ty, &Value::place(quote!(value)));
        let capacity = object_capacity::payload_capacity(self, plan, &field.ty);
        let capacity = capacity.unwrap_or_else(|| quote!(256));
        let module = self.message();
        quote! {
            let mut body = attache_runtime::plumbing::#module::Writer::with_capacity(#capacity);
            let writer = &mut body;
            #write
            response.body = body.into_bytes().into();
        }
    }

    fn refusal(&self) -> TokenStream {
        let members = self.refusal_members();
        quote!(error.#WRITE_MEMBERS(refusal.#members());)
    }

    fn mock_body(&self, _plan: &Plan<'_>, _definition: &TypeDefinition<'_>) -> TokenStream {
        let (message, write) = (self.message(), self.write);
        quote!(writer.#message(|writer| response.#write(writer));)
    }

    fn mock_error(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        has_members: bool,
    ) -> TokenStream {
        let shape = definition.model.id.to_string();
        match (self.has_error_members(), has_members) {
            (true, true) => {
                quote!(writer.cbor_error(#shape, |writer| response.#WRITE_MEMBERS(writer));)
            }
            (true, false) => quote!(writer.cbor_error(#shape, |_| ());),
            (false, true) => self.mock_body(plan, definition),
            (false, false) => TokenStream::new(),
        }
    }

    /// In JSON, the code of an error may be in a header. In CBOR, it is beside the members.
    fn has_error_members(&self) -> bool {
        !self.is_text
    }

    fn mock_payload(&self, plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
        let write = self.write_value(plan, &field.ty, &Value::place(quote!(value)));
        let message = self.message();
        quote!(writer.#message(|writer| { #write });)
    }
}

/// The members in the body.
fn body_fields<'a>(definition: &'a TypeDefinition<'_>) -> impl Iterator<Item = &'a Field<'a>> {
    let fields = definition.fields().iter();
    fields.filter(|field| field.model.binding == Binding::Body)
}

/// The statement that requests the error codes of the query protocol.
fn query_mode(plan: &Plan<'_>) -> Option<TokenStream> {
    let is_compatible = plan.model.query_compatible;
    is_compatible.then(|| quote!(request.query_mode();))
}

impl ObjectCodec {
    /// A request of the awsJson protocols.
    fn aws_json(
        &self,
        plan: &Plan<'_>,
        operation: &Operation<'_>,
        content_type: &str,
        steps: &Steps,
    ) -> TokenStream {
        let target = format!("{}.{}", plan.model.target_prefix, operation.model.name);
        let compatible = query_mode(plan);
        let Steps { host, last } = steps;
        let request = quote!(#MESSAGE::HttpRequest::aws_json(#content_type, #target, writer));
        let rest = quote!(#compatible #host #last);
        let write = self.write_request(plan, operation);
        if rest.is_empty() {
            return quote! {
                #write
                Ok(#request)
            };
        }
        quote! {
            #write
            let mut request = #request;
            #rest
            Ok(request)
        }
    }

    /// A request of the protocol rpcv2Cbor. An operation without an input has no body.
    fn rpc_v2_cbor(
        &self,
        plan: &Plan<'_>,
        operation: &Operation<'_>,
        steps: &Steps,
    ) -> TokenStream {
        let service = plan.model.id.name();
        let path = format!("/service/{service}/operation/{}", operation.model.name);
        let compatible = query_mode(plan);
        let Steps { host, last } = steps;
        let request = quote!(#MESSAGE::HttpRequest::rpc_v2_cbor(#path));
        let body = operation.model.has_input.then(|| {
            let write = self.write_request(plan, operation);
            quote! {
                #write
                request.cbor(writer);
            }
        });
        let rest = quote!(#compatible #host #body #last);
        if rest.is_empty() {
            return quote!(Ok(#request));
        }
        quote! {
            let mut request = #request;
            #rest
            Ok(request)
        }
    }

    /// The statements that write `self` to the variable `writer`.
    fn write_request(&self, plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
        let (module, function) = (self.module, self.write);
        let capacity = object_capacity::capacity(self, plan, operation.model.request);
        let definition = plan.type_definition(operation.model.request);
        let write = match body_fields(definition).next().is_none() {
            true => quote! {
                writer.begin_object();
                writer.end_object();
            },
            false => quote!(self.#function(&mut writer);),
        };
        quote! {
            let mut writer = #module::Writer::with_capacity(#capacity);
            #write
        }
    }
}
