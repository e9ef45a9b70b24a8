//! Prints impl blocks.

use quote::ToTokens;
use syn::{ImplItem, ItemImpl, Path};

use super::constant::{self, Constant};
use super::context::Context;
use super::generics::{self, WhereStyle};
use super::macro_call::{self, Position};
use super::path::{self, Position as PathPosition};
use super::shape::{Indent, Shape};
use super::{attribute, function, item, text, types, visibility};

pub(super) fn print(context: &Context, node: &ItemImpl, indent: Indent) -> Option<String> {
    let mut result = head(context, node, indent)?;
    let width = if result.contains('\n') {
        context.max_width()
    } else {
        context.budget(text::last_line_width(&result))
    };
    let mut style = WhereStyle::after(&result);
    let predicates = generics::predicates(&node.generics);
    if node.items.is_empty() && predicates == 1 && !result.contains('\n') {
        style = WhereStyle {
            suppress_comma: true,
            same_line: true,
            single_line: true,
        };
    }
    let shape = Shape::new(width, indent.block_only());
    let clause = generics::where_clause(context, &node.generics, shape, style)?;
    let line = indent.line();
    if node.items.is_empty()
        && !result.contains('\n')
        && result.len() + clause.len() <= context.max_width()
    {
        result.push_str(&clause);
        if clause.contains('\n') {
            let comma = if predicates == 1 { "," } else { "" };
            result.push_str(&format!("{comma}{line}{{{line}}}"));
        } else {
            result.push_str(" {}");
        }
        return Some(result);
    }
    result.push_str(&clause);
    let broken = result.contains('\n');
    let next_line = broken || !clause.is_empty();
    result.push_str(if next_line { &line } else { " " });
    result.push('{');
    if node.items.is_empty() {
        if broken {
            result.push_str(&line);
        }
    } else {
        let inner = indent.block_only().nested();
        let items: Option<Vec<String>> = node
            .items
            .iter()
            .map(|node| item(context, node, inner))
            .collect();
        item::push_members(&mut result, &items?, inner);
        result.push_str(&indent.block_only().line());
    }
    result.push('}');
    Some(result)
}

/// Everything before the where clause.
fn head(context: &Context, node: &ItemImpl, indent: Indent) -> Option<String> {
    if node.modifiers.defaultness.is_some() || node.modifiers.polarity.is_some() {
        return context.unsupported("an impl", node.to_token_stream());
    }
    let mut result = if node.unsafety.is_some() {
        "unsafe ".to_owned()
    } else {
        String::new()
    };
    let shape = Shape::indented(context, indent.aligned(result.len()));
    result.push_str(&generics::print(context, "impl", &node.generics, shape)?);
    if let Some((path, _)) = &node.trait_ {
        let used = text::last_line_width(&result);
        result.push_str(&trait_path(context, path, indent, used)?);
    }
    let infix = if node.trait_.is_some() { " for" } else { "" };
    let brace = if generics::predicates(&node.generics) == 0 {
        2
    } else {
        0
    };
    let used = text::last_line_width(&result) + infix.len() + brace + 1;
    let shape = Shape::new(context.budget(used), indent);
    if let Some(ty) = types::print(context, &node.self_ty, shape)
        && text::is_single_line(&ty)
    {
        return Some(format!("{result}{infix} {ty}"));
    }
    result.push_str(&indent.nested().line());
    if node.trait_.is_some() {
        result.push_str("for ");
    }
    let width = context.budget(text::last_line_width(&result));
    let ty = types::print(context, &node.self_ty, Shape::new(width, indent.nested()))?;
    Some(result + &ty)
}

fn trait_path(context: &Context, node: &Path, indent: Indent, used: usize) -> Option<String> {
    let shape = Shape::indented(context, indent.aligned(used + 1));
    if let Some(text) = path::print(context, PathPosition::Type, None, node, shape)
        && text::is_single_line(&text)
    {
        return Some(format!(" {text}"));
    }
    let indent = indent.nested();
    let shape = Shape::indented(context, indent);
    let text = path::print(context, PathPosition::Type, None, node, shape)?;
    Some(format!("{}{text}", indent.line()))
}

/// A member with its attributes.
pub(super) fn item(context: &Context, node: &ImplItem, indent: Indent) -> Option<String> {
    let shape = Shape::indented(context, indent);
    match node {
        ImplItem::Fn(node) => {
            if node.modifiers.defaultness.is_some() {
                return context.unsupported("a default function", node.to_token_stream());
            }
            let attributes = attribute::above(context, &node.attrs, shape)?;
            let prefix = visibility::prefix(&node.vis);
            let text = function::print(context, &prefix, &node.sig, &node.block, indent)?;
            Some(attributes + &text)
        }
        ImplItem::Const(node) => {
            let attributes = attribute::above(context, &node.attrs, shape)?;
            let text = Constant {
                prefix: format!("{}const", visibility::prefix(&node.vis)),
                name: &node.ident,
                generics: Some(&node.generics),
                ty: &node.ty,
                value: Some(&node.expr),
            }
            .print(context, indent)?;
            Some(attributes + &text)
        }
        ImplItem::Type(node) => {
            let attributes = attribute::above(context, &node.attrs, shape)?;
            let text = constant::Alias {
                prefix: visibility::prefix(&node.vis),
                name: &node.ident,
                generics: &node.generics,
                bounds: None,
                ty: Some(&node.ty),
            }
            .print(context, indent)?;
            Some(attributes + &text)
        }
        ImplItem::Macro(node) => {
            let attributes = attribute::above(context, &node.attrs, shape)?;
            let text = macro_call::print(context, &node.mac, shape, Position::Item)?;
            Some(attributes + &text)
        }
        other => context.unsupported("a member of an impl", other.to_token_stream()),
    }
}
