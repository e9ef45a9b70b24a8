//! The file of an operation: metadata, request, response, builder, encode, decode.
//!
//! Each operation has its own file, so that the diff of an update shows which operations changed.

use proc_macro2::TokenStream;
use quote::quote;

use super::aggregate::{setters, structure_item};
use super::codec;
use super::customization;
use super::discovery;
use super::docs::{doc, inner_doc, reference_link, setter_lines};
use super::http_read::{decode_body, uses_response};
use super::http_write::encode_body;
use super::imports::{CALL, CALL_OPTIONS, MESSAGE, TypeName, VALIDATION, type_name};
use super::manifest::Manifest;
use super::operation_page::builder_lines;
use super::pages;
use super::preparation;
use super::request_constants::constants;
use super::setter::setter;
use super::source_file::SourceFile;
use super::test_util;
use super::types::ident;
use super::validation;
use super::waiter;
use crate::error::Result;
use crate::model::{self, Binding, ContextValue, DryRun, TokenForm};
use crate::plan::reserved::constructors::NEW;
use crate::plan::reserved::functions::{self, SEND_WITH, WITH_VALIDATION};
use crate::plan::reserved::methods::{self, INTO_REQUEST, OPTIONS, SEND, SEND_DRY_RUN, VALIDATE};
use crate::plan::reserved::types::{CLIENT, SERVICE_ERROR};
use crate::plan::{Field, Module, Operation, Plan};

