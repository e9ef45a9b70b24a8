//! `mod.rs`: the operations, the trait that a service implements, and the way from a message to it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{error::protocol, route};
use crate::emit::docs::inner_doc;
use crate::emit::types::ident;
use crate::error::Result;
use crate::escape::markdown::text;
use crate::model::{Operation, Service};

/// `mod.rs`.
pub(super) fn module_file(service: &Service) -> Result<TokenStream> {
    let has_patterns = service
        .patterns
        .values()
        .any(|pattern| pattern.automaton.is_ok());
    let patterns = has_patterns.then(|| {
        quote!(
            mod pattern;
        )
    });
    let title = inner_doc(&[format!("The server half of {}.", text(&service.title))]);
    let facts = facts(service);
    let enumeration = enumeration(service);
    let handler = handler(service);
    let route = route::function(service)?;
    let arms = service.operations.iter().map(|operation| {
        let variant = ident(&operation.name.rust);
        let function = ident(&operation.function);
        quote!(Operation::#variant => wire::answer(handler, operation.name(), message, H::#function),)
    });
    Ok(quote! {
        #title
        #![doc = ""]
        #![doc = " [`Handler`] has a function for each operation; [`call`] reads a message, checks it and hands it on."]
        pub mod enums;
        pub mod error;
        pub mod operation;
        #patterns
        pub mod types;

        use crate::wire;

        #facts
        #enumeration
        #handler
        #route
        #[doc = " Reads the request of an operation, checks it, lets the handler act and writes the response."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " A request that cannot be read or is not valid, and what the handler refuses."]
        pub fn call<H: Handler>(
            handler: &mut H,
            operation: Operation,
            message: &wire::Request,
        ) -> Result<wire::Response, wire::Refusal> {
            match operation {
                #(#arms)*
            }
        }
    })
}

fn facts(service: &Service) -> TokenStream {
    let Service {
        sdk_id,
        version,
        signing_name,
        ..
    } = service;
    let protocol = protocol(service.protocol);
    quote! {
        #[doc = " What the model says about the service."]
        pub static SERVICE: wire::Service = wire::Service {
            sdk_id: #sdk_id,
            version: #version,
            signing_name: #signing_name,
            protocol: #protocol,
        };
    }
}

fn enumeration(service: &Service) -> TokenStream {
    let variants = service.operations.iter().map(|operation| {
        let variant = ident(&operation.name.rust);
        let docs = format!(" `{}`", operation.name.wire);
        quote!(#[doc = #docs] #variant,)
    });
    let pairs: Vec<_> = service
        .operations
        .iter()
        .map(|operation| (ident(&operation.name.rust), &operation.name.wire))
        .collect();
    let all = pairs.iter().map(|(variant, _)| quote!(Self::#variant));
    let to_name = pairs
        .iter()
        .map(|(variant, name)| quote!(Self::#variant => #name,));
    let from_name = pairs
        .iter()
        .map(|(variant, name)| quote!(#name => Self::#variant,));
    quote! {
        #[doc = " The operations."]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            #(#variants)*
        }
        impl Operation {
            #[doc = " All of them, in the order of their names."]
            pub const ALL: &'static [Self] = &[#(#all),*];
            #[doc = " The name in the model."]
            pub fn name(self) -> &'static str {
                match self {
                    #(#to_name)*
                }
            }
            #[doc = " The operation of a name."]
            pub fn from_name(name: &str) -> Option<Self> {
                Some(match name {
                    #(#from_name)*
                    _ => return None,
                })
            }
        }
    }
}

fn handler(service: &Service) -> TokenStream {
    let functions = service
        .operations
        .iter()
        .map(|operation| function(service, operation));
    quote! {
        #[doc = " A service: it acts on requests that are valid, and clones itself for dry runs."]
        pub trait Handler: wire::Handler {
            #(#functions)*
        }
    }
}

fn function(service: &Service, operation: &Operation) -> TokenStream {
    let name = ident(&operation.function);
    let request = ident(&service.type_definition(operation.request).name.rust);
    let response = ident(&service.type_definition(operation.response).name.rust);
    let title = format!(" Acts on `{}`.", operation.name.wire);
    quote! {
        #[doc = #title]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " What stands against it."]
        fn #name(&mut self, request: operation::#request) -> Result<operation::#response, wire::Refusal>;
    }
}
