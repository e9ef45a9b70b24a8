//! Code that writes a request: `encode`.

use proc_macro2::TokenStream;
use quote::quote;

use super::discovery;
use super::http_query::query;
use super::http_text::{owned_text, text};
use super::imports::{HEADER, HTTP, MESSAGE};
use super::redaction::function;
use super::request_parameters;
use super::types::ident;
use super::value::Value;
use super::writing::Steps;
use super::{checksum, codec, form_write};
use crate::model::{
    Binding, PresignedCopy, Protocol, Segment, SignatureVersion, TimestampFormat, TypeId,
};
use crate::plan::{Field, Operation, Plan, TypeKind};

/// The body of `encode`.
pub(super) fn encode_body(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let fields = plan.type_definition(operation.model.request).fields();
    let host = host(plan, operation, fields);
    let last = finishing(plan, operation);
    if !plan.model.protocol.binds_http() {
        return codec::request_writing(plan).whole(plan, operation, &Steps { host, last });
    }
    let method = method(&operation.model.http.method);
    let path = path(plan, operation, fields);
    let query = query(plan, operation, fields);
    let headers = headers(plan, operation, fields);
    let body = rest_body(plan, operation, fields);
    quote! {
        let mut request = #MESSAGE::HttpRequest::new(#method);
        #host
        #path
        #query
        #headers
        #body
        #last
        Ok(request)
    }
}

