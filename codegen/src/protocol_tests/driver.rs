//! The cases of a suite as functions, each of which returns its result.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::value::{Absent, structure};
use super::{Answer, Case, Exchange, Failure, answer, error_definition, events};
use crate::emit::{endpoint_settings, ident};
use crate::error::{Context, Error, Result};
use crate::plan::{Field, Plan, Presence, TypeDefinition};

/// `cases.rs`: a function for each case, and a list of them.
pub(super) fn cases_file(plan: &Plan<'_>, cases: &[(usize, &Case)]) -> Result<TokenStream> {
    let functions = cases
        .iter()
        .map(|(number, case)| case_function(plan, *number, case).at(&case.id))
        .collect::<Result<Vec<_>>>()?;
    let numbers = cases
        .iter()
        .map(|(number, _)| Literal::usize_unsuffixed(*number));
    let names = cases
        .iter()
        .map(|(number, _)| format_ident!("case_{number}"));
    Ok(quote! {
        use std::collections::BTreeMap;
        use attache_runtime::{ByteStream, Bytes, Document, Timestamp};
        use crate::driver::{self, Answer, Outcome};
        pub const CASES: &[(usize, fn() -> Outcome)] = &[#((#numbers, #names)),*];
        #(#functions)*
    })
}

/// One case as a function.
pub(super) fn case_function(plan: &Plan<'_>, number: usize, case: &Case) -> Result<TokenStream> {
    let operation = plan
        .operations
        .iter()
        .find(|operation| operation.model.name == case.operation)
        .ok_or_else(|| Error::new(format!("the model has no operation `{}`", case.operation)))?;
    let request = plan.type_definition(operation.model.request);
    let name = format_ident!("case_{number}");
    let endpoint = &case.endpoint;
    let body = match &case.exchange {
        Exchange::Request(params) => {
            let request = structure(plan, request, params, Absent::Nothing)?;
            quote!(driver::sent(#endpoint, |config| super::Client::new(config).send_with(#request, driver::options())))
        }
        Exchange::ConfiguredRequest(settings, params) => {
            let request = structure(plan, request, params, Absent::Nothing)?;
            let settings = endpoint_settings::value(plan, settings)?;
            quote! {
                driver::sent(#endpoint, |config| {
                    let client = super::Client::new(config).with_endpoint_settings(#settings);
                    client.send_with(#request, driver::options())
                })
            }
        }
        Exchange::Response(answer, params) => {
            let request = structure(plan, request, &Value::Null, Absent::Placeholder)?;
            let response = plan.type_definition(operation.model.response);
            let comparison = response_comparison(plan, response, params)?;
            let answer = answer::answer(answer);
            quote! {
                driver::received(
                    #endpoint,
                    #answer,
                    |config| super::Client::new(config).send_with(#request, driver::options()),
                    |came| { #comparison },
                )
            }
        }
        Exchange::Events(exchange) => events::exchange(plan, operation, endpoint, exchange)?,
        Exchange::Failure(answer, failure) => {
            let request = structure(plan, request, &Value::Null, Absent::Placeholder)?;
            let comparison = failure_comparison(plan, answer, failure)?;
            let answer = answer::answer(answer);
            quote! {
                driver::refused(
                    #endpoint,
                    #answer,
                    |config| super::Client::new(config).send_with(#request, driver::options()),
                    |came| { #comparison },
                )
            }
        }
    };
    Ok(quote! {
        fn #name() -> Outcome {
            #body
        }
    })
}

/// Compares a response. Streams are read to their ends first.
fn response_comparison(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    params: &Value,
) -> Result<TokenStream> {
    let wanted = structure(plan, definition, params, Absent::Nothing)?;
    let streams = definition
        .fields()
        .iter()
        .filter(|field| field.ty.is_stream())
        .map(stream_comparison);
    Ok(quote! {
        let mut came = came;
        let mut wanted = #wanted;
        #(#streams)*
        driver::compare(&wanted, &came)
    })
}

fn stream_comparison(field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    match field.presence {
        Presence::Optional => quote! {
            if let Some(different) = driver::compare_streams(came.#name.take(), wanted.#name.take()) {
                return different;
            }
        },
        Presence::Required | Presence::Default(_) => quote! {
            let streams = (std::mem::take(&mut came.#name), std::mem::take(&mut wanted.#name));
            if let Some(different) = driver::compare_streams(Some(streams.0), Some(streams.1)) {
                return different;
            }
        },
    }
}

/// Compares an error: status, code, message, shape and members.
fn failure_comparison(plan: &Plan<'_>, answer: &Answer, failure: &Failure) -> Result<TokenStream> {
    let status = Literal::u16_unsuffixed(answer.status);
    let mut facts = vec![quote!(driver::fact("status", Some(#status), came.status()))];
    if let Some(code) = &failure.code {
        facts.push(quote!(driver::fact("code", Some(#code), came.code())));
    }
    if let Some(message) = &failure.message {
        facts.push(quote!(driver::fact("message", Some(#message), came.message())));
    }
    let definition = error_definition(plan, &failure.shape)
        .ok_or_else(|| Error::new(format!("the model has no error `{}`", failure.shape)))?;
    let wanted = structure(plan, definition, &failure.params, Absent::Nothing)?;
    let variant = ident(&definition.name);
    Ok(quote! {
        #(if let Some(different) = #facts {
            return different;
        })*
        let wanted = #wanted;
        match came.service() {
            Some(super::error::ServiceError::#variant(came)) => driver::compare(&wanted, came),
            other => driver::different(&wanted, &other),
        }
    })
}
