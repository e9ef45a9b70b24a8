//! Prints `A + B + 'a` bounds.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Lifetime, PathArguments, Token, TraitBound, TypeParamBound};

use super::argument_list::Item;
use super::context::Context;
use super::list::Trailing;
use super::overflow::Delimited;
use super::path::{self, Position};
use super::shape::{Shape, TAB};
use super::{generics, text};

type Bounds = Punctuated<TypeParamBound, Token![+]>;

pub(super) fn print(context: &Context, bounds: &Bounds, shape: Shape) -> Option<String> {
    join(context, bounds, shape, true, false)
}

/// Bounds whose further lines start at the column of the bounds themselves.
pub(super) fn without_indent(context: &Context, bounds: &Bounds, shape: Shape) -> Option<String> {
    join(context, bounds, shape, false, false)
}

pub(super) fn lifetimes(bounds: &Punctuated<Lifetime, Token![+]>) -> String {
    let names: Vec<String> = bounds.iter().map(Lifetime::to_string).collect();
    names.join(" + ")
}

fn join(
    context: &Context,
    bounds: &Bounds,
    outer: Shape,
    indent: bool,
    break_lines: bool,
) -> Option<String> {
    let shape = if indent && break_lines {
        outer.block_indent(TAB).with_max_width(context)
    } else {
        outer
    };
    let in_order = is_in_order(bounds);
    let mut result = String::new();
    let mut extendable = false;
    for (index, bound) in bounds.iter().enumerate() {
        if index > 0 {
            if break_lines && (!extendable || !in_order) {
                result.push_str(&shape.indent.line());
                result.push_str("+ ");
            } else {
                result.push_str(" + ");
            }
        }
        let text = self::bound(context, bound, shape)?;
        let lifetime = matches!(bound, TypeParamBound::Lifetime(_));
        extendable = lifetime || text::last_line_extendable(&text);
        result.push_str(&text);
    }
    let fits = text::is_single_line(&result) && result.len() <= outer.width;
    let retry = bounds.len() > 1 || bounds.first().is_some_and(has_several_arguments);
    if !break_lines && !fits && retry {
        return join(context, bounds, outer, indent, true);
    }
    Some(result)
}

/// Whether all lifetimes come after all traits.
fn is_in_order(bounds: &Bounds) -> bool {
    let is_lifetime = |bound: &TypeParamBound| matches!(bound, TypeParamBound::Lifetime(_));
    bounds
        .iter()
        .skip_while(|bound| !is_lifetime(bound))
        .all(is_lifetime)
}

fn has_several_arguments(bound: &TypeParamBound) -> bool {
    match bound {
        TypeParamBound::Trait(bound) => {
            let segments = &bound.path.segments;
            segments.len() > 1
                || segments.first().is_some_and(|segment| {
                    matches!(&segment.arguments, PathArguments::AngleBracketed(node)
                        if node.args.len() > 1)
                })
        }
        TypeParamBound::PreciseCapture(node) => node.params.len() > 1,
        _ => false,
    }
}

fn bound(context: &Context, bound: &TypeParamBound, shape: Shape) -> Option<String> {
    match bound {
        TypeParamBound::Trait(node) => trait_bound(context, node, shape),
        TypeParamBound::Lifetime(lifetime) => Some(lifetime.to_string()),
        TypeParamBound::PreciseCapture(node) => Delimited {
            name: "use",
            items: node.params.iter().map(Item::Captured).collect(),
            delimiters: ("<", ">"),
            item_width: context.max_width(),
            trailing: Trailing::Vertical,
        }
        .print(context, shape),
        other => context.unsupported("a bound", other.to_token_stream()),
    }
}

fn trait_bound(context: &Context, node: &TraitBound, shape: Shape) -> Option<String> {
    let mut prefix = generics::binder(context, node.lifetimes.as_ref(), shape)?;
    if node.maybe.is_some() {
        prefix.push('?');
    }
    let shape = shape.offset_left(prefix.len())?;
    let path = path::print(context, Position::Type, None, &node.path, shape)?;
    Some(if node.paren_token.is_some() {
        format!("({prefix}{path})")
    } else {
        format!("{prefix}{path}")
    })
}
