//! Prints expressions.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{
    Expr, ExprAsync, ExprCall, ExprIndex, ExprLet, ExprRange, ExprRepeat, Lit, RangeLimits, Token,
    UnOp,
};

use super::argument_list::Item;
use super::assignment::{self, Tactic};
use super::binary::{self, Parts};
use super::context::Context;
use super::list::Trailing;
use super::overflow::{ARRAY_WIDTH, CALL_WIDTH, Delimited};
use super::path::{self, Position};
use super::shape::Shape;
use super::{
    attribute, block, chain, classify, closure, control_flow, macro_call, match_expression,
    pattern, struct_literal, text, types,
};

/// An expression that is part of something.
pub(super) fn print(context: &Context, expression: &Expr, shape: Shape) -> Option<String> {
    format(context, expression, shape, false)
}

/// An expression that is a statement, or the body of a match arm: its block, if it is one, takes
/// several lines.
pub(super) fn statement(context: &Context, expression: &Expr, shape: Shape) -> Option<String> {
    format(context, expression, shape, true)
}

fn format(context: &Context, expression: &Expr, shape: Shape, statement: bool) -> Option<String> {
    let shape = if statement && classify::wants_semicolon(expression) {
        shape.sub_width(1)?
    } else {
        shape
    };
    if let Expr::Lit(node) = expression
        && node.attrs.is_empty()
    {
        return literal(context, &node.lit, shape);
    }
    if let Expr::Path(node) = expression
        && node.attrs.is_empty()
    {
        let self_type = node.qself.as_ref();
        return path::print(context, Position::Expression, self_type, &node.path, shape);
    }
    context.remember(expression, shape, statement, || {
        let attributes = attribute::above(context, classify::attributes(expression), shape)?;
        let text = dispatch(context, expression, shape, statement)?;
        Some(attributes + &text)
    })
}

fn dispatch(context: &Context, expression: &Expr, shape: Shape, statement: bool) -> Option<String> {
    match expression {
        Expr::Lit(node) => literal(context, &node.lit, shape),
        Expr::Path(node) => {
            let self_type = node.qself.as_ref();
            path::print(context, Position::Expression, self_type, &node.path, shape)
        }
        Expr::Call(node) => call(context, node, shape),
        Expr::MethodCall(_) | Expr::Field(_) | Expr::Await(_) | Expr::Try(_) => {
            chain::print(context, expression, shape)
        }
        Expr::Macro(node) => macro_call::expression(context, &node.mac, shape),
        Expr::Reference(node) => {
            let prefix = if node.mutability.is_some() {
                "&mut "
            } else {
                "&"
            };
            prefixed(context, prefix, &node.expr, shape)
        }
        Expr::Unary(node) => {
            let prefix = match node.op {
                UnOp::Deref(_) => "*",
                UnOp::Not(_) => "!",
                UnOp::Neg(_) => "-",
                _ => return context.unsupported("an operator", node.to_token_stream()),
            };
            prefixed(context, prefix, &node.expr, shape)
        }
        Expr::Binary(node) => binary::print(context, expression, node, shape),
        Expr::Assign(node) => assignment::expression(context, node, shape),
        Expr::Struct(node) => struct_literal::print(context, node, shape),
        Expr::Closure(node) => closure::print(context, node, shape),
        Expr::Match(node) => match_expression::print(context, node, shape),
        Expr::If(_) | Expr::While(_) | Expr::ForLoop(_) | Expr::Loop(_) => {
            control_flow::print(context, expression, shape, statement)
        }
        Expr::Block(_) | Expr::Unsafe(_) => {
            block::expression(context, expression, shape, statement)
        }
        Expr::Async(node) => asynchronous(context, node, shape),
        _ => dispatch_rest(context, expression, shape),
    }
}

