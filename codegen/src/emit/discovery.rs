//! Code for the endpoints that a service names.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::type_name;
use super::request_parameters;
use super::types::ident;
use crate::model::{EndpointFinder, MemberId};
use crate::plan::{Operation, Plan, Presence};

/// The header with the version of the service that the operation gets which names endpoints, as in botocore.
const VERSION_HEADER: &str = "x-amz-api-version";

/// The constant of `Request` that says how the endpoint is found.
pub(super) fn constant(plan: &Plan<'_>, operation: &Operation<'_>) -> Option<TokenStream> {
    let discovery = operation.model.discovery.as_ref()?;
    let finder = finder_of(plan)?;
    let mut operations = plan.operations.iter();
    let module = operations.find(|operation| operation.model.name == finder.operation)?;
    let module = ident(&module.module());
    let required = discovery.required;
    Some(quote! {
        const DISCOVERY: Option<&'static attache_runtime::plumbing::discovery::Discovery> =
            Some(&attache_runtime::plumbing::discovery::Discovery {
                required: #required,
                finder: &crate::operation::#module::FINDER,
            });
    })
}

/// The statements of `encode` that set the identifiers, and the version for the operation that names endpoints.
pub(super) fn statements(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let discovery = operation.model.discovery.iter();
    let identifiers = discovery.flat_map(|discovery| &discovery.identifiers);
    let identifiers = identifiers.map(|(name, path)| {
        let text = request_parameters::text(plan, path, &quote!(self));
        quote!(request.endpoint_identifier(#name, #text);)
    });
    let version = is_finder(plan, operation).then(|| {
        let version = &plan.model.version;
        quote!(request.constant_header(#VERSION_HEADER, #version);)
    });
    quote!(#(#identifiers)* #version)
}

/// What the runtime needs to call the operation that names endpoints.
pub(super) fn finder(plan: &Plan<'_>, operation: &Operation<'_>) -> Option<TokenStream> {
    let mut operations = plan.operations.iter();
    let is_used = operations.any(|operation| operation.model.discovery.is_some());
    let finder = finder_of(plan).filter(|_| is_used && is_finder(plan, operation))?;
    let request = type_name(plan.type_definition(operation.model.request));
    let error = &finder.error;
    let set = |member: Option<MemberId>, value: TokenStream| {
        member.map(|member| {
            let field = plan.field(member);
            let name = ident(&field.name);
            match field.presence {
                Presence::Optional => quote!(#name: #value,),
                _ => quote!(#name: #value.unwrap_or_default(),),
            }
        })
    };
    let name = quote!(question.operation.map(str::to_owned));
    let name = set(finder.operation_name, name);
    let identifiers = set(finder.identifiers, quote!(question.into_map()));
    let (argument, message) = match (&name, &identifiers) {
        (None, None) => (quote!(_), quote!(#request::default())),
        _ => (
            quote!(question),
            quote!(#request { #name #identifiers ..#request::default() }),
        ),
    };
    let (endpoints, address, minutes) = (
        ident(&plan.field(finder.endpoints).name),
        ident(&plan.field(finder.address).name),
        ident(&plan.field(finder.minutes).name),
    );
    let list = match plan.field(finder.endpoints).presence {
        Presence::Optional => quote!(response.#endpoints.into_iter().flatten()),
        _ => quote!(response.#endpoints.into_iter()),
    };
    Some(quote! {
        pub(crate) static FINDER: attache_runtime::plumbing::discovery::Finder =
            attache_runtime::plumbing::discovery::Finder {
                operation: &OPERATION,
                error: #error,
                encode: |#argument| {
                    attache_runtime::plumbing::discovery::request(#message)
                },
                decode: |response| {
                    let response =
                        <#request as attache_runtime::operation::Request>::decode(response)?;
                    let found = #list.filter_map(|endpoint| {
                        attache_runtime::plumbing::discovery::Endpoint::new(
                            endpoint.#address,
                            endpoint.#minutes,
                        )
                    });
                    Ok(found.collect())
                },
            };
    })
}

fn is_finder(plan: &Plan<'_>, operation: &Operation<'_>) -> bool {
    finder_of(plan).is_some_and(|finder| finder.operation == operation.model.name)
}

fn finder_of<'p>(plan: &'p Plan<'_>) -> Option<&'p EndpointFinder> {
    plan.model.endpoint_finder.as_ref()
}
