//! Prints generic parameters and where clauses.

use quote::ToTokens;
use syn::{BoundLifetimes, GenericParam, Generics, WherePredicate};

use super::argument_list::Item;
use super::assignment::{self, Tactic as RightHandSide};
use super::context::Context;
use super::list::{self, Layout, Tactic, Trailing};
use super::overflow::Delimited;
use super::shape::{Shape, TAB};
use super::{attribute, bounds, expression, text, types};

/// The name of an item followed by its generic parameters.
pub(super) fn print(
    context: &Context,
    name: &str,
    generics: &Generics,
    shape: Shape,
) -> Option<String> {
    if generics.params.is_empty() {
        return Some(name.to_owned());
    }
    Delimited {
        name,
        items: generics.params.iter().map(Item::GenericParameter).collect(),
        delimiters: ("<", ">"),
        item_width: context.max_width(),
        trailing: Trailing::Vertical,
    }
    .print(context, shape)
}

pub(super) fn has_attributes(parameter: &GenericParam) -> bool {
    match parameter {
        GenericParam::Lifetime(node) => !node.attrs.is_empty(),
        GenericParam::Type(node) => !node.attrs.is_empty(),
        GenericParam::Const(node) => !node.attrs.is_empty(),
    }
}

pub(super) fn parameter(
    context: &Context,
    parameter: &GenericParam,
    shape: Shape,
) -> Option<String> {
    if has_attributes(parameter) {
        return context.unsupported(
            "an attribute on a generic parameter",
            parameter.to_token_stream(),
        );
    }
    match parameter {
        GenericParam::Lifetime(node) => {
            let mut result = node.lifetime.to_string();
            if !node.bounds.is_empty() {
                result.push_str(": ");
                result.push_str(&bounds::lifetimes(&node.bounds));
            }
            Some(result)
        }
        GenericParam::Type(node) => {
            let mut result = node.ident.to_string();
            if !node.bounds.is_empty() {
                result.push_str(": ");
                result.push_str(&bounds::print(context, &node.bounds, shape)?);
            }
            if let Some((_, default)) = &node.default {
                result.push_str(" = ");
                let width = shape.width.checked_sub(result.len())?;
                let shape = Shape::new(width, shape.indent.aligned(result.len()));
                result.push_str(&types::print(context, default, shape)?);
            }
            Some(result)
        }
        GenericParam::Const(node) => {
            let ty = types::print(context, &node.ty, shape)?;
            let mut result = format!("const {}: {ty}", node.ident);
            if let Some((_, default)) = &node.default {
                result.push_str(" = ");
                let width = shape.width.checked_sub(result.len())?;
                let shape = Shape::new(width, shape.indent);
                result.push_str(&expression::print(context, default, shape)?);
            }
            Some(result)
        }
    }
}

/// `for<'a> ` or nothing.
pub(super) fn binder(
    context: &Context,
    lifetimes: Option<&BoundLifetimes>,
    shape: Shape,
) -> Option<String> {
    let Some(lifetimes) = lifetimes else {
        return Some(String::new());
    };
    let parameters: Option<Vec<String>> = lifetimes
        .lifetimes
        .iter()
        .map(|node| parameter(context, node, shape))
        .collect();
    Some(format!("for<{}> ", parameters?.join(", ")))
}

/// How a where clause joins what stands before it.
#[derive(Clone, Copy)]
pub(super) struct WhereStyle {
    /// Whether the last predicate goes without a comma.
    pub(super) suppress_comma: bool,
    /// Whether `where` stays on the line.
    pub(super) same_line: bool,
    /// Whether the predicates may stay on the line of `where`.
    pub(super) single_line: bool,
}

impl WhereStyle {
    /// `where` stays on the line if there is nothing but a closing bracket before it.
    pub(super) fn after(text: &str) -> WhereStyle {
        WhereStyle {
            suppress_comma: false,
            same_line: text::last_line_width(text) == 1,
            single_line: false,
        }
    }
}

pub(super) fn predicates(generics: &Generics) -> usize {
    generics
        .where_clause
        .as_ref()
        .map_or(0, |clause| clause.predicates.len())
}

/// The where clause with the line break or space before it, or nothing.
pub(super) fn where_clause(
    context: &Context,
    generics: &Generics,
    shape: Shape,
    style: WhereStyle,
) -> Option<String> {
    let Some(clause) = &generics.where_clause else {
        return Some(String::new());
    };
    if clause.predicates.is_empty() {
        return Some(String::new());
    }
    let outer = shape.block().with_max_width(context);
    let inner = outer.block_indent(TAB).sub_width(TAB)?.sub_width(1)?;
    let predicates: Vec<Option<String>> = clause
        .predicates
        .iter()
        .map(|node| predicate(context, node, inner))
        .collect();
    let trailing = if style.suppress_comma {
        Trailing::Never
    } else {
        Trailing::Vertical
    };
    let layout = Layout::new(inner, Tactic::Vertical, trailing);
    let text = list::write(&predicates, &layout)?;
    let start = if style.same_line {
        " ".to_owned()
    } else {
        outer.indent.line()
    };
    let single = style.single_line && text::is_single_line(&text) && 6 + text.len() <= shape.width;
    let separator = if single {
        " ".to_owned()
    } else {
        inner.indent.line()
    };
    Some(format!("{start}where{separator}{text}"))
}

fn predicate(context: &Context, predicate: &WherePredicate, shape: Shape) -> Option<String> {
    match predicate {
        WherePredicate::Type(node) => {
            attribute::reject(context, "a where predicate", &node.attrs)?;
            let binder = binder(context, node.lifetimes.as_ref(), shape)?;
            let ty = types::print(context, &node.bounded_ty, shape)?;
            let lhs = format!("{binder}{ty}:");
            if node.bounds.is_empty() {
                return Some(lhs);
            }
            let right = |shape| bounds::print(context, &node.bounds, shape);
            assignment::print(context, lhs, &right, shape, RightHandSide::Default)
        }
        WherePredicate::Lifetime(node) => {
            attribute::reject(context, "a where predicate", &node.attrs)?;
            let bounds = bounds::lifetimes(&node.bounds);
            let separator = if bounds.is_empty() { "" } else { ": " };
            Some(format!("{}{separator}{bounds}", node.lifetime))
        }
        other => context.unsupported("a where predicate", other.to_token_stream()),
    }
}
