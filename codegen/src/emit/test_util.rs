//! `src/test_util.rs`: how responses and errors are written, so that a mock can give them.
//!
//! A client only reads these types, so the code is behind the feature `test-util` of the crate and is not compiled
//! otherwise.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::codec;
use super::docs::inner_doc;
use super::event_stream::{event_has_body, is_bound, mock_writer};
use super::http_text::{owned_text, text};
use super::imports::{HEADER, TEST, type_name};
use super::manifest::Manifest;
use super::open_literal;
use super::source_file::SourceFile;
use super::types::ident;
use super::value::Value;
use crate::model::{Binding, Role, TimestampFormat, TypeId};
use crate::plan::{Definition, Field, Module, Operation, Plan, Presence, TypeDefinition, TypeKind};

/// The file.
pub(super) fn test_util_file(plan: &Plan<'_>, manifest: &Manifest) -> SourceFile {
    let types = (0..plan.types.len()).map(TypeId);
    let writers: TokenStream = types.filter_map(|id| writer(plan, id)).collect();
    let error = error_function(plan);
    let responses: TokenStream = plan
        .operations
        .iter()
        .map(|operation| respond(plan, operation))
        .collect();
    let docs = documentation(plan, manifest);
    let deprecated = plan.has_deprecated().then(|| quote!(#![allow(deprecated)]));
    SourceFile {
        documentation: quote!(#docs #deprecated),
        module: Some(Module::TestUtil),
        before: quote! {
            use crate::error::ServiceError;
        },
        items: quote!(#error #responses #writers),
    }
}

fn documentation(plan: &Plan<'_>, manifest: &Manifest) -> TokenStream {
    let name = manifest.crate_name.replace('-', "_");
    let mut lines = vec![
        "Responses for tests of code that uses this crate: see [`attache_runtime::test`]."
            .to_owned(),
    ];
    if let Some(operation) = plan.operations.first() {
        let [request, response] = [operation.model.request, operation.model.response]
            .map(|id| plan.type_definition(id).name.clone());
        lines.extend([
            String::new(),
            "```".to_owned(),
            format!("use {name}::operation::{{{request}, {response}}};"),
            format!("use {name}::runtime::test::{{Mock, when}};"),
            format!("use {name}::{{Client, Error}};"),
            String::new(),
            format!("# fn example() -> Result<(), {name}::ConfigError> {{"),
            "// The first request is lost, and the second succeeds.".to_owned(),
            "let mock = Mock::new().rule(".to_owned(),
            format!("    when::<{request}>(|_request| true)"),
            "        .then(Err(Error::connect(\"refused\")))".to_owned(),
            format!("        .then(Ok({response}::default())),"),
            ");".to_owned(),
            "let client = Client::new(&mock.config().build()?);".to_owned(),
            "// … the code under test uses the client …".to_owned(),
            format!("assert_eq!(mock.count::<{request}>(), 0);"),
            "# drop(client);".to_owned(),
            "# Ok(())".to_owned(),
            "# }".to_owned(),
            "# example().expect(\"the configuration is complete\");".to_owned(),
            "```".to_owned(),
        ]);
    }
    inner_doc(&lines)
}

/// `copied` of a request. A stream is copied if it is in memory; otherwise the copy has an empty one.
pub(super) fn copied(request: &TypeDefinition<'_>) -> TokenStream {
    let fields = request.fields();
    let has_stream = fields.iter().any(|field| field.ty.is_stream());
    let copy = if has_stream {
        let values = fields.iter().map(|field| {
            let name = ident(&field.name);
            match (field.ty.is_stream(), field.is_optional()) {
                (true, true) if matches!(field.ty.kind, TypeKind::EventStream(_)) => {
                    quote!(#name: self.#name.as_ref().map(|_| Default::default()))
                }
                (true, true) => {
                    quote!(#name: self.#name.as_ref().map(attache_runtime::test::copied_stream))
                }
                (true, false) => quote!(#name: attache_runtime::test::copied_stream(&self.#name)),
                (false, _) if field.ty.is_copy() => quote!(#name: self.#name),
                (false, _) => quote!(#name: self.#name.clone()),
            }
        });
        let open = request.is_open_literal.then(open_literal::value);
        quote!(Self { #(#values,)* #open })
    } else {
        quote!(self.clone())
    };
    quote! {
        #[cfg(feature = "test-util")]
        fn copied(&self) -> Option<attache_runtime::test::Copied> {
            Some(attache_runtime::test::Copied::new(#copy))
        }
    }
}

/// `write_json` of a type that the client only reads.
fn writer(plan: &Plan<'_>, id: TypeId) -> Option<TokenStream> {
    let definition = plan.type_definition(id);
    if let Some(stream) = mock_writer(plan, id) {
        return Some(stream);
    }
    let is_written =
        plan.has_response_writer(definition) || definition.model.event_stream.is_some();
    let has_writer = !is_bound(definition) || event_has_body(definition);
    if is_written || !has_writer || !definition.model.usage.in_responses {
        return None;
    }
    let is_message = definition.model.role != Role::Nested;
    if is_message && body_statement(plan, definition).is_empty() {
        return None;
    }
    let name = type_name(definition);
    let codec = codec::response_writing(plan);
    let is_error = matches!(definition.model.role, Role::Error(_));
    let write = match &definition.definition {
        Definition::Structure(_) if is_error && codec.has_error_members() => {
            codec.members(plan, definition)
        }
        Definition::Structure(_) => codec.structure(plan, definition),
        Definition::Union(_) => codec.union(plan, definition),
        Definition::Enum(_) | Definition::IntEnum(_) => return None,
    };
    Some(quote!(impl #name { #write }))
}

/// The function that writes any error of the service.
fn error_function(plan: &Plan<'_>) -> TokenStream {
    let errors = &plan.model.errors;
    if errors.is_empty() {
        return quote! {
            fn write_error(error: &ServiceError) -> #TEST::ResponseWriter {
                match *error {}
            }
        };
    }
    let arms: Vec<(bool, TokenStream)> = errors
        .iter()
        .map(|id| {
            let definition = plan.type_definition(*id);
            let name = ident(&definition.name);
            let fields = definition.fields();
            let statements = header_statements(fields);
            let has_members = has_body(definition);
            let body = codec::response_writing(plan).mock_error(plan, definition, has_members);
            let is_empty = statements.is_empty() && body.is_empty();
            let error = match statements.is_empty() && !has_members {
                true => quote!(_),
                false => quote!(response),
            };
            let arm = quote!(ServiceError::#name(#error) => { #statements #body });
            (is_empty, arm)
        })
        .collect();
    let start = quote!(#TEST::ResponseWriter::error(modelled));
    let write = match arms.iter().all(|(is_empty, _)| *is_empty) {
        true => start,
        false => {
            let arms = arms.iter().map(|(_, arm)| arm);
            quote!(let mut writer = #start; match error { #(#arms)* } writer)
        }
    };
    quote! {
        fn write_error(error: &ServiceError) -> #TEST::ResponseWriter {
            let modelled = attache_runtime::operation::ServiceError::modelled(error);
            #write
        }
    }
}

/// The implementation of `Respond` for the request of an operation.
fn respond(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let request = type_name(plan.type_definition(operation.model.request));
    let definition = plan.type_definition(operation.model.response);
    let response = type_name(definition);
    let fields = definition.fields();
    let status = Literal::u16_unsuffixed(operation.model.http.code);
    let headers = header_statements(fields);
    let payload = payload_statements(plan, fields);
    let body = body_statement(plan, definition);
    let argument = match fields.is_empty() {
        true => quote!(_response),
        false => quote!(response),
    };
    let start = quote!(#TEST::ResponseWriter::new(#status));
    let write = match fields.is_empty() {
        true => start,
        false => quote!(let mut writer = #start; #headers #body #payload writer),
    };
    quote! {
        impl #TEST::Respond for #request {
            fn write_response(#argument: #response) -> #TEST::ResponseWriter {
                #write
            }
            fn write_error(error: &ServiceError) -> #TEST::ResponseWriter {
                write_error(error)
            }
        }
    }
}

/// The statement that writes the members of the body.
fn body_statement(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    match has_body(definition) {
        true => codec::response_writing(plan).mock_body(plan, definition),
        false => TokenStream::new(),
    }
}

/// Whether a message has members in its body.
fn has_body(definition: &TypeDefinition<'_>) -> bool {
    let mut fields = definition.fields().iter();
    fields.any(|field| field.model.binding == Binding::Body)
}

/// The statements that write the members in headers.
fn header_statements(fields: &[Field<'_>]) -> TokenStream {
    let statements = fields.iter().filter_map(|field| {
        let name = ident(&field.name);
        let optional = field.is_optional();
        let write = match &field.model.binding {
            Binding::Header(header) => header_statement(field, header),
            Binding::PrefixHeaders(prefix) => quote! {
                for (key, value) in value {
                    writer.header(&format!("{}{key}", #prefix), value);
                }
            },
            _ => return None,
        };
        Some(match optional {
            true => quote!(if let Some(value) = &response.#name { #write }),
            false => quote!({ let value = &response.#name; #write }),
        })
    });
    statements.collect()
}

fn header_statement(field: &Field<'_>, header: &str) -> TokenStream {
    let value = Value::reference(quote!(value));
    let format = TimestampFormat::HttpDate;
    match &field.ty.kind {
        TypeKind::List { element, sparse } => {
            let text = owned_text(element, &value, format);
            let flatten = sparse.then(|| quote!(.flatten()));
            quote! {
                let values: Vec<String> = value.iter() #flatten .map(|value| #text).collect();
                writer.header(#header, &values.join(", "));
            }
        }
        TypeKind::String {
            media_type: Some(_),
        } => quote!(writer.header(#header, &#HEADER::format_media_type(value));),
        _ => {
            let text = text(&field.ty, &value, format);
            quote!(writer.header(#header, #text);)
        }
    }
}

/// The statements that write the status and the member that is the whole body. They take the response apart.
fn payload_statements(plan: &Plan<'_>, fields: &[Field<'_>]) -> TokenStream {
    let statements = fields.iter().filter_map(|field| {
        let name = ident(&field.name);
        let write = match (&field.model.binding, &field.ty.kind) {
            (Binding::Status, _) => quote!(writer.status(value);),
            (Binding::Payload, TypeKind::StreamingBlob { .. }) => quote!(writer.stream(value);),
            (Binding::Payload, TypeKind::EventStream(_)) => {
                quote!(writer.events(value, write_error);)
            }
            (Binding::Payload, TypeKind::Blob { .. } | TypeKind::String { .. }) => {
                quote!(writer.bytes(value);)
            }
            (Binding::Payload, TypeKind::Enum(_)) => {
                quote!(writer.bytes(value.as_str().to_owned());)
            }
            (Binding::Payload, _) => codec::response_writing(plan).mock_payload(plan, field),
            _ => return None,
        };
        Some(match field.presence {
            Presence::Optional => quote!(if let Some(value) = response.#name { #write }),
            Presence::Required | Presence::Default(_) => {
                quote!({ let value = response.#name; #write })
            }
        })
    });
    statements.collect()
}
