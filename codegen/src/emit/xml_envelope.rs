//! What is around the members of a response or an error in the XML of the query protocols (Smithy specification, "AWS
//! query protocol" and "AWS EC2 query protocol", sections "Response serialization").

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Protocol, Role};
use crate::plan::reserved::methods::WRITE_XML;
use crate::plan::{Plan, TypeDefinition};

/// The id of requests that no AWS service received.
const REQUEST_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Statements that write a whole response to `writer`; `members` write its members.
pub(super) fn response(plan: &Plan<'_>, operation: &str, members: &TokenStream) -> TokenStream {
    let root = format!("{operation}Response");
    let result = format!("{operation}Result");
    let begin = match &plan.model.xml_namespace {
        Some(namespace) => {
            let prefix = namespace.prefix.as_deref().unwrap_or_default();
            let uri = &namespace.uri;
            quote!(writer.begin_in(#root, #prefix, #uri);)
        }
        None => quote!(writer.begin(#root);),
    };
    let inner = match plan.model.protocol {
        Protocol::Ec2Query => quote! {
            #members
            writer.begin("requestId");
            writer.string(#REQUEST_ID);
            writer.end("requestId");
        },
        _ => quote! {
            writer.begin(#result);
            #members
            writer.end(#result);
            writer.begin("ResponseMetadata");
            writer.begin("RequestId");
            writer.string(#REQUEST_ID);
            writer.end("RequestId");
            writer.end("ResponseMetadata");
        },
    };
    quote!(#begin #inner writer.end(#root);)
}

/// The statement of a mock that writes the variable `response` as a whole body.
pub(super) fn mock(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    match &definition.model.role {
        Role::Response(index) => {
            let operation = &plan.operations[*index].model.name;
            let whole = response(plan, operation, &quote!(response.#WRITE_XML(writer);));
            quote!(writer.xml(|writer| { #whole });)
        }
        _ => quote!(writer.xml_error(|writer| response.#WRITE_XML(writer));),
    }
}
