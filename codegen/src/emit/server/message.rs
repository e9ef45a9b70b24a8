//! What responses and errors have in common: the protocol, the members in headers.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::http_text::{owned_text, text};
use crate::emit::types::ident;
use crate::emit::value::Value;
use crate::model::{Binding, Protocol, Service, TimestampFormat};
use crate::plan::{Field, Presence, TypeKind};

/// The protocol in the module `wire`.
pub(super) fn protocol(service: &Service) -> TokenStream {
    match service.protocol {
        Protocol::AwsJson10 => quote!(wire::Protocol::AwsJson10),
        Protocol::AwsJson11 => quote!(wire::Protocol::AwsJson11),
        Protocol::RestJson1 => quote!(wire::Protocol::RestJson1),
        Protocol::AwsQuery => quote!(wire::Protocol::AwsQuery),
        Protocol::Ec2Query => quote!(wire::Protocol::Ec2Query),
        Protocol::RpcV2Cbor => quote!(wire::Protocol::RpcV2Cbor),
        Protocol::RestXml if service.unwrapped_errors => {
            quote!(wire::Protocol::RestXmlUnwrapped)
        }
        Protocol::RestXml => quote!(wire::Protocol::RestXml),
    }
}

/// Statements that write the members that are in headers.
pub(super) fn header_writes(
    fields: &[Field<'_>],
    receiver: &TokenStream,
    message: &TokenStream,
) -> TokenStream {
    let http_date = TimestampFormat::HttpDate;
    let mut statements = TokenStream::new();
    for field in fields {
        let name = ident(&field.name);
        let write = match (&field.model.binding, &field.ty.kind) {
            (Binding::PrefixHeaders(prefix), _) => quote! {
                for (key, value) in values {
                    #message.prefix_header(#prefix, key, value);
                }
            },
            (Binding::Header(header), TypeKind::List { element, .. }) => {
                let header = header.to_ascii_lowercase();
                let value = Value::reference(quote!(value));
                let text = owned_text(element, &value, http_date);
                quote! {
                    let values: Vec<String> = values.iter().map(|value| #text).collect();
                    #message.header(#header, &values.join(", "));
                }
            }
            (Binding::Header(header), _) => {
                let header = header.to_ascii_lowercase();
                let value = Value::reference(quote!(values));
                let text = text(&field.ty, &value, http_date);
                quote!(#message.header(#header, #text);)
            }
            _ => continue,
        };
        statements.extend(match field.presence {
            Presence::Optional => quote!(if let Some(values) = &#receiver.#name { #write }),
            Presence::Required | Presence::Default(_) => {
                quote!(let values = &#receiver.#name; #write)
            }
        });
    }
    statements
}
