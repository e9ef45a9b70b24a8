//! Prints types.

use quote::ToTokens;
use syn::{PointerMutability, Type, TypeArray, TypeFnPtr, TypeParen, TypeReference};

use super::argument_list::Item;
use super::binary::{self, Parts};
use super::context::Context;
use super::function_type::Function;
use super::list::Trailing;
use super::overflow::{CALL_WIDTH, Delimited};
use super::path::{self, Position};
use super::shape::{Shape, TAB};
use super::{bounds, expression, generics, macro_call, text};

pub(super) fn print(context: &Context, node: &Type, shape: Shape) -> Option<String> {
    match node {
        Type::Path(path)
            if path
                .path
                .segments
                .iter()
                .all(|one| one.arguments.is_empty()) =>
        {
            dispatch(context, node, shape)
        }
        _ => context.remember(node, shape, false, || dispatch(context, node, shape)),
    }
}

fn dispatch(context: &Context, node: &Type, shape: Shape) -> Option<String> {
    match node {
        Type::Path(node) => {
            let self_type = node.qself.as_ref();
            path::print(context, Position::Type, self_type, &node.path, shape)
        }
        Type::Reference(node) => reference(context, node, shape),
        Type::Slice(node) => {
            let width = shape.width.checked_sub(4)?;
            let shape = Shape::new(width, shape.indent.aligned(1));
            Some(format!("[{}]", print(context, &node.elem, shape)?))
        }
        Type::Array(node) => array(context, node, shape),
        Type::Tuple(node) => Delimited {
            name: "",
            items: node.elems.iter().map(Item::Type).collect(),
            delimiters: ("(", ")"),
            item_width: CALL_WIDTH,
            trailing: tuple_comma(context, node.elems.len(), node.elems.trailing_punct()),
        }
        .print(context, shape),
        Type::Never(_) => Some("!".to_owned()),
        Type::Infer(_) => (shape.width >= 1).then(|| "_".to_owned()),
        Type::Paren(node) => paren(context, node, shape),
        Type::Group(node) => print(context, &node.elem, shape),
        Type::FnPtr(node) => function(context, node, shape),
        Type::ImplTrait(node) => {
            let bounds = bounds::without_indent(context, &node.bounds, shape)?;
            Some(format!("impl {bounds}"))
        }
        Type::TraitObject(node) => {
            let prefix = if node.dyn_token.is_some() { "dyn " } else { "" };
            let shape = shape.offset_left(prefix.len())?;
            let bounds = bounds::print(context, &node.bounds, shape)?;
            Some(format!("{prefix}{bounds}"))
        }
        Type::Ptr(node) => {
            let prefix = match node.mutability {
                PointerMutability::Const(_) => "*const ",
                PointerMutability::Mut(_) => "*mut ",
            };
            let shape = shape.offset_left(prefix.len())?;
            Some(format!("{prefix}{}", print(context, &node.elem, shape)?))
        }
        Type::Macro(node) => macro_call::expression(context, &node.mac, shape),
        other => context.unsupported("a type", other.to_token_stream()),
    }
}

/// When the last element of a tuple gets a comma.
pub(super) fn tuple_comma(context: &Context, count: usize, written: bool) -> Trailing {
    if context.inside_macro() {
        if written {
            Trailing::Always
        } else {
            Trailing::Never
        }
    } else if count == 1 {
        Trailing::Always
    } else {
        Trailing::Vertical
    }
}

/// Whether the type may overflow as the last of so many arguments.
pub(super) fn can_overflow(node: &Type, count: usize) -> bool {
    match node {
        Type::Tuple(_) => count == 1,
        Type::Reference(node) => can_overflow(&node.elem, count),
        Type::Ptr(node) => can_overflow(&node.elem, count),
        _ => false,
    }
}

fn reference(context: &Context, node: &TypeReference, shape: Shape) -> Option<String> {
    let mut result = "&".to_owned();
    if let Some(lifetime) = &node.lifetime {
        result.push_str(&lifetime.to_string());
        result.push(' ');
    }
    if node.mutability.is_some() {
        result.push_str("mut ");
    }
    let used = text::last_line_width(&result);
    let width = shape.width.checked_sub(used)?;
    let inner = Shape::new(width, shape.indent.aligned(used));
    result.push_str(&print(context, &node.elem, inner)?);
    Some(result)
}

fn array(context: &Context, node: &TypeArray, shape: Shape) -> Option<String> {
    let parts = Parts {
        prefix: "[",
        infix: "; ",
        suffix: "]",
        separator_first: false,
    };
    binary::pair(
        context,
        &|shape| print(context, &node.elem, shape),
        &|shape| expression::print(context, &node.len, shape),
        &parts,
        shape,
    )
}

fn paren(context: &Context, node: &TypeParen, shape: Shape) -> Option<String> {
    if let Some(inner) = shape.sub_width(2)
        && let Some(text) = print(context, &node.elem, inner)
        && text::is_single_line(&text)
    {
        return Some(format!("({text})"));
    }
    let inner = shape.block_indent(TAB).with_max_width(context);
    let text = print(context, &node.elem, inner)?;
    let (line, end) = (inner.line_at_offset(), shape.indent.line());
    Some(format!("({line}{text}{end})"))
}

fn function(context: &Context, node: &TypeFnPtr, shape: Shape) -> Option<String> {
    if node.abi.is_some() || node.variadic.is_some() {
        return context.unsupported("a foreign function type", node.to_token_stream());
    }
    let mut result = generics::binder(context, node.lifetimes.as_ref(), shape)?;
    if node.unsafety.is_some() {
        result.push_str("unsafe ");
    }
    result.push_str("fn");
    let shape = shape.offset_left(result.len())?;
    let function = Function {
        inputs: &node.inputs,
        output: &node.output,
    };
    result.push_str(&function.print(context, shape)?);
    Some(result)
}
