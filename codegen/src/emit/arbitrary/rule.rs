//! Rules about several members, which are applied after a structure was generated.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::super::types::ident;
use super::present;
use super::value::range;
use crate::emit::imports::ARBITRARY;
use crate::model::RuleKind;
use crate::plan::{Field, Plan, Presence, TypeDefinition, TypeKind};

/// The strategy of a structure that satisfies its rules; `made` is the strategy of one that may violate them.
pub(super) fn with_rules(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    made: &TokenStream,
) -> TokenStream {
    let mut strategies = vec![made.clone()];
    let mut names = vec![quote!(mut value)];
    let mut statements = TokenStream::new();
    for rule in &definition.model.rules {
        match &rule.kind {
            RuleKind::AtLeastOneOf { members, strict } => {
                let Some((first, statement)) =
                    at_least_one(definition, members, *strict, names.len())
                else {
                    continue;
                };
                statements.extend(statement);
                let spare = spare(names.len());
                strategies.push(present(plan, definition, first));
                names.push(quote!(#spare));
            }
            RuleKind::Ordered {
                first,
                second,
                may_be_equal,
                span,
            } => {
                if let (Some(one), Some(two)) =
                    (field(definition, first), field(definition, second))
                {
                    statements.extend(order(one, two, *may_be_equal, *span));
                }
            }
        }
    }
    match (statements.is_empty(), strategies.as_slice()) {
        (true, _) => quote!(#made.boxed()),
        (false, [_]) => quote!(#made.prop_map(move |mut value| { #statements value }).boxed()),
        (false, _) => quote! {
            (#(#strategies),*).prop_map(move |(#(#names),*)| { #statements value }).boxed()
        },
    }
}

/// A value to set if all members are absent; `number` distinguishes the values of one structure.
fn spare(number: usize) -> Ident {
    format_ident!("spare_{number}")
}

/// The first of the members, and the statement that sets it where all are absent.
fn at_least_one<'a>(
    definition: &'a TypeDefinition<'a>,
    members: &[String],
    strict: bool,
    number: usize,
) -> Option<(&'a Field<'a>, TokenStream)> {
    let fields: Vec<&Field<'_>> = members
        .iter()
        .filter_map(|it| field(definition, it))
        .collect();
    if fields.iter().any(|it| it.presence != Presence::Optional) {
        return None;
    }
    let first = *fields.first()?;
    let (spare, member) = (spare(number), ident(&first.name));
    let absent = fields.iter().map(|field| {
        let name = ident(&field.name);
        quote!(value.#name.is_none())
    });
    let level = ident(if strict { "is_strict" } else { "is_documented" });
    let statement = quote! {
        if scope.#level() && #(#absent)&&* {
            value.#member = Some(#spare);
        }
    };
    Some((first, statement))
}

fn field<'a>(definition: &'a TypeDefinition<'a>, member: &str) -> Option<&'a Field<'a>> {
    definition.field(member)
}

/// Puts two members in order.
fn order(one: &Field<'_>, two: &Field<'_>, may_be_equal: bool, span: Option<i64>) -> TokenStream {
    let (first, second) = (by_reference(one), by_reference(two));
    let call = if matches!(one.ty.kind, TypeKind::Timestamp(_)) {
        let (first_aligned, second_aligned) = (
            one.ty.model.constraints.day_aligned,
            two.ty.model.constraints.day_aligned,
        );
        quote!(#ARBITRARY::order_timestamps(
            (#first, #first_aligned),
            (#second, #second_aligned),
            #may_be_equal,
        );)
    } else {
        let (first_range, second_range) = (range(&one.ty), range(&two.ty));
        let span = match span {
            Some(span) => {
                let span = Literal::i64_unsuffixed(span);
                quote!(Some(#span))
            }
            None => quote!(None),
        };
        quote!(#ARBITRARY::order_integers(
            (#first, #first_range),
            (#second, #second_range),
            #may_be_equal,
            #span,
        );)
    };
    quote!(if scope.is_documented() { #call })
}

/// A field as an option of a mutable reference.
fn by_reference(field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    match field.presence {
        Presence::Optional => quote!(value.#name.as_mut()),
        _ => quote!(Some(&mut value.#name)),
    }
}
