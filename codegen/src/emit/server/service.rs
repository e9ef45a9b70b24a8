//! `mod.rs`: the operations, the trait that a service implements, and the function that calls it with a message.

use proc_macro2::TokenStream;
use quote::quote;

use super::{error_facts, message::protocol, route};
use crate::emit::docs::inner_doc;
use crate::emit::types::ident;
use crate::error::Result;
use crate::escape::markdown::text;
use crate::model;
use crate::plan::{Operation, Plan};

/// `mod.rs`.
pub(super) fn module_file(plan: &Plan<'_>) -> Result<TokenStream> {
    let has_patterns = plan.patterns.has_tables();
    let patterns = has_patterns.then(|| {
        quote!(
            mod pattern;
        )
    });
    let title = inner_doc(&[format!("The server half of {}.", text(&plan.model.title))]);
    let facts = facts(plan);
    let enumeration = enumeration(plan);
    let handler = handler(plan);
    let route = route::function(plan)?;
    let arms = plan.operations.iter().map(|operation| {
        let variant = ident(&operation.name);
        let function = ident(&operation.function);
        quote!(Operation::#variant => wire::answer(handler, operation.name(), message, <H as Handler>::#function),)
    });
    Ok(quote! {
        #title
        #![doc = ""]
        #![doc = " [`Handler`] has a function for each operation; [`call`] reads and validates a message and calls it. Its types are"]
        #![doc = " called like those of the client, which documents them; here they are left out of the documentation."]
        #[doc(hidden)]
        pub mod enums;
        #[doc(hidden)]
        pub mod error;
        #[doc(hidden)]
        pub mod operation;
        #patterns
        #[doc(hidden)]
        pub mod types;

        use crate::wire;

        #facts
        #enumeration
        #handler
        #route
        #[doc = " Reads and validates the request of an operation, calls the handler and writes the response."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " A request that cannot be read or is not valid, and the errors of the handler."]
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

fn facts(plan: &Plan<'_>) -> TokenStream {
    let model::Service {
        sdk_id,
        version,
        signing_name,
        ..
    } = plan.model;
    let protocol = protocol(plan.model);
    let errors = error_facts::list(plan);
    quote! {
        #[doc = " What the model says about the service."]
        pub static SERVICE: wire::Service = wire::Service {
            sdk_id: #sdk_id,
            version: #version,
            signing_name: #signing_name,
            protocol: #protocol,
            errors: #errors,
        };
    }
}

fn enumeration(plan: &Plan<'_>) -> TokenStream {
    let variants = plan.operations.iter().map(|operation| {
        let variant = ident(&operation.name);
        let docs = format!(" `{}`", operation.model.name);
        quote!(#[doc = #docs] #variant,)
    });
    let pairs: Vec<_> = plan
        .operations
        .iter()
        .map(|operation| (ident(&operation.name), &operation.model.name))
        .collect();
    let all = pairs.iter().map(|(variant, _)| quote!(Self::#variant));
    let to_name = pairs
        .iter()
        .map(|(variant, name)| quote!(Self::#variant => #name,));
    let from_name = pairs
        .iter()
        .map(|(variant, name)| quote!(#name => Self::#variant,));
    let errors = error_facts::function(plan);
    quote! {
        #[doc = " The operations."]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            #(#variants)*
        }
        impl Operation {
            #[doc = " All operations, in the order of their names."]
            pub const ALL: &'static [Self] = &[#(#all),*];
            #[doc = " The name in the model."]
            pub fn name(self) -> &'static str {
                match self {
                    #(#to_name)*
                }
            }
            #[doc = " The operation with this name."]
            pub fn from_name(name: &str) -> Option<Self> {
                Some(match name {
                    #(#from_name)*
                    _ => return None,
                })
            }
            #errors
        }
    }
}

fn handler(plan: &Plan<'_>) -> TokenStream {
    let functions = plan
        .operations
        .iter()
        .map(|operation| function(plan, operation));
    quote! {
        #[doc = " The implementation of a service. It receives valid requests only, and is cloned for dry runs."]
        pub trait Handler: wire::Handler {
            #(#functions)*
        }
    }
}

fn function(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let name = ident(&operation.function);
    let request = ident(&plan.type_definition(operation.model.request).name);
    let response = ident(&plan.type_definition(operation.model.response).name);
    let title = format!(" Performs `{}`.", operation.model.name);
    quote! {
        #[doc = #title]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " An error of the operation."]
        fn #name(&mut self, request: operation::#request) -> Result<operation::#response, wire::Refusal>;
    }
}
