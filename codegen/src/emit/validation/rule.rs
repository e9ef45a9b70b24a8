//! The statements that validate rules about several members of a structure.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::super::types::ident;
use super::{name, names};
use crate::emit::imports::VALIDATION;
use crate::model::{Rule, RuleKind};
use crate::plan::{Field, Presence, TypeDefinition};

pub(super) fn rule_statements(definition: &TypeDefinition<'_>, rule: &Rule) -> TokenStream {
    let source = &rule.source;
    let source = quote!(#VALIDATION::Provenance::Overlay(#source));
    let field = |member: &String| {
        definition
            .fields()
            .iter()
            .find(|field| field.model.name == *member)
    };
    match &rule.kind {
        RuleKind::AtLeastOneOf { members, strict } => {
            let pairs: Vec<(&str, &str)> = members
                .iter()
                .filter_map(field)
                .map(|field| (field.model.name.as_str(), field.name.as_str()))
                .collect();
            let shown = names(&pairs);
            let present = members.iter().filter_map(field).map(|field| {
                let name = ident(&field.name);
                match field.presence {
                    Presence::Optional => quote!(self.#name.is_some()),
                    _ => quote!(true),
                }
            });
            let method = ident(if *strict {
                "recommended_one_of"
            } else {
                "at_least_one_of"
            });
            quote!(validator.#method(root, #(#present)||*, #shown, #source);)
        }
        RuleKind::Ordered {
            first,
            second,
            may_be_equal,
            span,
        } => {
            let (Some(one), Some(two)) = (field(first), field(second)) else {
                return TokenStream::new();
            };
            let first = name(&one.model.name, &one.name);
            let second = name(&two.model.name, &two.name);
            let span = span.map(|span| {
                let span = Literal::i64_unsuffixed(span);
                quote!(validator.span(path, (first, second), #span, #first, #source);)
            });
            let statements = quote! {
                let path = root.member(#second);
                validator.ordered(path, (first, second), #may_be_equal, #first, #source);
                #span
            };
            let (one, two) = (optional(one), optional(two));
            quote!(if let (Some(first), Some(second)) = (#one, #two) { #statements })
        }
    }
}

/// A field as an option, by value.
fn optional(field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    match field.presence {
        Presence::Optional => quote!(self.#name),
        _ => quote!(Some(self.#name)),
    }
}
