//! The file of an operation: metadata, request, response, builder, encode, decode.
//!
//! One file an operation, so that the diff of a model update reads as a changelog.

use proc_macro2::TokenStream;
use quote::quote;

use super::aggregate::{structure_item, write_function};
use super::check;
use super::docs::{doc, inner_doc, reference_link, setter_lines};
use super::http_read::{decode_body, uses_response};
use super::http_write::encode_body;
use super::json_capacity;
use super::json_read::read_function;
use super::pages;
use super::setter::setter;
use super::source_file::SourceFile;
use super::types::{Module, ident};
use super::waiter;
use crate::error::Result;
use crate::model::{
    Binding, ContextValue, DryRun, Field, Operation, Service, TypeDefinition, TypeKind,
};

/// `src/operation/mod.rs`.
pub(super) fn module_file(service: &Service) -> TokenStream {
    let names: Vec<_> = service
        .operations
        .iter()
        .map(|operation| ident(&operation.function))
        .collect();
    let exports = service.operations.iter().map(|operation| {
        let module = ident(&operation.function);
        let mut names = [
            operation.name.rust.clone(),
            service.type_definition(operation.request).name.rust.clone(),
            service
                .type_definition(operation.response)
                .name
                .rust
                .clone(),
        ];
        names.sort();
        let names = names.iter().map(|name| ident(name));
        quote!(pub use self::#module::{#(#names),*};)
    });
    quote! {
        #![doc = " The operations: a request, a response and a builder each."]
        #(mod #names;)*
        #(#exports)*
    }
}

/// `src/operation/<operation>.rs`.
pub(super) fn operation_file(service: &Service, index: usize) -> Result<SourceFile> {
    let operation = &service.operations[index];
    let title = inner_doc(&[
        format!("The operation `{}`.", operation.name.wire),
        String::new(),
        reference_link(service, operation),
    ]);
    let items = [
        metadata(service, operation),
        builder(service, operation),
        request(service, operation)?,
        request_trait(service, operation),
        pages::implementations(service, operation),
        waiter::judges(service, operation),
        response(service, operation)?,
    ];
    Ok(SourceFile {
        documentation: title,
        module: Some(Module::Operation),
        before: quote! {
            use crate::Client;
            use crate::client::SERVICE;
            use crate::error::ServiceError;
        },
        items: items.into_iter().collect(),
    })
}

fn metadata(service: &Service, operation: &Operation) -> TokenStream {
    let name = &operation.name.wire;
    let Operation {
        read_only,
        idempotent,
        signed,
        unsigned_payload,
        ..
    } = operation;
    let dry_run_error = match &operation.dry_run {
        Some(dry_run) => {
            let name = dry_run.error.name();
            quote!(Some(#name))
        }
        None => quote!(None),
    };
    let endpoint_region = match &operation.endpoint_region {
        Some(region) => quote!(Some(#region)),
        None => quote!(None),
    };
    let endpoint_context = operation.endpoint_context.iter().map(|(name, value)| {
        let value = match value {
            ContextValue::String(text) => quote!(String(#text)),
            ContextValue::Boolean(flag) => quote!(Boolean(#flag)),
        };
        quote!((#name, attache_runtime::plumbing::endpoint::ContextValue::#value))
    });
    let streaming = service
        .type_definition(operation.response)
        .fields()
        .iter()
        .any(|field| matches!(field.ty.kind, TypeKind::StreamingBlob { .. }));
    quote! {
        static OPERATION: attache_runtime::plumbing::operation::Operation = attache_runtime::plumbing::operation::Operation {
            service: &SERVICE,
            name: #name,
            read_only: #read_only,
            idempotent: #idempotent,
            signed: #signed,
            unsigned_payload: #unsigned_payload,
            streaming_response: #streaming,
            dry_run_error: #dry_run_error,
            endpoint_region: #endpoint_region,
            endpoint_context: &[#(#endpoint_context),*],
        };
    }
}

fn builder(service: &Service, operation: &Operation) -> TokenStream {
    let name = ident(&operation.name.rust);
    let definition = service.type_definition(operation.request);
    let request = ident(&definition.name.rust);
    let response = ident(&service.type_definition(operation.response).name.rust);
    let lines = [format!(
        "A call of [`{0}`](Client::{0}), to be filled in and sent.",
        operation.function
    )];
    let docs = doc(&lines);
    let setters = definition.fields().iter().map(|field| {
        setter(
            service,
            field,
            &quote!(self.request),
            &setter_lines(service, &definition.name.rust, field),
        )
    });
    let dry_run = operation
        .dry_run
        .as_ref()
        .map(|dry_run| send_dry_run(definition, dry_run));
    let pages = pages::builder_functions(service, operation);
    let waiters = waiter::builder_functions(service, operation);
    quote! {
        #docs
        #[derive(Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct #name {
            client: Client,
            request: #request,
            options: CallOptions,
        }
        impl #name {
            pub(crate) fn new(client: Client) -> Self {
                Self { client, request: #request::default(), options: CallOptions::default() }
            }
            #[doc = " Sends the request."]
            pub fn send(self) -> Call<#response, ServiceError> {
                self.client.send_with(self.request, self.options)
            }
            #[doc = " Sets how this call differs from what the client is configured for: timeouts, attempts."]
            pub fn options(mut self, options: CallOptions) -> Self {
                self.options = options;
                self
            }
            #pages
            #waiters
            #dry_run
            #[doc = " Validates this request at another level than that of the client: see [`attache_runtime::validation`]."]
            pub fn validation(mut self, level: validation::Level) -> Self {
                self.client = self.client.with_validation(level);
                self
            }
            #[doc = " The request as it stands, to be kept, changed or sent later."]
            pub fn into_request(self) -> #request {
                self.request
            }
            #(#setters)*
        }
    }
}

/// The function that asks without doing.
fn send_dry_run(request: &TypeDefinition, dry_run: &DryRun) -> TokenStream {
    let member = dry_run_field(request, dry_run);
    quote! {
        #[doc = " Asks the service whether it would do this, and does nothing."]
        #[doc = ""]
        #[doc = " That it would is `Ok`, although it is an error on the wire; what stands against it is the error."]
        pub fn send_dry_run(mut self) -> Call<attache_runtime::operation::DryRun, ServiceError> {
            self.request.#member = Some(true);
            self.client.send_dry_run(self.request, self.options)
        }
    }
}

fn dry_run_field(request: &TypeDefinition, dry_run: &DryRun) -> proc_macro2::Ident {
    let field = request
        .fields()
        .iter()
        .find(|field| field.name.wire == dry_run.member);
    // The lowering has looked for it.
    ident(field.map_or("", |field| field.name.rust.as_str()))
}

fn request(service: &Service, operation: &Operation) -> Result<TokenStream> {
    let definition = service.type_definition(operation.request);
    let fields = definition.fields();
    let name = ident(&definition.name.rust);
    let lines = [format!(
        "The request of [`{0}`](Client::{0}). A literal of it ends with `..Default::default()`.",
        operation.function
    )];
    let item = structure_item(service, definition, fields, &lines)?;
    let write = fields
        .iter()
        .any(|field| field.binding == Binding::Body)
        .then(|| write_function(service, fields));
    let capacity = json_capacity::function(service, operation.request);
    let validate = check::validate_function(service, operation.request);
    let check = check::structure_function(service, operation.request);
    Ok(quote!(#item impl #name { #validate #write #capacity #check }))
}

fn request_trait(service: &Service, operation: &Operation) -> TokenStream {
    let request = service.type_definition(operation.request);
    let request_name = ident(&request.name.rust);
    let response = service.type_definition(operation.response);
    let response_name = ident(&response.name.rust);
    let token = request
        .fields()
        .iter()
        .find(|field| field.idempotency_token)
        .map(fill_token);
    let is_dry_run = operation.dry_run.as_ref().map(|dry_run| {
        let member = dry_run_field(request, dry_run);
        quote! {
            fn is_dry_run(&self) -> bool {
                self.#member == Some(true)
            }
        }
    });
    let encode = encode_body(service, operation);
    let decode = decode_body(service, response);
    let argument = if uses_response(response.fields()) {
        quote!(response)
    } else {
        quote!(_response)
    };
    quote! {
        impl attache_runtime::operation::Request for #request_name {
            type Response = #response_name;
            type ServiceError = ServiceError;

            const OPERATION: &'static attache_runtime::plumbing::operation::Operation = &OPERATION;

            #token

            fn validate(&self, level: validation::Level) -> Result<(), validation::Violations> {
                Self::validate(self, level)
            }

            #is_dry_run

            fn encode(self) -> Result<message::HttpRequest, message::EncodeError> {
                #encode
            }

            fn decode(#argument: message::HttpResponse) -> Result<#response_name, message::DecodeError> {
                #decode
            }
        }
    }
}

fn fill_token(field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    quote! {
        fn fill_idempotency_token(&mut self, token: &dyn Fn() -> String) {
            self.#name.get_or_insert_with(token);
        }
    }
}

fn response(service: &Service, operation: &Operation) -> Result<TokenStream> {
    let definition = service.type_definition(operation.response);
    let fields = definition.fields();
    let name = ident(&definition.name.rust);
    let lines = [format!(
        "The response of [`{0}`](Client::{0}).",
        operation.function
    )];
    let item = structure_item(service, definition, fields, &lines)?;
    let body: Vec<&Field> = fields
        .iter()
        .filter(|field| field.binding == Binding::Body)
        .collect();
    if body.is_empty() {
        return Ok(item);
    }
    let read = read_function(service, definition, body.into_iter(), false)?;
    Ok(quote! {
        #item
        impl #name {
            #read
        }
    })
}
