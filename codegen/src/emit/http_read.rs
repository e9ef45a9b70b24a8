//! Code that reads a response or an error: `decode`.

use proc_macro2::TokenStream;
use quote::quote;

use super::codec;
use super::http_scalar::scalar;
use super::imports::{BTREE_MAP, HEADER, type_name};
use super::redaction::hides;
use super::types::ident;
use crate::model::{Binding, TimestampFormat};
use crate::plan::{Field, Plan, Presence, Type, TypeDefinition, TypeKind};

/// The body of `decode`. `response` is the variable with the response: a value for responses, a reference for errors.
pub(super) fn decode_body(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    let fields = definition.fields();
    let name = type_name(definition);
    let has_body = fields
        .iter()
        .any(|field| field.model.binding == Binding::Body);
    let from_body = if has_body {
        codec::reading(plan).body(plan, definition, &quote!(response))
    } else {
        quote!(Ok(#name::default()))
    };
    // In protocols without HTTP bindings, only event streams are outside of the body.
    if fields
        .iter()
        .all(|field| field.model.binding == Binding::Body)
    {
        return from_body;
    }
    if !has_body && fields.iter().all(is_unconditional) {
        let values = fields.iter().map(|field| {
            let member = ident(&field.name);
            let value = unconditional_value(field);
            match field.presence {
                Presence::Optional => quote!(#member: Some(#value)),
                Presence::Required | Presence::Default(_) => quote!(#member: #value),
            }
        });
        return quote!(Ok(#name { #(#values),* }));
    }
    let start = if has_body {
        quote!(#from_body?)
    } else {
        quote!(#name::default())
    };
    // Members that may be absent come first, because taking the stream consumes the response.
    let (last, first): (Vec<&Field<'_>>, Vec<&Field<'_>>) =
        fields.iter().partition(|field| is_unconditional(field));
    let (streams, statuses): (Vec<&Field<'_>>, Vec<&Field<'_>>) =
        last.into_iter().partition(|field| field.ty.is_stream());
    let members: TokenStream = first
        .into_iter()
        .chain(statuses)
        .chain(streams)
        .map(|field| read_member(plan, definition, field))
        .collect();
    quote! {
        let mut output = #start;
        #members
        Ok(output)
    }
}

/// Whether every response has the member.
fn is_unconditional(field: &Field<'_>) -> bool {
    field.model.binding == Binding::Status
        || (field.model.binding == Binding::Payload && field.ty.is_stream())
}

fn unconditional_value(field: &Field<'_>) -> TokenStream {
    if let TypeKind::EventStream(_) = field.ty.kind {
        quote!(attache_runtime::event_stream::EventStream::of_response(
            response, &OPERATION
        ))
    } else if field.ty.is_stream() {
        quote!(response.into_stream())
    } else {
        quote!(i32::from(response.status()))
    }
}

/// Whether `decode` uses its argument.
pub(super) fn uses_response(fields: &[Field<'_>]) -> bool {
    !fields.is_empty()
}

fn read_member(plan: &Plan<'_>, definition: &TypeDefinition<'_>, field: &Field<'_>) -> TokenStream {
    let is_sensitive = definition.model.sensitive || hides(plan, &field.ty);
    let function = |name: &str| match is_sensitive {
        true => ident(&format!("sensitive_{name}")),
        false => ident(name),
    };
    let name = ident(&field.name);
    let assign = |value: TokenStream| match field.presence {
        Presence::Optional => quote!(output.#name = Some(#value);),
        Presence::Required | Presence::Default(_) => quote!(output.#name = #value;),
    };
    match &field.model.binding {
        Binding::Header(header) => {
            let read = function("header");
            if field.model.is_tolerant {
                let value = scalar(&field.ty, header, &quote!(&text), TimestampFormat::HttpDate);
                // Another member has the text.
                return quote! {
                    if let Some(text) = response.#read(#header) {
                        output.#name = #value.ok();
                    }
                };
            }
            let assign = assign(header_value(&field.ty, header, TimestampFormat::HttpDate));
            quote! {
                if let Some(text) = response.#read(#header) {
                    #assign
                }
            }
        }
        Binding::PrefixHeaders(prefix) => {
            let collected = assign(quote!(headers));
            let set = match field.presence {
                Presence::Optional => quote! {
                    if !headers.is_empty() {
                        #collected
                    }
                },
                Presence::Required | Presence::Default(_) => collected,
            };
            let read = function("prefix_headers");
            quote! {
                let headers: #BTREE_MAP<_, _> = response.#read(#prefix).collect();
                #set
            }
        }
        Binding::Status => assign(unconditional_value(field)),
        Binding::Payload => payload(plan, definition, field, is_sensitive, &assign),
        Binding::Body
        | Binding::Label
        | Binding::Query(_)
        | Binding::QueryParams
        | Binding::EventHeader => TokenStream::new(),
    }
}

pub(super) fn payload(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    field: &Field<'_>,
    is_sensitive: bool,
    assign: &dyn Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let hide = is_sensitive.then(|| quote!(response.sensitive_payload();));
    let value = match &field.ty.kind {
        TypeKind::StreamingBlob { .. } | TypeKind::EventStream(_) => {
            let assign = assign(unconditional_value(field));
            return quote!(#hide #assign);
        }
        TypeKind::Blob { .. } => assign(quote!(response.bytes().clone())),
        TypeKind::String { .. } => assign(quote!(response.text()?)),
        TypeKind::Enum(_) => assign(quote!(response.text()?.into())),
        _ => {
            let name = ident(&field.name);
            let missing =
                (field.presence != Presence::Optional).then(|| quote!(.unwrap_or_default()));
            let read = codec::reading(plan).payload(plan, definition, field, &quote!(response));
            return quote! {
                if !response.bytes().is_empty() {
                    output.#name = #read? #missing;
                }
            };
        }
    };
    quote! {
        #hide
        if !response.bytes().is_empty() {
            #value
        }
    }
}

/// The value of the text in the variable `text`, which is in a header or a similar place. `default` is the format of
/// timestamps there.
pub(super) fn header_value(ty: &Type<'_>, header: &str, default: TimestampFormat) -> TokenStream {
    match &ty.kind {
        TypeKind::List { element, sparse } => {
            let is_http_date = matches!(element.kind, TypeKind::Timestamp(format)
                if format.unwrap_or(default) == TimestampFormat::HttpDate);
            let split = if is_http_date {
                quote!(#HEADER::split_http_dates(&text).into_iter())
            } else {
                quote!(#HEADER::split_list(&text).iter())
            };
            let some = sparse.then(|| quote!(.map(Some)));
            let parse = match &element.kind {
                TypeKind::String { .. } => {
                    return quote!(#split.map(ToString::to_string) #some .collect());
                }
                TypeKind::Enum(_) => {
                    let name = &element.rust;
                    return quote!(#split.map(|text| #name::from(text.as_ref())) #some .collect());
                }
                _ => scalar(element, header, &quote!(text), default),
            };
            let some = sparse.then(|| quote!(.map(Some)));
            quote!(#split.map(|text| #parse #some).collect::<Result<_, #HEADER::HeaderError>>()?)
        }
        TypeKind::String {
            media_type: Some(_),
        } => quote!(#HEADER::parse_media_type(#header, &text)?),
        TypeKind::String { .. } => quote!(text),
        TypeKind::Enum(_) => {
            let name = &ty.rust;
            quote!(#name::from(text))
        }
        _ => {
            let parse = scalar(ty, header, &quote!(&text), default);
            quote!(#parse?)
        }
    }
}
