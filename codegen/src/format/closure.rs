//! Prints closures.

use quote::ToTokens;
use syn::{Block, Expr, ExprClosure, Pat, ReturnType};

use super::context::Context;
use super::list::{self, Layout, Tactic, Trailing};
use super::shape::Shape;
use super::{block, classify, control_flow, expression, pattern, text, types};

/// A forced block of no more lines is left out if the body fits on the line of the closure.
const SHORT_BLOCK_LINES: usize = 7;

pub(super) fn print(context: &Context, node: &ExprClosure, shape: Shape) -> Option<String> {
    let prefix = prefix(context, node, shape)?;
    let body_shape = shape.offset_left(text::last_line_width(&prefix) + 1)?;
    let Some(block) = classify::plain_block(&node.body).filter(|_| !is_labelled(&node.body)) else {
        return without_block(context, &node.body, &prefix, body_shape)
            .or_else(|| with_block(context, &node.body, &prefix, body_shape));
    };
    if block.stmts.is_empty() {
        let body = expression::print(context, &node.body, shape)?;
        return Some(format!("{prefix} {body}"));
    }
    let unwrapped = if matches!(node.output, ReturnType::Default) && !context.inside_macro() {
        let inner = unwrap(&node.body, &prefix);
        if forces_block(context, inner) {
            with_block(context, inner, &prefix, shape)
        } else {
            without_block(context, inner, &prefix, body_shape)
        }
    } else {
        None
    };
    unwrapped.or_else(|| {
        let body = block::print(context, block, "", body_shape)?;
        Some(format!("{prefix} {body}"))
    })
}

/// A closure as the last of several arguments, or nothing if it would look bad there.
pub(super) fn overflowing(
    context: &Context,
    whole: &Expr,
    node: &ExprClosure,
    shape: Shape,
) -> Option<String> {
    let body = match simple_block(&node.body) {
        Some(block) if !context.inside_macro() => {
            classify::only_expression(block).unwrap_or(&node.body)
        }
        _ => &node.body,
    };
    let prefix = prefix(context, node, shape)?;
    if prefix.contains('\n') {
        return None;
    }
    let body_shape = shape.offset_left(text::last_line_width(&prefix) + 1)?;
    if forces_block(context, body) {
        let wrapped = with_block(context, body, &prefix, body_shape)?;
        let returns = !matches!(node.output, ReturnType::Default);
        if returns || text::lines(&wrapped) > SHORT_BLOCK_LINES {
            return Some(wrapped);
        }
        let flat = without_block(context, body, &prefix, shape);
        return Some(flat.filter(|text| !text.contains('\n')).unwrap_or(wrapped));
    }
    if let Some(condition) = control_flow::condition(context, body, body_shape)
        && (condition.contains('\n') || condition.len() > body_shape.width)
    {
        return with_block(context, body, &prefix, body_shape);
    }
    expression::print(context, whole, shape)
}

fn is_labelled(expression: &Expr) -> bool {
    matches!(expression, Expr::Block(node) if node.label.is_some())
}

/// The block of a closure body without attributes.
fn simple_block(body: &Expr) -> Option<&Block> {
    match body {
        Expr::Block(node) if node.attrs.is_empty() && node.label.is_none() => Some(&node.block),
        _ => None,
    }
}

/// The expression inside blocks that hold nothing else.
fn unwrap<'a>(expression: &'a Expr, prefix: &str) -> &'a Expr {
    if let Some(block) = simple_block(expression)
        && !prefix.contains('\n')
        && let Some(inner) = classify::only_expression(block)
        && classify::attributes(inner).is_empty()
    {
        return unwrap(inner, prefix);
    }
    expression
}

/// Whether the body gets a block although it is a single expression.
fn forces_block(context: &Context, expression: &Expr) -> bool {
    if context.inside_macro() {
        return false;
    }
    match expression {
        Expr::If(_) | Expr::While(_) | Expr::ForLoop(_) | Expr::Loop(_) => true,
        Expr::Reference(node) => forces_block(context, &node.expr),
        Expr::Try(node) => forces_block(context, &node.expr),
        Expr::Unary(node) => forces_block(context, &node.expr),
        Expr::Cast(node) => forces_block(context, &node.expr),
        _ => false,
    }
}

