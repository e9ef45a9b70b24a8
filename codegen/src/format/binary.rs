//! Prints binary operators, casts and ranges.

use quote::ToTokens;
use syn::{BinOp, Expr, ExprBinary};

use super::context::Context;
use super::shape::{Shape, TAB};
use super::{assignment, expression, text};

type Print<'a> = &'a dyn Fn(Shape) -> Option<String>;

/// What stands around and between two operands.
pub(super) struct Parts<'a> {
    pub(super) prefix: &'a str,
    pub(super) infix: &'a str,
    pub(super) suffix: &'a str,
    /// Whether a broken line starts with the infix instead of ending with it.
    pub(super) separator_first: bool,
}

impl<'a> Parts<'a> {
    pub(super) fn infix(infix: &'a str) -> Parts<'a> {
        Parts {
            prefix: "",
            infix,
            suffix: "",
            separator_first: true,
        }
    }
}

/// Two operands, on one line or with the second on the next line.
pub(super) fn pair(
    context: &Context,
    left: Print<'_>,
    right: Print<'_>,
    parts: &Parts<'_>,
    shape: Shape,
) -> Option<String> {
    let overhead = if parts.separator_first {
        shape.used_width()
    } else {
        shape.used_width() + parts.prefix.len() + parts.infix.trim_end().len()
    };
    let left_shape = Shape {
        width: context.budget(overhead),
        ..shape
    };
    let left = format!("{}{}", parts.prefix, left(left_shape)?);
    let used = text::last_line_width(&left) + parts.infix.len();
    let same_line = shape
        .offset_left(used)
        .and_then(|shape| shape.sub_width(parts.suffix.len()))
        .and_then(right);
    if let Some(same) = same_line {
        let allowed = text::is_single_line(&same)
            || left.len() <= TAB
            || text::first_line_ends_with(&same, '{');
        let width = used + text::first_line_width(&same) + parts.suffix.len();
        if allowed && width <= shape.width {
            return Some(format!("{left}{}{same}{}", parts.infix, parts.suffix));
        }
    }
    let next =
        Shape::indented(context, shape.indent.nested()).sub_width(shape.right_overhead(context))?;
    let line = next.indent.line();
    let (separator, next) = if parts.separator_first {
        let infix = parts.infix.trim_start();
        (format!("{line}{infix}"), next.offset_left(infix.len())?)
    } else {
        (format!("{}{line}", parts.infix.trim_end()), next)
    };
    let right = right(next)?;
    Some(format!("{left}{separator}{right}{}", parts.suffix))
}

pub(super) fn print(
    context: &Context,
    whole: &Expr,
    node: &ExprBinary,
    shape: Shape,
) -> Option<String> {
    let operator = node.op.to_token_stream().to_string();
    if is_assignment(&node.op) {
        return assignment::compound(context, &node.left, &operator, &node.right, shape);
    }
    let list = Operands::flatten(context, whole, &node.op, shape);
    let printed = if list.breaks_let_chain() {
        list.multi_line(context, shape)
    } else {
        list.one_line(context, shape)
            .or_else(|| list.multi_line(context, shape))
    };
    printed.or_else(|| {
        pair(
            context,
            &|shape| expression::print(context, &node.left, shape),
            &|shape| expression::print(context, &node.right, shape),
            &Parts::infix(&format!(" {operator} ")),
            shape,
        )
    })
}

fn is_assignment(operator: &BinOp) -> bool {
    matches!(
        operator,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// The operands of a chain of the same operator, with the layout of each on a line of its own.
struct Operands<'a> {
    items: Vec<(&'a Expr, Option<String>)>,
    operator: String,
}

impl<'a> Operands<'a> {
    fn flatten(context: &Context, whole: &'a Expr, operator: &BinOp, shape: Shape) -> Operands<'a> {
        let mut nodes = Vec::new();
        let mut rest = whole;
        while let Expr::Binary(node) = rest
            && std::mem::discriminant(&node.op) == std::mem::discriminant(operator)
            && (std::ptr::eq(rest, whole) || node.attrs.is_empty())
        {
            nodes.push(node.right.as_ref());
            rest = &node.left;
        }
        nodes.push(rest);
        nodes.reverse();
        let operator = operator.to_token_stream().to_string();
        let nested =
            nested(context, shape).and_then(|nested| nested.offset_left(operator.len() + 1));
        let items = nodes
            .into_iter()
            .enumerate()
            .map(|(index, node)| {
                let shape = if index == 0 { Some(shape) } else { nested };
                (
                    node,
                    shape.and_then(|shape| expression::print(context, node, shape)),
                )
            })
            .collect();
        Operands { items, operator }
    }

    /// Conditions with `let` take a line each, unless there are just a name and a `let`.
    fn breaks_let_chain(&self) -> bool {
        let is_let = |node: &Expr| matches!(node, Expr::Let(_));
        let short = match self.items.as_slice() {
            [(first, _), (second, _)] => is_name(first) && is_let(second),
            _ => false,
        };
        !short && self.items.iter().any(|(node, _)| is_let(node))
    }

    fn one_line(&self, context: &Context, shape: Shape) -> Option<String> {
        let (last, others) = self.items.split_last()?;
        let mut result = String::new();
        for (_, text) in others {
            let text = text.as_deref()?;
            if text.contains('\n') || result.len() > shape.width {
                return None;
            }
            result.push_str(text);
            result.push(' ');
            result.push_str(&self.operator);
            result.push(' ');
        }
        let prefix = result.len();
        let last_shape = shape.block().offset_left(text::last_line_width(&result))?;
        let last = expression::print(context, last.0, last_shape)?;
        result.push_str(&last);
        if text::first_line_width(&result) > shape.width {
            return None;
        }
        let ugly = last.starts_with('(') || prefix > TAB;
        if result.contains('\n') && !last.starts_with('{') && ugly {
            return None;
        }
        text::fits(context, &result, shape).then_some(result)
    }

    fn multi_line(&self, context: &Context, shape: Shape) -> Option<String> {
        let nested = nested(context, shape)?;
        let line = nested.indent.line();
        let (first, others) = self.items.split_first()?;
        let mut result = first.1.clone()?;
        for (node, text) in others {
            let offset = if result.contains('\n') {
                0
            } else {
                shape.used_width()
            };
            if text::last_line_width(&result) + offset <= nested.used_width() {
                let used = self.operator.len() + 2 + text::trimmed_last_line_width(&result);
                let same_line = shape
                    .offset_left(used)
                    .and_then(|shape| expression::print(context, node, shape));
                if let Some(same) = same_line {
                    result.push_str(&format!(" {} {same}", self.operator));
                    continue;
                }
            }
            result.push_str(&line);
            result.push_str(&self.operator);
            result.push(' ');
            result.push_str(text.as_deref()?);
        }
        Some(result)
    }
}

fn nested(context: &Context, shape: Shape) -> Option<Shape> {
    shape
        .block_indent(TAB)
        .with_max_width(context)
        .sub_width(shape.right_overhead(context))
}

fn is_name(expression: &Expr) -> bool {
    match expression {
        Expr::Path(node) => node.qself.is_none() && node.path.segments.len() == 1,
        Expr::Unary(node) => is_name(&node.expr),
        Expr::Reference(node) => is_name(&node.expr),
        Expr::Paren(node) => is_name(&node.expr),
        Expr::Try(node) => is_name(&node.expr),
        _ => false,
    }
}
