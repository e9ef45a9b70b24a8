//! Prints paths and their generic arguments.

use quote::ToTokens;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Path, PathArguments, PathSegment, QSelf,
};

use super::argument_list::Item;
use super::context::Context;
use super::list::Trailing;
use super::overflow::Delimited;
use super::shape::Shape;
use super::{bounds, expression, function_type, text, types};

/// Where a path stands, which decides whether its arguments need a `::` before them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Expression,
    Type,
}

/// The path without generic arguments.
pub(super) fn plain(path: &Path) -> String {
    let mut text = String::new();
    if path.leading_colon.is_some() {
        text.push_str("::");
    }
    for (index, segment) in path.segments.iter().enumerate() {
        if index > 0 {
            text.push_str("::");
        }
        text.push_str(&segment.ident.to_string());
    }
    text
}

pub(super) fn print(
    context: &Context,
    position: Position,
    self_type: Option<&QSelf>,
    path: &Path,
    shape: Shape,
) -> Option<String> {
    let mut result = String::new();
    let skip = self_type.map_or(0, |self_type| self_type.position);
    if path.leading_colon.is_some() && self_type.is_none() {
        result.push_str("::");
    }
    if let Some(self_type) = self_type {
        result.push('<');
        result.push_str(&types::print(context, &self_type.ty, shape)?);
        if skip > 0 {
            result.push_str(" as ");
            if path.leading_colon.is_some() {
                result.push_str("::");
            }
            let shape = shape.sub_width(3)?;
            let segments = path.segments.iter().take(skip);
            result = self::segments(context, Position::Type, result, segments, shape)?;
        }
        result.push_str(">::");
    }
    let segments = path.segments.iter().skip(skip);
    self::segments(context, position, result, segments, shape)
}

fn segments<'a>(
    context: &Context,
    position: Position,
    mut result: String,
    segments: impl Iterator<Item = &'a PathSegment>,
    shape: Shape,
) -> Option<String> {
    let shape = shape.visual_indent(0);
    for (index, segment) in segments.enumerate() {
        if index > 0 {
            result.push_str("::");
        }
        let name = segment.ident.to_string();
        let inner = shape
            .shrink_left(text::extra_offset(&result, shape))?
            .offset_left(name.len())?;
        result.push_str(&name);
        match &segment.arguments {
            PathArguments::None => {}
            PathArguments::AngleBracketed(node) => {
                if node.args.is_empty() {
                    continue;
                }
                let explicit = context.inside_macro() && node.colon2_token.is_some();
                if position == Position::Expression || explicit {
                    result.push_str("::");
                }
                result.push_str(&arguments(context, node, inner)?);
            }
            PathArguments::Parenthesized(node) => {
                let function = function_type::Function {
                    inputs: &node.inputs,
                    output: &node.output,
                };
                result.push_str(&function.print(context, inner)?);
            }
        }
    }
    Some(result)
}

fn arguments(
    context: &Context,
    node: &AngleBracketedGenericArguments,
    shape: Shape,
) -> Option<String> {
    Delimited {
        name: "",
        items: node.args.iter().map(Item::GenericArgument).collect(),
        delimiters: ("<", ">"),
        item_width: context.max_width(),
        trailing: Trailing::Vertical,
    }
    .print(context, shape)
}

/// The arguments after the name of a method, on one line.
pub(super) fn turbofish(
    context: &Context,
    node: &AngleBracketedGenericArguments,
    shape: Shape,
) -> Option<String> {
    if node.args.is_empty() {
        return Some(String::new());
    }
    let arguments: Option<Vec<String>> = node
        .args
        .iter()
        .map(|node| argument(context, node, shape))
        .collect();
    Some(format!("::<{}>", arguments?.join(", ")))
}

pub(super) fn argument(
    context: &Context,
    argument: &GenericArgument,
    shape: Shape,
) -> Option<String> {
    match argument {
        GenericArgument::Lifetime(lifetime) => Some(lifetime.to_string()),
        GenericArgument::Type(node) => types::print(context, node, shape),
        GenericArgument::Const(node) => expression::print(context, node, shape),
        GenericArgument::AssocType(node) => {
            let name = node.ident.to_string();
            let lhs = associated(context, name, node.generics.as_ref(), " = ", shape)?;
            let shape = after(&lhs, shape)?;
            Some(lhs + &types::print(context, &node.ty, shape)?)
        }
        GenericArgument::AssocConst(node) => {
            let name = node.ident.to_string();
            let lhs = associated(context, name, node.generics.as_ref(), " = ", shape)?;
            let shape = after(&lhs, shape)?;
            Some(lhs + &expression::print(context, &node.value, shape)?)
        }
        GenericArgument::Constraint(node) => {
            let name = node.ident.to_string();
            let lhs = associated(context, name, node.generics.as_ref(), ": ", shape)?;
            let shape = after(&lhs, shape)?;
            Some(lhs + &bounds::print(context, &node.bounds, shape)?)
        }
        other => context.unsupported("a generic argument", other.to_token_stream()),
    }
}

fn associated(
    context: &Context,
    mut name: String,
    generics: Option<&AngleBracketedGenericArguments>,
    infix: &str,
    shape: Shape,
) -> Option<String> {
    if let Some(generics) = generics {
        let shape = after(&name, shape)?;
        name.push_str(&arguments(context, generics, shape)?);
    }
    name.push_str(infix);
    Some(name)
}

fn after(text: &str, shape: Shape) -> Option<Shape> {
    let width = shape.width.checked_sub(text.len())?;
    Some(Shape::new(width, shape.indent.aligned(text.len())))
}
