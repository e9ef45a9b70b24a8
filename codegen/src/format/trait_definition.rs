//! Prints traits.

use quote::ToTokens;
use syn::{ItemTrait, TraitItem};

use super::assignment::{self, Tactic};
use super::constant::{Alias, Constant};
use super::context::Context;
use super::generics::{self, WhereStyle};
use super::shape::{Indent, Shape};
use super::{attribute, bounds, function, item, text, visibility};

pub(super) fn print(context: &Context, node: &ItemTrait, indent: Indent) -> Option<String> {
    let mut result = head(context, node, indent)?;
    let line = indent.line();
    let predicates = generics::predicates(&node.generics);
    if text::last_line_width(&result) + 2 > context.budget(indent.width()) {
        result.push_str(&line);
    } else if node.items.is_empty() && !result.contains('\n') {
        result.push_str(" {}");
        return Some(result);
    } else if result.contains('\n') || (predicates > 0 && !node.items.is_empty()) {
        result.push_str(&line);
    } else {
        result.push(' ');
    }
    result.push('{');
    if !node.items.is_empty() {
        let inner = indent.block_only().nested();
        let items: Option<Vec<String>> = node
            .items
            .iter()
            .map(|node| item(context, node, inner))
            .collect();
        item::push_members(&mut result, &items?, inner);
        result.push_str(&indent.block_only().line());
    } else if result.contains('\n') {
        result.push_str(&indent.block_only().line());
    }
    result.push('}');
    Some(result)
}

/// Everything before the brace.
fn head(context: &Context, node: &ItemTrait, indent: Indent) -> Option<String> {
    if node.modifiers.auto_token.is_some() {
        return context.unsupported("a trait", node.to_token_stream());
    }
    let mut result = visibility::prefix(&node.vis);
    if node.unsafety.is_some() {
        result.push_str("unsafe ");
    }
    result.push_str("trait ");
    let shape = Shape::indented(context, indent).offset_left(result.len())?;
    let name = node.ident.to_string();
    let with_generics = generics::print(context, &name, &node.generics, shape)?;
    result.push_str(&with_generics);
    if !node.supertraits.is_empty() {
        result.push(':');
        let right = |shape| bounds::print(context, &node.supertraits, shape);
        result = assignment::print(context, result, &right, shape, Tactic::NextLine)?;
    }
    let shape = Shape::new(
        context.budget(text::last_line_width(&result)),
        indent.block_only(),
    );
    let style = WhereStyle::after(&with_generics);
    result.push_str(&generics::where_clause(
        context,
        &node.generics,
        shape,
        style,
    )?);
    Some(result)
}

/// A member with its attributes.
pub(super) fn item(context: &Context, node: &TraitItem, indent: Indent) -> Option<String> {
    let shape = Shape::indented(context, indent);
    match node {
        TraitItem::Fn(node) => {
            let attributes = attribute::above(context, &node.attrs, shape)?;
            let text = match &node.default {
                Some(body) => function::print(context, "", &node.sig, body, indent)?,
                None => function::required(context, &node.sig, indent)?,
            };
            Some(attributes + &text)
        }
        TraitItem::Const(node) => {
            let attributes = attribute::above(context, &node.attrs, shape)?;
            let text = Constant {
                prefix: "const".to_owned(),
                name: &node.ident,
                generics: Some(&node.generics),
                ty: &node.ty,
                value: node.default.as_ref().map(|(_, value)| value),
            }
            .print(context, indent)?;
            Some(attributes + &text)
        }
        TraitItem::Type(node) => {
            let attributes = attribute::above(context, &node.attrs, shape)?;
            let text = Alias {
                prefix: String::new(),
                name: &node.ident,
                generics: &node.generics,
                bounds: Some(&node.bounds),
                ty: node.default.as_ref().map(|(_, ty)| ty),
            }
            .print(context, indent)?;
            Some(attributes + &text)
        }
        other => context.unsupported("a member of a trait", other.to_token_stream()),
    }
}
