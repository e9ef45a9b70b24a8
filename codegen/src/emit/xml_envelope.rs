//! What is around the members of a response or an error in XML (Smithy specification, "AWS query protocol" and "AWS EC2
//! query protocol", sections "Response serialization", and "AWS restXml protocol").

use proc_macro2::TokenStream;
use quote::quote;

use super::xml_root::{Root, begin};
use crate::model::{Protocol, Role};
use crate::plan::reserved::methods::WRITE_XML;
use crate::plan::{Operation, Plan, TypeDefinition};

/// The id of requests that no AWS service received.
const REQUEST_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Statements that write a whole response to `writer`; `members` write its members.
pub(super) fn response(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    members: &TokenStream,
) -> TokenStream {
    let name = &operation.model.name;
    let inner = match plan.model.protocol {
        Protocol::RestXml if operation.model.unwrapped_output => return members.clone(),
        Protocol::RestXml => {
            let definition = plan.type_definition(operation.model.response);
            return Root::of_members(plan, definition).around(members);
        }
        Protocol::Ec2Query => quote! {
            #members
            writer.begin("requestId");
            writer.string(#REQUEST_ID);
            writer.end("requestId");
        },
        _ => {
            let result = format!("{name}Result");
            quote! {
                writer.begin(#result);
                #members
                writer.end(#result);
                writer.begin("ResponseMetadata");
                writer.begin("RequestId");
                writer.string(#REQUEST_ID);
                writer.end("RequestId");
                writer.end("ResponseMetadata");
            }
        }
    };
    let root = format!("{name}Response");
    let begin = begin(&root, plan.model.xml_namespace.as_ref());
    quote!(#begin #inner writer.end(#root);)
}

/// The statement of a mock that writes the variable `response` as a whole body.
pub(super) fn mock(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    match &definition.model.role {
        Role::Response(index) => {
            let operation = &plan.operations[*index];
            let whole = response(plan, operation, &quote!(response.#WRITE_XML(writer);));
            quote!(writer.xml(|writer| { #whole });)
        }
        _ => quote!(writer.xml_error(|writer| response.#WRITE_XML(writer));),
    }
}
