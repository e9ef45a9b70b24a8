//! Statements of `encode` about the checksum of a request and of its response.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::MESSAGE;
use crate::plan::{Operation, Plan, TypeKind};

/// What is said about checksums: `Content-MD5`, or what `aws.protocols#httpChecksum` says. Every operation of a service
/// that has the latter somewhere says it, because the settings of checksums are reported with each of them.
pub(super) fn statement(plan: &Plan<'_>, operation: &Operation<'_>) -> Option<TokenStream> {
    if operation.model.content_md5 {
        return Some(quote!(request.content_md5();));
    }
    if !plan.model.has_checksums() {
        return None;
    }
    let Some(checksum) = &operation.model.http_checksum else {
        return Some(quote!(request.checksums(#MESSAGE::Checksums::default());));
    };
    let request = checksum.request.as_ref().map(|request| {
        let header = optional(request.algorithm_header.as_deref());
        let is_required = request.required;
        let definition = plan.type_definition(operation.model.request);
        let is_streamed = definition
            .fields()
            .iter()
            .any(|field| matches!(field.ty.kind, TypeKind::StreamingBlob { .. }));
        quote! {
            #MESSAGE::RequestChecksum {
                algorithm_header: #header,
                is_required: #is_required,
                is_streamed: #is_streamed,
            }
        }
    });
    let response = checksum.response.as_ref().map(|response| {
        let mode_header = response.mode_header.to_ascii_lowercase();
        let algorithms = &response.algorithms;
        quote! {
            #MESSAGE::ResponseChecksum {
                mode_header: #mode_header,
                algorithms: &[#(#algorithms),*],
            }
        }
    });
    let (request, response) = (some(request), some(response));
    Some(quote! {
        request.checksums(#MESSAGE::Checksums {
            request: #request,
            response: #response,
        });
    })
}

fn optional(header: Option<&str>) -> TokenStream {
    some(header.map(|header| {
        let header = header.to_ascii_lowercase();
        quote!(#header)
    }))
}

fn some(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(Some(#tokens)),
        None => quote!(None),
    }
}
