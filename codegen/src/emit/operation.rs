//! The file of an operation: metadata, request, response, builder, encode, decode.
//!
//! One file an operation, so that the diff of a model update reads as a changelog.

use proc_macro2::TokenStream;
use quote::quote;

use super::aggregate::{structure_item, write_function};
use super::docs::{deprecation, doc, inner_doc, reference_link, setter_lines};
use super::http_read::{decode_body, uses_response};
use super::http_write::encode_body;
use super::json_capacity;
use super::json_read::read_function;
use super::setter::setter;
use super::types::{Module, ident, imports};
use crate::error::Result;
use crate::ir::{Binding, Field, Operation, Service, TypeKind};

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
pub(super) fn operation_file(service: &Service, index: usize) -> Result<TokenStream> {
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
        response(service, operation)?,
    ];
    let items: TokenStream = items.into_iter().collect();
    let imports = imports(service, Module::Operation, &items);
    Ok(quote! {
        #title
        #imports
        use crate::Client;
        use crate::client::SERVICE;
        use crate::error::ServiceError;
        #items
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
    let streaming = service
        .type_definition(operation.response)
        .fields()
        .iter()
        .any(|field| matches!(field.ty.kind, TypeKind::StreamingBlob { .. }));
    quote! {
        static OPERATION: attache_runtime::operation::Operation = attache_runtime::operation::Operation {
            service: &SERVICE,
            name: #name,
            read_only: #read_only,
            idempotent: #idempotent,
            signed: #signed,
            unsigned_payload: #unsigned_payload,
            streaming_response: #streaming,
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
            #[doc = " The request as it stands, to be kept, changed or sent later."]
            pub fn into_request(self) -> #request {
                self.request
            }
            #(#setters)*
        }
    }
}

fn request(service: &Service, operation: &Operation) -> Result<TokenStream> {
    let definition = service.type_definition(operation.request);
    let fields = definition.fields();
    let name = ident(&definition.name.rust);
    let lines = [format!(
        "The request of [`{0}`](Client::{0}).",
        operation.function
    )];
    let item = structure_item(service, definition, fields, &lines)?;
    let write = fields
        .iter()
        .any(|field| field.binding == Binding::Body)
        .then(|| write_function(service, fields));
    let capacity = json_capacity::function(service, operation.request);
    let methods = if write.is_none() && capacity.is_none() {
        TokenStream::new()
    } else {
        quote!(impl #name { #write #capacity })
    };
    Ok(quote!(#item #methods))
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

            const OPERATION: &'static attache_runtime::operation::Operation = &OPERATION;

            #token

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
    let read = read_function(service, body.into_iter(), false)?;
    Ok(quote! {
        #item
        impl #name {
            #read
        }
    })
}

/// The function of the client that starts a call.
pub(super) fn client_function(
    service: &Service,
    crate_name: &str,
    operation: &Operation,
) -> TokenStream {
    let function = ident(&operation.function);
    let builder = ident(&operation.name.rust);
    let docs = doc(&function_lines(service, crate_name, operation));
    let deprecated = deprecation(operation.deprecated.as_ref());
    quote! {
        #docs
        #deprecated
        pub fn #function(&self) -> operation::#builder {
            operation::#builder::new(self.clone())
        }
    }
}

fn function_lines(service: &Service, crate_name: &str, operation: &Operation) -> Vec<String> {
    let request = &service.type_definition(operation.request).name.rust;
    let response = &service.type_definition(operation.response).name.rust;
    let mut lines = vec![
        format!("Calls `{}`.", operation.name.wire),
        String::new(),
        format!(
            "Request: [`{request}`](operation::{request}). Response: [`{response}`](operation::{response}). {}",
            reference_link(service, operation)
        ),
        String::new(),
    ];
    lines.extend(example(service, crate_name, operation));
    lines.extend([String::new(), "# Errors".to_owned(), String::new()]);
    let errors: Vec<String> = operation
        .errors
        .iter()
        .map(|id| &service.type_definition(*id).name.rust)
        .map(|name| format!("[`{name}`](crate::error::{name})"))
        .collect();
    lines.push(if errors.is_empty() {
        "The model names none for this operation.".to_owned()
    } else {
        format!("{}.", errors.join(", "))
    });
    lines
}

fn example(service: &Service, crate_name: &str, operation: &Operation) -> Vec<String> {
    let mut lines = vec![
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: {crate_name}::Client) -> Result<(), {crate_name}::Error> {{"
        ),
        "let response = client".to_owned(),
        format!("    .{}()", operation.function),
    ];
    for field in service.type_definition(operation.request).fields() {
        if field.required
            && let Some(argument) = super::sample::argument(service, crate_name, field)
        {
            lines.push(format!(
                "    .{}({argument})",
                super::setter::method_name(field)
            ));
        }
    }
    lines.extend([
        "    .send()".to_owned(),
        "    .await?;".to_owned(),
        "println!(\"{response:?}\");".to_owned(),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
    ]);
    lines
}
