//! The errors of a service, as its server returns them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::message::{header_writes, protocol};
use crate::emit::aggregate::structure_item;
use crate::emit::codec;
use crate::emit::imports::type_name;
use crate::emit::source_file::SourceFile;
use crate::error::Result;
use crate::model::{Binding, Protocol, Role};
use crate::plan::{Module, Plan, TypeDefinition};

/// `error.rs`.
pub(super) fn error_file(plan: &Plan<'_>) -> Result<SourceFile> {
    let items = plan
        .model
        .errors
        .iter()
        .map(|id| error_items(plan, plan.type_definition(*id)))
        .collect::<Result<TokenStream>>()?;
    Ok(SourceFile {
        documentation: quote! {
            #![doc = " The errors that the service returns. `?` converts each of them to a [`wire::Refusal`]."]
        },
        module: Some(Module::Error),
        before: quote!(
            use crate::wire;
        ),
        items,
    })
}

/// Whether errors have the codes of the query protocol on the wire, instead of or beside the names of their shapes.
pub(super) fn has_query_codes(plan: &Plan<'_>) -> bool {
    plan.model.query_compatible || plan.model.protocol == Protocol::AwsQuery
}

fn error_items(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> Result<TokenStream> {
    let fields = definition.fields();
    let name = type_name(definition);
    let code = definition.model.id.name();
    let shape = definition.model.id.as_str();
    let Role::Error(facts) = &definition.model.role else {
        return Ok(TokenStream::new());
    };
    let item = structure_item(
        plan,
        definition,
        fields,
        &[format!("The error `{code}`, status {}.", facts.status)],
    )?;
    let status = Literal::u16_unsuffixed(facts.status);
    let fault = match facts.fault.as_str() {
        "server" => quote!(true),
        _ => quote!(false),
    };
    let query_code = match &facts.query_code {
        Some(query_code) if has_query_codes(plan) => quote!(Some(#query_code)),
        _ => quote!(None),
    };
    let headers = header_writes(fields, &quote!(error), &quote!(refusal));
    let has_body = fields
        .iter()
        .any(|field| field.model.binding == Binding::Body);
    let codec = codec::response_writing(plan);
    let body = has_body.then(|| codec.refusal());
    let write = has_body.then(|| {
        let write = codec.members(plan, definition);
        quote!(impl #name { #write })
    });
    let protocol = protocol(plan.model.protocol);
    let (argument, mutable) = match has_body || !headers.is_empty() {
        true => (quote!(error), quote!(mut)),
        false => (quote!(_), TokenStream::new()),
    };
    Ok(quote! {
        #item
        #write
        impl From<#name> for wire::Refusal {
            fn from(#argument: #name) -> Self {
                let #mutable refusal = Self::modelled(#protocol, #status, #shape, #fault, #query_code);
                #headers
                #body
                refusal
            }
        }
    })
}
