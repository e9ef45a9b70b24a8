//! The errors of a service: a structure each, and one enum of all.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::aggregate::{setters, structure_item};
use super::codec;
use super::docs::{described, doc, of_type};
use super::http_read::{decode_body, uses_response};
use super::imports::{FMT, MESSAGE, OPERATION, type_name};
use super::redaction;
use super::source_file::SourceFile;
use super::types::ident;
use super::words::first_sentence;
use crate::error::Result;
use crate::model::{Binding, Role};
use crate::plan::reserved::constructors::READ_RESPONSE;
use crate::plan::reserved::types::{ERROR, SERVICE_ERROR, STD_ERROR};
use crate::plan::{Field, Module, Plan, TypeDefinition};

/// `src/error.rs`.
pub(super) fn error_file(plan: &Plan<'_>) -> Result<SourceFile> {
    let definitions: Vec<&TypeDefinition<'_>> = plan
        .model
        .errors
        .iter()
        .map(|id| plan.type_definition(*id))
        .collect();
    let structures = definitions
        .iter()
        .map(|definition| error_items(plan, definition))
        .collect::<Result<TokenStream>>()?;
    let enumeration = service_error(plan, &definitions);
    let items = quote!(#enumeration #structures);
    let service = (!definitions.is_empty()).then(|| {
        quote! {
            use crate::client::SERVICE;
        }
    });
    Ok(SourceFile {
        documentation: quote!(#![doc = " The errors that the service returns."]),
        module: Some(Module::Error),
        before: quote! {
            #service
            use std::error::Error as #STD_ERROR;
            #[doc = " Why a call failed: see [`attache_runtime::Error`] for its predicates."]
            pub type #ERROR = attache_runtime::Error<#SERVICE_ERROR>;
        },
        items,
    })
}

/// The number of errors with each code.
fn code_counts<'d>(definitions: &'d [&TypeDefinition<'_>]) -> BTreeMap<&'d str, usize> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for definition in definitions {
        *counts.entry(definition.model.id.name()).or_default() += 1;
        if let Role::Error(facts) = &definition.model.role
            && let Some(query) = &facts.query_code
            && query != definition.model.id.name()
        {
            *counts.entry(query).or_default() += 1;
        }
    }
    counts
}

fn service_error(plan: &Plan<'_>, definitions: &[&TypeDefinition<'_>]) -> TokenStream {
    if definitions.is_empty() {
        return no_service_error();
    }
    let names: Vec<_> = definitions
        .iter()
        .map(|definition| type_name(definition))
        .collect();
    let variants = definitions.iter().zip(&names).map(|(definition, name)| {
        let docs = variant_docs(plan, definition);
        quote!(#docs #name(#name),)
    });
    let counts = code_counts(definitions);
    let codes = definitions.iter().zip(&names).map(|(definition, name)| {
        let code = definition.model.id.name();
        let alternative = query_code(definition)
            // A code of several errors identifies none of them.
            .filter(|query| counts.get(query) == Some(&1))
            .map(|query| quote!(| #query));
        quote!(#code #alternative => #name::#READ_RESPONSE(response).map(Self::#name),)
    });
    let modelled = definitions
        .iter()
        .map(|definition| modelled_arm(definition));
    quote! {
        #[doc = " The errors that the model of the service names."]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #SERVICE_ERROR {
            #(#variants)*
        }
        impl #FMT::Display for #SERVICE_ERROR {
            fn fmt(&self, formatter: &mut #FMT::Formatter<'_>) -> #FMT::Result {
                match self {
                    #(Self::#names(error) => error.fmt(formatter),)*
                }
            }
        }
        impl #STD_ERROR for #SERVICE_ERROR {}
        impl attache_runtime::operation::ServiceError for #SERVICE_ERROR {
            const MARKS_SENSITIVE: bool = true;

            fn decode(
                code: &str,
                response: &#MESSAGE::HttpResponse,
            ) -> Option<Result<Self, #MESSAGE::DecodeError>> {
                Some(match code {
                    #(#codes)*
                    _ => return None,
                })
            }

            fn modelled(&self) -> Option<#OPERATION::Modelled<'_>> {
                Some(match self {
                    #(#modelled)*
                })
            }
        }
    }
}

/// The code of an error, and what it means.
fn variant_docs(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    let code = format!("`{}`", definition.model.id.name());
    let words = of_type(plan, definition);
    let sentence = words.map(|words| format!("{code}: {}", first_sentence(plan, words)));
    doc(&[sentence.unwrap_or(code)])
}