fn method(name: &str) -> TokenStream {
    match name {
        "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT" => {
            let name = ident(name);
            quote!(#HTTP::Method::#name)
        }
        other => quote!(#HTTP::Method::from_bytes(#other.as_bytes()).unwrap_or_default()),
    }
}

/// Steps that need the complete request.
fn finishing(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let headers = plan
        .model
        .request_headers
        .iter()
        .map(|(name, value)| quote!(request.constant_header(#name, #value);));
    let form = operation
        .model
        .query_as_form
        .then(|| quote!(request.query_as_form();));
    let copy = presigned_copy(plan, operation);
    let compress = operation.model.gzip.then(|| quote!(request.compress();));
    let checksum = checksum::statement(plan, operation);
    let tree_hash = operation
        .model
        .tree_hash
        .then(|| quote!(request.tree_hash();));
    let events = rpc_events(plan, operation);
    quote!(#(#headers)* #form #copy #compress #checksum #tree_hash #events)
}

/// The statement about a copy from another region.
fn presigned_copy(plan: &Plan<'_>, operation: &Operation<'_>) -> Option<TokenStream> {
    let request = plan.type_definition(operation.model.request);
    let name = |field: &Field<'_>| form_write::member_name(plan.model.protocol, field.model);
    request.fields().iter().find_map(|source| {
        let PresignedCopy {
            url,
            destination,
            names_regions,
        } = source.model.presigned_copy.as_ref()?;
        let (source, url) = (name(source), name(request.field(url)?));
        Some(quote! {
            request.presigned_copy(#MESSAGE::PresignedCopy {
                source: #source,
                url: #url,
                destination: #destination,
                names_regions: #names_regions,
            });
        })
    })
}

/// The steps of a request with event streams in protocols without HTTP bindings.
fn rpc_events(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    if plan.model.protocol.binds_http() {
        return TokenStream::new();
    }
    let stream = |id: TypeId| {
        let mut fields = plan.type_definition(id).fields().iter();
        fields.find(|field| matches!(field.ty.kind, TypeKind::EventStream(_)))
    };
    let send = stream(operation.model.request).map(|field| {
        let name = ident(&field.name);
        quote!(request.rpc_events(self.#name);)
    });
    let names_types = plan.model.protocol == Protocol::RpcV2Cbor;
    let accept = (names_types && stream(operation.model.response).is_some())
        .then(|| quote!(request.accepts_events();));
    quote!(#send #accept)
}

fn host(plan: &Plan<'_>, operation: &Operation<'_>, fields: &[Field<'_>]) -> TokenStream {
    let endpoints = fields
        .iter()
        .filter(|field| field.model.endpoint)
        .map(|field| {
            let name = ident(&field.name);
            let endpoint = function(plan, operation, field, "endpoint");
            quote!(request.#endpoint(self.#name.as_deref());)
        });
    let prefix = segments(
        plan,
        operation,
        &operation.model.host_prefix,
        fields,
        "host_prefix",
        "host_label",
        "host_label",
    );
    let parameters = request_parameters::statements(plan, operation);
    let discovery = discovery::statements(plan, operation);
    quote!(#(#endpoints)* #parameters #discovery #prefix)
}

fn path(plan: &Plan<'_>, operation: &Operation<'_>, fields: &[Field<'_>]) -> TokenStream {
    let labels = operation.model.http.endpoint_labels.iter();
    let required: TokenStream = labels
        .map(|name| {
            let field = fields.iter().find(|field| field.model.name == *name);
            let value = field.map(label_value);
            quote!(request.endpoint_label(#name, #value)?;)
        })
        .collect();
    // Where the path is signed as it is sent, nothing resolves dots in it.
    let greedy = match plan.model.signature_version {
        SignatureVersion::V4 => "greedy_label",
        SignatureVersion::S3V4 => "verbatim_greedy_label",
    };
    let path = segments(
        plan,
        operation,
        &operation.model.http.path,
        fields,
        "path",
        "label",
        greedy,
    );
    quote!(#required #path)
}

fn segments(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    segments: &[Segment],
    fields: &[Field<'_>],
    literal: &str,
    label: &str,
    greedy: &str,
) -> TokenStream {
    let literal = ident(literal);
    let write_label = |name: &str, method: &str| {
        let field = fields.iter().find(|field| field.model.name == name);
        let method = match field {
            Some(field) => function(plan, operation, field, method),
            None => ident(method),
        };
        let value = field.map(label_value);
        quote!(request.#method(#name, #value)?;)
    };
    segments
        .iter()
        .map(|segment| match segment {
            Segment::Literal(text) => quote!(request.#literal(#text);),
            Segment::Label(name) => write_label(name, label),
            Segment::GreedyLabel(name) => write_label(name, greedy),
        })
        .collect()
}

/// An `Option<&str>` of a member in a path.
fn label_value(field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    match &field.ty.kind {
        TypeKind::String { .. } => {
            let default = field
                .model
                .label_default
                .as_ref()
                .map(|default| quote!(.filter(|value| !value.is_empty()).or(Some(#default))));
            quote!(self.#name.as_deref() #default)
        }
        TypeKind::Enum(_) | TypeKind::BigInteger | TypeKind::BigDecimal => {
            quote!(self.#name.as_ref().map(|value| value.as_str()))
        }
        TypeKind::Float => quote!(self.#name.map(#HEADER::format_float).as_deref()),
        TypeKind::Double => quote!(self.#name.map(#HEADER::format_double).as_deref()),
        _ => {
            let text = owned_text(
                &field.ty,
                &Value::place(quote!(value)),
                TimestampFormat::DateTime,
            );
            quote!(self.#name.map(|value| #text).as_deref())
        }
    }
}

/// Headers of single members come first, because they take precedence over the maps with prefixes.
fn headers(plan: &Plan<'_>, operation: &Operation<'_>, fields: &[Field<'_>]) -> TokenStream {
    let mut members = TokenStream::new();
    let mut maps = TokenStream::new();
    for field in fields {
        let name = ident(&field.name);
        let member = &field.model.name;
        match &field.model.binding {
            Binding::Header(header) => {
                members.extend(header_member(plan, operation, field, header))
            }
            Binding::PrefixHeaders(prefix) => {
                let prefix_header = function(plan, operation, field, "prefix_header");
                maps.extend(quote! {
                    for (key, value) in self.#name.iter().flatten() {
                        request.#prefix_header(#prefix, #member, key, value)?;
                    }
                });
            }
            _ => {}
        }
    }
    quote!(#members #maps)
}

fn header_member(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    field: &Field<'_>,
    header: &str,
) -> TokenStream {
    let set = function(plan, operation, field, "header");
    let name = ident(&field.name);
    let member = &field.model.name;
    match &field.ty.kind {
        TypeKind::List { element, sparse } => {
            let text = owned_text(
                element,
                &Value::reference(quote!(value)),
                TimestampFormat::HttpDate,
            );
            let flatten = sparse.then(|| quote!(.flatten()));
            quote! {
                if let Some(values) = &self.#name {
                    let values: Vec<String> = values.iter() #flatten .map(|value| #text).collect();
                    request.#set(#header, #member, &values.join(", "))?;
                }
            }
        }
        _ => {
            let value = Value::reference(quote!(value));
            let text = match &field.ty.kind {
                TypeKind::String {
                    media_type: Some(_),
                } => quote!(&#HEADER::format_media_type(value)),
                _ => text(&field.ty, &value, TimestampFormat::HttpDate),
            };
            quote! {
                if let Some(value) = &self.#name {
                    request.#set(#header, #member, #text)?;
                }
            }
        }
    }
}

fn rest_body(plan: &Plan<'_>, operation: &Operation<'_>, fields: &[Field<'_>]) -> TokenStream {
    if let Some(payload) = fields
        .iter()
        .find(|field| field.model.binding == Binding::Payload)
    {
        return payload_body(plan, operation, payload);
    }
    if !fields
        .iter()
        .any(|field| field.model.binding == Binding::Body)
    {
        return TokenStream::new();
    }
    codec::request_writing(plan).body(plan, operation)
}

fn payload_body(plan: &Plan<'_>, operation: &Operation<'_>, field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    let content_type =
        |media_type: Option<&str>, default: &'static str| media_type.unwrap_or(default).to_owned();
    match &field.ty.kind {
        TypeKind::StreamingBlob {
            media_type,
            requires_length,
        } => {
            let content_type = content_type(*media_type, "application/octet-stream");
            let member = &field.model.name;
            let set = match requires_length {
                true => quote!(request.stream_with_length(#content_type, #member, value)?;),
                false => quote!(request.stream(#content_type, value);),
            };
            quote! {
                if let Some(value) = self.#name {
                    #set
                }
            }
        }
        TypeKind::EventStream(_) => quote!(request.events(self.#name);),
        TypeKind::Blob { media_type } => {
            let content_type = content_type(*media_type, "application/octet-stream");
            quote! {
                if let Some(value) = self.#name {
                    request.bytes(#content_type, value);
                }
            }
        }
        TypeKind::String { media_type } => {
            let content_type = content_type(*media_type, "text/plain");
            quote! {
                if let Some(value) = self.#name {
                    request.bytes(#content_type, value.into());
                }
            }
        }
        TypeKind::Enum(_) => quote! {
            if let Some(value) = self.#name {
                request.bytes("text/plain", value.as_str().to_owned().into());
            }
        },
        _ => codec::request_writing(plan).payload(plan, operation, field),
    }
}
