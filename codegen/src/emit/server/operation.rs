//! The file of an operation: a request that can be read and checked, and a response that can be written.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::message::{header_writes, protocol};
use super::route::label_index;
use crate::emit::aggregate::structure_item;
use crate::emit::codec;
use crate::emit::docs::{inner_doc, reference_link};
use crate::emit::http_read::header_value;
use crate::emit::imports::VALIDATION;
use crate::emit::imports::type_name;
use crate::emit::source_file::SourceFile;
use crate::emit::types::{ident, root};
use crate::emit::validation;
use crate::error::{Context, Error, Result};
use crate::model::{Binding, TimestampFormat};
use crate::plan::{Field, Module, Operation, Plan, Presence, TypeDefinition, TypeKind};

/// `operation/mod.rs`.
pub(super) fn module_file(plan: &Plan<'_>) -> TokenStream {
    let modules: Vec<_> = plan
        .operations
        .iter()
        .map(|operation| ident(&operation.module()))
        .collect();
    let exports = plan.operations.iter().map(|operation| {
        let module = ident(&operation.module());
        let mut names = [operation.model.request, operation.model.response]
            .map(|id| plan.type_definition(id).name.clone());
        names.sort();
        let names = names.iter().map(|name| ident(name));
        quote!(pub use self::#module::{#(#names),*};)
    });
    quote! {
        #![doc = " The operations, each with a request and a response."]
        #(mod #modules;)*
        #(#exports)*
    }
}

/// `operation/<operation>.rs`.
pub(super) fn operation_file(plan: &Plan<'_>, index: usize) -> Result<SourceFile> {
    let operation = &plan.operations[index];
    let mut title = vec![format!("The operation `{}`.", operation.model.name)];
    if let Some(link) = reference_link(plan, operation, None) {
        title.extend([String::new(), link]);
    }
    let title = inner_doc(&title);
    let request = request(plan, operation)?;
    let response = response(plan, operation)?;
    let items = quote!(#request #response);
    Ok(SourceFile {
        documentation: title,
        module: Some(Module::Operation),
        before: quote!(
            use crate::wire;
        ),
        items,
    })
}

fn request(plan: &Plan<'_>, operation: &Operation<'_>) -> Result<TokenStream> {
    let definition = plan.type_definition(operation.model.request);
    let fields = definition.fields();
    let name = type_name(definition);
    let lines = [format!("The request of `{}`.", operation.model.name)];
    let item = structure_item(plan, definition, fields, &lines)?;
    let has_body = fields
        .iter()
        .any(|field| field.model.binding == Binding::Body);
    let read = has_body.then(|| codec::reading(plan).structure(plan, definition));
    let validate_at = validation::structure_function(plan, operation.model.request);
    let validate = validation::validate_body(plan, operation.model.request);
    let decode = decode(plan, operation, definition, has_body)?;
    let argument = if fields.is_empty() {
        quote!(_message)
    } else {
        quote!(message)
    };
    let dry_run = dry_run(plan, operation);
    let root = root(plan);
    let operation_name = &operation.model.name;
    let own = (read.is_some() || validate_at.is_some())
        .then(|| quote!(impl #name { #read #validate_at }));
    Ok(quote! {
        #item
        #own
        impl wire::Input for #name {
            const SERVICE: &'static wire::Service = &#root::SERVICE;
            const OPERATION: &'static str = #operation_name;
            fn decode(#argument: &wire::Request) -> Result<Self, wire::DecodeError> {
                #decode
            }
            fn validate(&self, level: #VALIDATION::Level) -> Result<(), #VALIDATION::Violations> {
                #validate
            }
            #dry_run
        }
    })
}

fn dry_run(plan: &Plan<'_>, operation: &Operation<'_>) -> Option<TokenStream> {
    let dry_run = operation.model.dry_run.as_ref()?;
    let member = ident(&plan.field(dry_run.member).name);
    let error = plan
        .model
        .errors
        .iter()
        .map(|id| plan.type_definition(*id))
        .find(|error| error.model.id == dry_run.error)?;
    let name = ident(&error.name);
    let root = root(plan);
    let text = "The request would have succeeded, but was only a dry run.";
    let members = error.fields().iter().map(|field| {
        let member = ident(&field.name);
        let is_text = matches!(field.ty.kind, TypeKind::String { .. });
        match &field.presence {
            Presence::Optional if member == "message" && is_text => {
                quote!(#member: Some(#text.to_owned()))
            }
            Presence::Optional => quote!(#member: None),
            _ if member == "message" && is_text => quote!(#member: #text.to_owned()),
            Presence::Required | Presence::Default(_) => quote!(#member: Default::default()),
        }
    });
    Some(quote! {
        fn dry_run_refusal(&self) -> Option<wire::Refusal> {
            (self.#member == Some(true)).then(|| #root::error::#name { #(#members),* }.into())
        }
    })
}

/// The body of `decode`.
fn decode(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    definition: &TypeDefinition<'_>,
    has_body: bool,
) -> Result<TokenStream> {
    let name = type_name(definition);
    let start = if has_body {
        codec::reading(plan).body(plan, definition, &quote!(message))
    } else {
        quote!(Ok(#name::default()))
    };
    let bound: Vec<&Field<'_>> = definition
        .fields()
        .iter()
        .filter(|field| field.model.binding != Binding::Body)
        .collect();
    if !plan.model.protocol.binds_http() || bound.is_empty() {
        return Ok(start);
    }
    let start = if has_body {
        quote!(#start?)
    } else {
        quote!(#name::default())
    };
    let members = bound
        .into_iter()
        .map(|field| read_member(plan, operation, definition, field).at(&field.model.id))
        .collect::<Result<TokenStream>>()?;
    Ok(quote! {
        let mut output = #start;
        #members
        Ok(output)
    })
}

fn read_member(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    definition: &TypeDefinition<'_>,
    field: &Field<'_>,
) -> Result<TokenStream> {
    let name = ident(&field.name);
    let wire = &field.model.name;
    let date_time = TimestampFormat::DateTime;
    Ok(match &field.model.binding {
        Binding::Label => {
            let place = label_index(operation, wire)?;
            let value = header_value(&field.ty, wire, date_time);
            quote! {
                let text = message.#place?;
                output.#name = Some(#value);
            }
        }
        Binding::Query(key) => match &field.ty.kind {
            TypeKind::List { element, .. } => {
                let value = header_value(element, key, date_time);
                quote! {
                    for text in message.query_values(#key) {
                        output.#name.get_or_insert_default().push(#value);
                    }
                }
            }
            _ => {
                let value = header_value(&field.ty, key, date_time);
                quote! {
                    if let Some(text) = message.query_value(#key) {
                        output.#name = Some(#value);
                    }
                }
            }
        },
        Binding::Header(header) => {
            let value = header_value(&field.ty, header, TimestampFormat::HttpDate);
            quote! {
                if let Some(text) = message.header(#header) {
                    output.#name = Some(#value);
                }
            }
        }
        Binding::Payload => payload(plan, definition, field)?,
        Binding::QueryParams | Binding::PrefixHeaders(_) => {
            return Err(Error::new(
                "a server cannot have maps in the query or in headers yet",
            ));
        }
        Binding::Status | Binding::Body | Binding::EventHeader => TokenStream::new(),
    })
}

fn payload(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    field: &Field<'_>,
) -> Result<TokenStream> {
    let name = ident(&field.name);
    let value = match &field.ty.kind {
        TypeKind::StreamingBlob { .. } | TypeKind::EventStream(_) => {
            return Err(Error::new("a server cannot have streams yet"));
        }
        TypeKind::Blob { .. } => quote!(Some(message.body.clone())),
        TypeKind::String { .. } => quote!(Some(message.text()?)),
        TypeKind::Enum(_) => {
            quote!(Some(message.text()?.into()))
        }
        _ => {
            let read = codec::reading(plan).payload(plan, definition, field, &quote!(message));
            quote!(#read?)
        }
    };
    Ok(quote! {
        if !message.body.is_empty() {
            output.#name = #value;
        }
    })
}

fn response(plan: &Plan<'_>, operation: &Operation<'_>) -> Result<TokenStream> {
    let definition = plan.type_definition(operation.model.response);
    let fields = definition.fields();
    let name = type_name(definition);
    let lines = [format!("The response of `{}`.", operation.model.name)];
    let item = structure_item(plan, definition, fields, &lines)?;
    let has_body = fields
        .iter()
        .any(|field| field.model.binding == Binding::Body);
    let codec = codec::response_writing(plan);
    let write = has_body.then(|| codec.members(plan, definition));
    let capacity = has_body
        .then(|| codec.capacity(plan, operation.model.response))
        .flatten();
    let own = (has_body || capacity.is_some()).then(|| quote!(impl #name { #write #capacity }));
    let status = Literal::u16_unsuffixed(operation.model.http.code);
    let protocol = protocol(plan.model);
    let headers = header_writes(fields, &quote!(self), &quote!(response));
    let body = response_body(plan, operation, fields)?;
    let success = quote!(wire::Response::success(#protocol, #status));
    let encode = if headers.is_empty() && body.is_empty() {
        success
    } else {
        quote! {
            let mut response = #success;
            #headers
            #body
            response
        }
    };
    Ok(quote! {
        #item
        #own
        impl wire::Output for #name {
            fn encode(self) -> wire::Response {
                #encode
            }
        }
    })
}

fn response_body(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    fields: &[Field<'_>],
) -> Result<TokenStream> {
    let mut statements = TokenStream::new();
    for field in fields {
        let name = ident(&field.name);
        let statement = match (&field.model.binding, &field.ty.kind) {
            (Binding::Status, _) => quote!(response.set_status(value);),
            (Binding::Payload, TypeKind::StreamingBlob { .. } | TypeKind::EventStream(_)) => {
                return Err(Error::new("a server cannot have streams yet").at(&field.model.id));
            }
            (Binding::Payload, TypeKind::Blob { .. }) => quote!(response.body = value;),
            (Binding::Payload, TypeKind::String { .. }) => quote!(response.body = value.into();),
            (Binding::Payload, _) => codec::response_writing(plan).payload(plan, field),
            (Binding::PrefixHeaders(_), _) => {
                return Err(
                    Error::new("a server cannot have maps in headers yet").at(&field.model.id)
                );
            }
            _ => continue,
        };
        statements.extend(match field.presence {
            Presence::Optional => quote!(if let Some(value) = self.#name { #statement }),
            Presence::Required | Presence::Default(_) => {
                quote!(let value = self.#name; #statement)
            }
        });
    }
    let body = codec::response_writing(plan).body(plan, operation, !statements.is_empty());
    statements.extend(body);
    Ok(statements)
}
