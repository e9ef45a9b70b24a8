//! Cases with event streams.

use super::answer::answer;
use super::value::{Absent, named, structure};
use super::{EventExchange, error_definition};
use crate::emit::ident;
use crate::error::{Error, Result};
use crate::plan::{Operation, Plan, TypeKind};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The expression of a case.
pub(super) fn exchange(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    endpoint: &str,
    exchange: &EventExchange,
) -> Result<TokenStream> {
    let request = plan.type_definition(operation.model.request);
    let request = structure(plan, request, &exchange.request, Absent::Placeholder)?;
    let result = result(plan, operation, exchange)?;
    let check = match &exchange.failure {
        None => quote!(driver::succeeded(result)),
        Some(shape) => failure(plan, shape.as_deref())?,
    };
    let messages = Literal::byte_string(&exchange.sent);
    let (answer, has_request) = (answer(&exchange.answer), exchange.has_request);
    Ok(quote! {
        driver::exchange(
            #endpoint,
            #answer,
            driver::Sending { messages: #messages, has_request: #has_request },
            |config| super::Client::new(config).send_with(#request, driver::options()),
            |result| {
                let result = result.and_then(|came| { #result });
                #check
            },
        )
    })
}

/// What reads the response `came`: the result of the comparison, or the error.
fn result(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    exchange: &EventExchange,
) -> Result<TokenStream> {
    let response = plan.type_definition(operation.model.response);
    let stream = response
        .fields()
        .iter()
        .find_map(|field| match field.ty.kind {
            TypeKind::EventStream(id) => Some((ident(&field.name), id)),
            _ => None,
        });
    let wanted = structure(plan, response, &exchange.response, Absent::Nothing)?;
    let Some((stream, id)) = stream else {
        return Ok(quote!(Ok(driver::compare(&#wanted, &came))));
    };
    let events = match exchange.failure {
        None => exchange.received.as_slice(),
        // The last message is the one that fails.
        Some(_) => match exchange.received.as_slice() {
            [events @ .., _] => events,
            [] => &[],
        },
    };
    let events = events.iter().map(|event| named(plan, id, event));
    let events = events.collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        let mut came = came;
        let events = std::mem::take(&mut came.#stream);
        let wanted = #wanted;
        match driver::compare(&wanted, &came) {
            Outcome::Same => driver::events(events, vec![#(#events),*]),
            different => Ok(different),
        }
    })
}

/// What checks the error of the variable `result`.
fn failure(plan: &Plan<'_>, shape: Option<&str>) -> Result<TokenStream> {
    let of_error = match shape {
        None => quote!(Outcome::Same),
        Some(shape) => {
            let definition = error_definition(plan, shape)
                .ok_or_else(|| Error::new(format!("the model has no error `{shape}`")))?;
            let variant = ident(&definition.name);
            quote! {
                match error.service() {
                    Some(super::error::ServiceError::#variant(_)) => Outcome::Same,
                    other => driver::different(&#shape, &other),
                }
            }
        }
    };
    Ok(quote! {
        match result {
            Err(error) => #of_error,
            Ok(Outcome::Same) => Outcome::Failed("the exchange succeeded, and it must fail".to_owned()),
            Ok(different) => different,
        }
    })
}