/// The enumeration for a service whose model names no errors. It has no values, so code that handles a value is
/// unreachable.
fn no_service_error() -> TokenStream {
    quote! {
        #[doc = " The errors that the model of the service names. There are none: the code of an error is in"]
        #[doc = " [`attache_runtime::Error::code`]."]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #SERVICE_ERROR {}
        impl #FMT::Display for #SERVICE_ERROR {
            fn fmt(&self, _: &mut #FMT::Formatter<'_>) -> #FMT::Result {
                match *self {}
            }
        }
        impl #STD_ERROR for #SERVICE_ERROR {}
        impl attache_runtime::operation::ServiceError for #SERVICE_ERROR {
            const MARKS_SENSITIVE: bool = true;

            fn decode(
                _code: &str,
                _response: &#MESSAGE::HttpResponse,
            ) -> Option<Result<Self, #MESSAGE::DecodeError>> {
                None
            }
        }
    }
}

fn error_items(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> Result<TokenStream> {
    let fields = definition.fields();
    let name = type_name(definition);
    let wire = definition.model.id.name();
    let lines = vec![
        format!("The error `{wire}`."),
        String::new(),
        facts(definition),
    ];
    let lines = described(plan, of_type(plan, definition), lines);
    let item = structure_item(plan, definition, fields, &lines)?;
    let has_body = fields
        .iter()
        .any(|field| field.model.binding == Binding::Body);
    let read = has_body.then(|| codec::reading(plan).structure(plan, definition));
    let decode = decode_body(plan, definition, &TokenStream::new());
    let argument = if uses_response(fields) {
        quote!(response)
    } else {
        quote!(_response)
    };
    let display = display(definition);
    let setters = setters(plan, definition);
    Ok(quote! {
        #item
        impl #name {
            #setters
            pub(crate) fn #READ_RESPONSE(#argument: &#MESSAGE::HttpResponse) -> Result<Self, #MESSAGE::DecodeError> {
                #decode
            }
            #read
        }
        impl #FMT::Display for #name {
            fn fmt(&self, formatter: &mut #FMT::Formatter<'_>) -> #FMT::Result {
                #display
            }
        }
        impl #STD_ERROR for #name {}
    })
}

/// Whether the client or the server caused an error, its HTTP status, and whether the call may be retried.
fn facts(definition: &TypeDefinition<'_>) -> String {
    match &definition.model.role {
        Role::Error(facts) => format!(
            "{} error, status {}{}.",
            if facts.fault == "client" {
                "Client"
            } else {
                "Server"
            },
            facts.status,
            match facts.retryable {
                Some(true) => ", may be retried after a longer pause",
                Some(false) => ", may be retried",
                None => "",
            }
        ),
        _ => String::new(),
    }
}

/// The member with the message, where the error has one that may be shown.
fn message_field<'a>(definition: &'a TypeDefinition<'_>) -> Option<&'a Field<'a>> {
    definition.fields().iter().find(|field| {
        field.name == "message"
            && matches!(field.ty.kind, crate::plan::TypeKind::String { .. })
            && !redaction::hides_message(definition)
            && !field.ty.model.hides_values()
    })
}

/// An expression for the message of the variable `error`, as an option of a text.
fn shown_message(definition: &TypeDefinition<'_>) -> Option<TokenStream> {
    let field = message_field(definition)?;
    let member = ident(&field.name);
    Some(match field.is_optional() {
        true => quote!(error.#member.as_deref()),
        false => quote!(Some(&error.#member)),
    })
}

/// The arm of `modelled` for an error.
fn modelled_arm(definition: &TypeDefinition<'_>) -> TokenStream {
    let name = type_name(definition);
    let shape = definition.model.id.name();
    let status = Literal::u16_unsuffixed(status(definition));
    let (error, message) = match shown_message(definition) {
        Some(text) => (quote!(error), text),
        None => (quote!(_), quote!(None)),
    };
    let query = query_code(definition).map(|query| quote!(.query_code(#query)));
    quote! {
        Self::#name(#error) => #OPERATION::Modelled::new(&SERVICE, #shape, #status, #message) #query,
    }
}

/// The status that an error comes with.
fn status(definition: &TypeDefinition<'_>) -> u16 {
    match &definition.model.role {
        Role::Error(facts) => facts.status,
        _ => 400,
    }
}

/// The code of an error in the query protocol, where that is another one.
fn query_code<'a>(definition: &'a TypeDefinition<'_>) -> Option<&'a str> {
    match &definition.model.role {
        Role::Error(facts) => facts.query_code.as_deref(),
        _ => None,
    }
    .filter(|query| *query != definition.model.id.name())
}

/// What `Display` writes: the name of the error, and its message if it has one that may be shown.
fn display(definition: &TypeDefinition<'_>) -> TokenStream {
    let wire = definition.model.id.name();
    let message = message_field(definition);
    match message {
        Some(message) => {
            let member = ident(&message.name);
            let text = if message.presence == crate::plan::Presence::Optional {
                quote!(self.#member.as_deref().unwrap_or_default())
            } else {
                quote!(&self.#member)
            };
            let format = format!("{wire}: {{}}");
            quote!(write!(formatter, #format, #MESSAGE::safe_line(#text)))
        }
        None => quote!(formatter.write_str(#wire)),
    }
}