/// `src/operation/mod.rs`.
pub(super) fn module_file(plan: &Plan<'_>) -> TokenStream {
    let names: Vec<_> = plan
        .operations
        .iter()
        .map(|operation| ident(&operation.module()))
        .collect();
    let exports = plan.operations.iter().map(|operation| {
        let module = ident(&operation.module());
        let mut names = [
            operation.name.clone(),
            plan.type_definition(operation.model.request).name.clone(),
            plan.type_definition(operation.model.response).name.clone(),
        ];
        names.sort();
        let names = names.iter().map(|name| ident(name));
        quote!(pub use self::#module::{#(#names),*};)
    });
    quote! {
        #![doc = " The operations, each with a request, a response and a builder."]
        #(mod #names;)*
        #(#exports)*
    }
}

/// `src/operation/<operation>.rs`, with the page of the operation.
pub(super) fn operation_file(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    page: &TokenStream,
    manifest: &Manifest,
) -> Result<SourceFile> {
    let mut title = vec![format!("The operation `{}`.", operation.model.name)];
    if let Some(link) = reference_link(plan, operation, manifest.additions.reference.as_deref()) {
        title.extend([String::new(), link]);
    }
    let title = inner_doc(&title);
    let items = [
        metadata(plan, operation),
        builder(plan, operation, page),
        request(plan, operation)?,
        request_trait(plan, operation, manifest),
        discovery::finder(plan, operation).unwrap_or_default(),
        pages::implementations(plan, operation),
        waiter::judges(plan, operation),
        response(plan, operation)?,
    ];
    Ok(SourceFile {
        documentation: title,
        module: Some(Module::Operation),
        before: quote! {
            use crate::#CLIENT;
            use crate::client::SERVICE;
            use crate::error::#SERVICE_ERROR;
        },
        items: items.into_iter().collect(),
    })
}

fn metadata(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let name = &operation.model.name;
    let model::Operation {
        read_only,
        idempotent,
        unsigned_payload,
        ..
    } = operation.model;
    let signed = operation.model.is_signed();
    let dry_run_error = match &operation.model.dry_run {
        Some(dry_run) => {
            let name = dry_run.error.name();
            quote!(Some(#name))
        }
        None => quote!(None),
    };
    let endpoint_region = match &operation.model.endpoint_region {
        Some(region) => quote!(Some(#region)),
        None => quote!(None),
    };
    let endpoint_context = operation
        .model
        .endpoint_context
        .iter()
        .map(|(name, value)| {
            let value = match value {
                ContextValue::String(text) => quote!(String(#text)),
                ContextValue::Boolean(flag) => quote!(Boolean(#flag)),
            };
            quote!((#name, attache_runtime::plumbing::endpoint::ContextValue::#value))
        });
    let streaming = plan
        .type_definition(operation.model.response)
        .fields()
        .iter()
        .any(|field| field.ty.is_stream());
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

fn builder(plan: &Plan<'_>, operation: &Operation<'_>, page: &TokenStream) -> TokenStream {
    let name = ident(&operation.name);
    let definition = plan.type_definition(operation.model.request);
    let request = type_name(definition);
    let response = type_name(plan.type_definition(operation.model.response));
    let docs = doc(&builder_lines(operation));
    let setters = definition.fields().iter().map(|field| {
        setter(
            field,
            &quote!(self.request),
            &setter_lines(plan, &definition.name, field),
        )
    });
    let dry_run = operation
        .model
        .dry_run
        .as_ref()
        .map(|dry_run| send_dry_run(plan, dry_run));
    let pages = pages::builder_functions(plan, operation);
    let waiters = waiter::builder_functions(plan, operation);
    let settings = builder_settings(&request);
    quote! {
        #page
        #docs
        #[derive(Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct #name {
            client: #CLIENT,
            request: #request,
            options: #CALL_OPTIONS,
        }
        impl #name {
            #[inline]
            pub(crate) fn #NEW(client: #CLIENT) -> Self {
                Self { client, request: #request::default(), options: #CALL_OPTIONS::default() }
            }
            #[doc = " Sends the request."]
            #[inline]
            pub fn #SEND(self) -> #CALL<#response, #SERVICE_ERROR> {
                self.client.#SEND_WITH(self.request, self.options)
            }
            #[doc = " Sets options of this call that replace those of the client, such as timeouts and attempts."]
            #[inline]
            pub fn #OPTIONS(mut self, options: #CALL_OPTIONS) -> Self {
                self.options = options;
                self
            }
            #pages
            #waiters
            #dry_run
            #settings
            #(#setters)*
        }
    }
}

/// The functions of a builder that concern the request as a whole.
fn builder_settings(request: &TypeName) -> TokenStream {
    let validation = methods::VALIDATION;
    quote! {
        #[doc = " Validates this request at another level than the client does: see [`attache_runtime::validation`]."]
        #[inline]
        pub fn #validation(mut self, level: #VALIDATION::Level) -> Self {
            self.client = self.client.#WITH_VALIDATION(level);
            self
        }
        #[doc = " Returns the request, to be stored, changed or sent later."]
        #[inline]
        pub fn #INTO_REQUEST(self) -> #request {
            self.request
        }
    }
}

/// The function for a dry run.
fn send_dry_run(plan: &Plan<'_>, dry_run: &DryRun) -> TokenStream {
    let member = ident(&plan.field(dry_run.member).name);
    let of_client = functions::SEND_DRY_RUN;
    quote! {
        #[doc = " Sends the request as a dry run, which has no effect."]
        #[doc = ""]
        #[doc = " The result is `Ok` if the request would succeed, although the service responds with an error then."]
        #[doc = " Otherwise it is the error with which the request would fail."]
        #[inline]
        pub fn #SEND_DRY_RUN(mut self) -> #CALL<attache_runtime::operation::DryRun, #SERVICE_ERROR> {
            self.request.#member = Some(true);
            self.client.#of_client(self.request, self.options)
        }
    }
}

fn request(plan: &Plan<'_>, operation: &Operation<'_>) -> Result<TokenStream> {
    let definition = plan.type_definition(operation.model.request);
    let fields = definition.fields();
    let name = type_name(definition);
    let lines = [format!(
        "The request of [`{0}`](Client::{0}). A literal of it ends with `..Default::default()`.",
        operation.function
    )];
    let item = structure_item(plan, definition, fields, &lines)?;
    let write = fields
        .iter()
        .any(|field| field.model.binding == Binding::Body)
        .then(|| codec::writing(plan).structure(plan, definition));
    let capacity = codec::writing(plan).capacity(plan, operation.model.request);
    let validate = validation::validate_function(plan, operation.model.request);
    let validate_at = validation::structure_function(plan, operation.model.request);
    Ok(quote!(#item impl #name { #validate #write #capacity #validate_at }))
}

fn request_trait(plan: &Plan<'_>, operation: &Operation<'_>, manifest: &Manifest) -> TokenStream {
    let request = plan.type_definition(operation.model.request);
    let request_name = type_name(request);
    let response = plan.type_definition(operation.model.response);
    let response_name = type_name(response);
    let token = request
        .fields()
        .iter()
        .find_map(|field| Some(fill_token(field, field.model.idempotency_token?)));
    let prepare = preparation::prepare(request);
    let dry_run = operation.model.dry_run.as_ref();
    let is_dry_run = dry_run.map(|dry_run| is_dry_run(plan, dry_run));
    let constants = constants(plan, operation, response);
    let copied = manifest.has_test_util.then(|| test_util::copied(request));
    let encode = encode_body(plan, operation);
    let last = customization::after_decoding(plan, operation);
    let decode = decode_body(plan, response, &last);
    let region_redirect = customization::region_redirect(operation);
    let changed =
        (!customization::before_encoding(plan, operation).is_empty()).then(|| quote!(mut));
    let argument = if uses_response(response.fields()) {
        quote!(response)
    } else {
        quote!(_response)
    };
    quote! {
        impl attache_runtime::operation::Request for #request_name {
            type Response = #response_name;
            type ServiceError = #SERVICE_ERROR;

            const OPERATION: &'static attache_runtime::plumbing::operation::Operation = &OPERATION;
            #constants
            #region_redirect

            #token

            #prepare

            #[inline]
            fn validate(&self, level: #VALIDATION::Level) -> Result<(), #VALIDATION::Violations> {
                Self::#VALIDATE(self, level)
            }

            #is_dry_run

            #copied

            #[inline]
            fn encode(#changed self) -> Result<#MESSAGE::HttpRequest, #MESSAGE::EncodeError> {
                #encode
            }

            #[inline]
            fn decode(#argument: #MESSAGE::HttpResponse) -> Result<#response_name, #MESSAGE::DecodeError> {
                #decode
            }
        }
    }
}

fn is_dry_run(plan: &Plan<'_>, dry_run: &DryRun) -> TokenStream {
    let member = ident(&plan.field(dry_run.member).name);
    quote! {
        #[inline]
        fn is_dry_run(&self) -> bool {
            self.#member == Some(true)
        }
    }
}

fn fill_token(field: &Field<'_>, form: TokenForm) -> TokenStream {
    let name = ident(&field.name);
    let token = match form {
        TokenForm::Hyphenated => quote!(token),
        TokenForm::Digits => quote!(|| token().replace('-', "")),
    };
    quote! {
        #[inline]
        fn fill_idempotency_token(&mut self, token: &dyn Fn() -> String) {
            self.#name.get_or_insert_with(#token);
        }
    }
}

fn response(plan: &Plan<'_>, operation: &Operation<'_>) -> Result<TokenStream> {
    let definition = plan.type_definition(operation.model.response);
    let fields = definition.fields();
    let name = type_name(definition);
    let lines = [format!(
        "The response of [`{0}`](Client::{0}).",
        operation.function
    )];
    let item = structure_item(plan, definition, fields, &lines)?;
    let has_body = fields
        .iter()
        .any(|field| field.model.binding == Binding::Body);
    let read = has_body.then(|| codec::reading(plan).structure(plan, definition));
    let own = (!fields.is_empty()).then(|| {
        let setters = setters(plan, definition);
        quote!(impl #name { #setters #read })
    });
    Ok(quote!(#item #own))
}