fn dispatch_rest(context: &Context, expression: &Expr, shape: Shape) -> Option<String> {
    match expression {
        Expr::Let(node) => let_condition(context, node, shape),
        Expr::Paren(node) => paren(context, &node.expr, shape),
        Expr::Group(node) => print(context, &node.expr, shape),
        Expr::Infer(_) => Some("_".to_owned()),
        Expr::Tuple(node) => {
            let written = node.elems.trailing_punct();
            let trailing = types::tuple_comma(context, node.elems.len(), written);
            list("", &node.elems, ("(", ")"), CALL_WIDTH, trailing).print(context, shape)
        }
        Expr::Array(node) => {
            let trailing = comma(context, node.elems.trailing_punct());
            list("", &node.elems, ("[", "]"), ARRAY_WIDTH, trailing).print(context, shape)
        }
        Expr::Repeat(node) => repeat(context, node, shape),
        Expr::Index(node) => index(context, node, shape),
        Expr::Range(node) => range(context, node, shape),
        Expr::Cast(node) => binary::pair(
            context,
            &|shape| print(context, &node.expr, shape),
            &|shape| types::print(context, &node.ty, shape),
            &Parts::infix(" as "),
            shape,
        ),
        Expr::Return(node) => jump(context, "return".to_owned(), node.expr.as_deref(), shape),
        Expr::Break(node) => {
            let label = node.label.as_ref().map(|label| format!(" {label}"));
            let keyword = format!("break{}", label.unwrap_or_default());
            jump(context, keyword, node.expr.as_deref(), shape)
        }
        Expr::Continue(node) => {
            let label = node.label.as_ref().map(|label| format!(" {label}"));
            Some(format!("continue{}", label.unwrap_or_default()))
        }
        other => context.unsupported("an expression", other.to_token_stream()),
    }
}

/// When a comma follows the last item of a list. Inside macros it is part of what is called, so it
/// stays as it was written.
pub(super) fn comma(context: &Context, written: bool) -> Trailing {
    match (context.inside_macro(), written) {
        (false, _) => Trailing::Vertical,
        (true, true) => Trailing::Always,
        (true, false) => Trailing::Never,
    }
}

fn list<'a>(
    name: &'a str,
    items: &'a Punctuated<Expr, Token![,]>,
    delimiters: (&'static str, &'static str),
    item_width: usize,
    trailing: Trailing,
) -> Delimited<'a> {
    Delimited {
        name,
        items: items.iter().map(Item::Expression).collect(),
        delimiters,
        item_width,
        trailing,
    }
}

/// A literal. String literals may be as long as they like.
pub(super) fn literal(context: &Context, literal: &Lit, shape: Shape) -> Option<String> {
    let is_number = matches!(literal, Lit::Int(_) | Lit::Float(_));
    let text = literal
        .to_token_stream()
        .to_string()
        .replacen("- ", "-", usize::from(is_number));
    let free = match literal {
        Lit::Str(_) => {
            text.starts_with('r') || {
                let before_last = text.rsplit_once('\n').map_or("", |(before, _)| before);
                before_last.lines().all(|line| line.ends_with('\\'))
            }
        }
        _ => false,
    };
    (free || text::fits(context, &text, shape)).then_some(text)
}

/// The arguments of a call after the printed callee.
pub(super) fn arguments(
    context: &Context,
    callee: &str,
    arguments: &Punctuated<Expr, Token![,]>,
    shape: Shape,
) -> Option<String> {
    let trailing = comma(context, arguments.trailing_punct());
    list(callee, arguments, ("(", ")"), CALL_WIDTH, trailing).print(context, shape)
}

fn call(context: &Context, node: &ExprCall, shape: Shape) -> Option<String> {
    let callee = print(context, &node.func, shape)?;
    arguments(context, &callee, &node.args, shape)
}

fn prefixed(context: &Context, prefix: &str, inner: &Expr, shape: Shape) -> Option<String> {
    let shape = shape.offset_left(prefix.len())?;
    let text = print(context, inner, shape)?;
    Some(format!("{prefix}{text}"))
}

