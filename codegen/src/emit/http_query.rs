//! Code that writes the query of a request: literals, members, and maps of further parameters.

use proc_macro2::TokenStream;
use quote::quote;

use super::http_text::text;
use super::redaction::function;
use super::types::ident;
use super::value::Value;
use crate::model::{Binding, TimestampFormat};
use crate::plan::{Field, Operation, Plan, TypeKind};

pub(super) fn query(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    fields: &[Field<'_>],
) -> TokenStream {
    let literals = operation
        .model
        .http
        .query
        .iter()
        .map(|literal| quote!(request.query_literal(#literal);));
    let mut bound: Vec<&str> = Vec::new();
    let mut members = TokenStream::new();
    let mut maps = TokenStream::new();
    for field in fields {
        let name = ident(&field.name);
        match &field.model.binding {
            Binding::Query(key) => {
                bound.push(key);
                members.extend(query_member(plan, operation, field, key));
            }
            Binding::QueryParams => {
                let write = query_map_value(plan, operation, field);
                maps.extend(quote! {
                    for (key, value) in self.#name.iter().flatten() {
                        if !BOUND.contains(&key.as_str()) {
                            #write
                        }
                    }
                });
            }
            _ => {}
        }
    }
    let literal_keys = operation
        .model
        .http
        .query
        .iter()
        .map(|literal| literal.split('=').next().unwrap_or(literal));
    let bound: Vec<&str> = bound.into_iter().chain(literal_keys).collect();
    let constant = (!maps.is_empty()).then(|| quote!(const BOUND: &[&str] = &[#(#bound),*];));
    quote!(#(#literals)* #members #constant #maps)
}

fn query_member(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    field: &Field<'_>,
    key: &str,
) -> TokenStream {
    let add = function(plan, operation, field, "query");
    let name = ident(&field.name);
    match &field.ty.kind {
        TypeKind::List { element, sparse } => {
            let text = text(
                element,
                &Value::reference(quote!(value)),
                TimestampFormat::DateTime,
            );
            let values = if *sparse {
                quote!(self.#name.iter().flatten().flatten())
            } else {
                quote!(self.#name.iter().flatten())
            };
            quote! {
                for value in #values {
                    request.#add(#key, #text);
                }
            }
        }
        _ => {
            let text = text(
                &field.ty,
                &Value::reference(quote!(value)),
                TimestampFormat::DateTime,
            );
            quote! {
                if let Some(value) = &self.#name {
                    request.#add(#key, #text);
                }
            }
        }
    }
}

fn query_map_value(plan: &Plan<'_>, operation: &Operation<'_>, field: &Field<'_>) -> TokenStream {
    let add = function(plan, operation, field, "query");
    let TypeKind::Map { value, sparse, .. } = &field.ty.kind else {
        return TokenStream::new();
    };
    match (&value.kind, sparse) {
        (TypeKind::List { .. }, _) => quote! {
            for value in value {
                request.#add(key, value);
            }
        },
        (_, true) => quote! {
            if let Some(value) = value {
                request.#add(key, value);
            }
        },
        (_, false) => quote!(request.#add(key, value);),
    }
}