fn leftmost(expression: &Expr) -> &Expr {
    match expression {
        Expr::Call(node) => leftmost(&node.func),
        Expr::Binary(node) => leftmost(&node.left),
        Expr::Cast(node) => leftmost(&node.expr),
        Expr::Assign(node) => leftmost(&node.left),
        Expr::Field(node) => leftmost(&node.base),
        Expr::Index(node) => leftmost(&node.expr),
        Expr::Try(node) => leftmost(&node.expr),
        Expr::Range(node) => node.start.as_deref().map_or(expression, leftmost),
        _ => expression,
    }
}

/// Whether putting the body into a block would change what it means.
fn refuses_block(body: &Expr) -> bool {
    let compound = matches!(
        body,
        Expr::Call(_)
            | Expr::Binary(_)
            | Expr::Cast(_)
            | Expr::Assign(_)
            | Expr::Field(_)
            | Expr::Index(_)
            | Expr::Range(_)
            | Expr::Try(_)
    );
    let is_statement = matches!(
        leftmost(body),
        Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Unsafe(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::ForLoop(_)
    );
    compound && is_statement
}

fn with_block(context: &Context, body: &Expr, prefix: &str, shape: Shape) -> Option<String> {
    if refuses_block(body) {
        return None;
    }
    let block = block::around(context, body, shape)?;
    Some(format!("{prefix} {block}"))
}

fn without_block(context: &Context, body: &Expr, prefix: &str, shape: Shape) -> Option<String> {
    let text = expression::print(context, body, shape)?;
    if text.contains('\n') && !context.inside_macro() && !may_break(body) {
        return None;
    }
    Some(format!("{prefix} {text}"))
}

/// Whether the body may take several lines without a block around it.
fn may_break(expression: &Expr) -> bool {
    match expression {
        Expr::Match(_)
        | Expr::Async(_)
        | Expr::Block(_)
        | Expr::Unsafe(_)
        | Expr::Loop(_)
        | Expr::Struct(_) => true,
        Expr::Reference(node) => may_break(&node.expr),
        Expr::Try(node) => may_break(&node.expr),
        Expr::Unary(node) => may_break(&node.expr),
        Expr::Cast(node) => may_break(&node.expr),
        _ => false,
    }
}

/// Everything before the body.
fn prefix(context: &Context, node: &ExprClosure, shape: Shape) -> Option<String> {
    if node.lifetimes.is_some() || node.constness.is_some() {
        return context.unsupported("a closure", node.to_token_stream());
    }
    let mut prefix = String::new();
    if node.asyncness.is_some() {
        prefix.push_str("async ");
    }
    if node.capture.is_some() {
        prefix.push_str("move ");
    }
    let shape = shape.shrink_left(prefix.len())?.sub_width(4)?;
    let parameter_shape = shape.offset_left(1)?.visual_indent(0);
    let output = match &node.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, ty) => {
            let shape = parameter_shape.offset_left(3)?;
            format!("-> {}", types::print(context, ty, shape)?)
        }
    };
    let parameters: Vec<Option<String>> = node
        .inputs
        .iter()
        .map(|input| parameter(context, input, parameter_shape))
        .collect();
    let budget = shape.width.saturating_sub(output.len() + 1);
    let tactic = list::choose(&parameters, 2, budget);
    let parameter_shape = match tactic {
        Tactic::Horizontal => parameter_shape.sub_width(output.len() + 1)?,
        _ => parameter_shape,
    };
    let layout = Layout::new(parameter_shape, tactic, Trailing::Never);
    let list = list::write(&parameters, &layout)?;
    prefix.push_str(&format!("|{list}|"));
    if !output.is_empty() {
        if prefix.contains('\n') {
            prefix.push_str(&shape.indent.aligned(1).line());
        } else {
            prefix.push(' ');
        }
        prefix.push_str(&output);
    }
    Some(prefix)
}

fn parameter(context: &Context, input: &Pat, shape: Shape) -> Option<String> {
    match input {
        Pat::Type(node) => pattern::typed(context, node, shape),
        other => pattern::print(context, other, shape),
    }
}