fn jump(context: &Context, keyword: String, value: Option<&Expr>, shape: Shape) -> Option<String> {
    match value {
        Some(value) => prefixed(context, &format!("{keyword} "), value, shape),
        None => Some(keyword),
    }
}

fn paren(context: &Context, mut inner: &Expr, shape: Shape) -> Option<String> {
    while let Expr::Paren(node) = inner {
        inner = &node.expr;
    }
    let shape = shape.offset_left(1)?.sub_width(1)?;
    Some(format!("({})", print(context, inner, shape)?))
}

fn let_condition(context: &Context, node: &ExprLet, shape: Shape) -> Option<String> {
    let pattern = pattern::print(context, &node.pat, shape.offset_left(4)?)?;
    let right = |shape| print(context, &node.expr, shape);
    let left = format!("let {pattern} =");
    assignment::print(context, left, &right, shape, Tactic::Default)
}

fn repeat(context: &Context, node: &ExprRepeat, shape: Shape) -> Option<String> {
    let parts = Parts {
        prefix: "[",
        infix: "; ",
        suffix: "]",
        separator_first: false,
    };
    binary::pair(
        context,
        &|shape| print(context, &node.expr, shape),
        &|shape| print(context, &node.len, shape),
        &parts,
        shape,
    )
}

fn range(context: &Context, node: &ExprRange, shape: Shape) -> Option<String> {
    let operator = match node.limits {
        RangeLimits::HalfOpen(_) => "..",
        RangeLimits::Closed(_) => "..=",
    };
    match (&node.start, &node.end) {
        (Some(start), Some(end)) => binary::pair(
            context,
            &|shape| print(context, start, shape),
            &|shape| print(context, end, shape),
            &Parts::infix(operator),
            shape,
        ),
        (None, Some(end)) => prefixed(context, operator, end, shape),
        (Some(start), None) => {
            let shape = shape.sub_width(operator.len())?;
            Some(print(context, start, shape)? + operator)
        }
        (None, None) => Some(operator.to_owned()),
    }
}

fn index(context: &Context, node: &ExprIndex, shape: Shape) -> Option<String> {
    let base = print(context, &node.expr, shape)?;
    let offset = text::last_line_width(&base) + 1;
    let overhead = shape.right_overhead(context);
    let same_line = if base.contains('\n') {
        Shape::new(context.max_width(), shape.indent)
            .offset_left(offset)
            .and_then(|shape| shape.sub_width(1 + overhead))
    } else {
        shape
            .offset_left(offset)
            .and_then(|shape| shape.sub_width(1))
    };
    let same_line = same_line.and_then(|shape| print(context, &node.index, shape));
    if let Some(text) = &same_line
        && text::is_single_line(text)
    {
        return Some(format!("{base}[{text}]"));
    }
    let indent = shape.indent.nested();
    let next = Shape::indented(context, indent)
        .offset_left(1)?
        .sub_width(1 + overhead)?;
    let next_line = print(context, &node.index, next);
    let line = indent.line();
    match (same_line, next_line) {
        (_, Some(next)) if text::is_single_line(&next) => Some(format!("{base}{line}[{next}]")),
        (None, Some(next)) => Some(format!("{base}{line}[{next}]")),
        (Some(same), _) => Some(format!("{base}[{same}]")),
        (None, None) => None,
    }
}

fn asynchronous(context: &Context, node: &ExprAsync, shape: Shape) -> Option<String> {
    let prefix = if node.capture.is_some() {
        "async move "
    } else {
        "async "
    };
    if let Some(text) = block::single_line(context, &node.block, prefix, shape) {
        return Some(text);
    }
    let shape = Shape::new(shape.width.saturating_sub(6), shape.indent);
    let text = block::print(context, &node.block, "", shape)?;
    Some(format!("{prefix}{text}"))
}
