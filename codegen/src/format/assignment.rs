//! Places the right-hand side of `=` (and of `:` in bounds) on the same or on the next line.

use syn::ExprAssign;

use super::context::Context;
use super::shape::Shape;
use super::{expression, text};

/// Where to put a right-hand side.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tactic {
    /// Wherever it looks better.
    Default,
    /// On the next line, if it does not fit on one line.
    NextLine,
    /// Wherever it looks better, beyond the line width if need be.
    AllowOverflow,
}

/// The left-hand side, which ends in the operator, and the right-hand side.
pub(super) fn print(
    context: &Context,
    mut left: String,
    right: &dyn Fn(Shape) -> Option<String>,
    shape: Shape,
    tactic: Tactic,
) -> Option<String> {
    let indent = if left.contains('\n') {
        shape.indent.width()
    } else {
        0
    };
    let used = text::last_line_width(&left).saturating_sub(indent) + 1;
    let same_line = shape.offset_left(used).unwrap_or(Shape {
        width: 0,
        offset: shape.offset + used,
        ..shape
    });
    left.push_str(&choose(context, right, same_line, tactic)?);
    Some(left)
}

fn choose(
    context: &Context,
    right: &dyn Fn(Shape) -> Option<String>,
    shape: Shape,
    tactic: Tactic,
) -> Option<String> {
    let same_line = right(shape);
    if let Some(text) = &same_line {
        if text.is_empty() {
            return Some(String::new());
        }
        if text::is_single_line(text) && text::width(text) <= shape.width {
            return Some(format!(" {text}"));
        }
    }
    let next_shape = next_line_shape(context, shape, tactic)?;
    let next_line = right(next_shape);
    let line = shape.indent.nested().line();
    match (same_line, next_line) {
        (Some(same), Some(next)) if !text::fits(context, &next, next_shape) => {
            Some(format!(" {same}"))
        }
        (Some(same), Some(next)) if prefers_next_line(&same, &next, tactic) => {
            Some(format!("{line}{next}"))
        }
        (None, Some(next)) => Some(format!("{line}{next}")),
        (None, None) if tactic == Tactic::AllowOverflow => {
            let shape = Shape {
                width: 8096,
                ..shape
            };
            right(shape).map(|text| format!(" {text}"))
        }
        (None, None) => None,
        (Some(same), _) => Some(format!(" {same}")),
    }
}

fn next_line_shape(context: &Context, shape: Shape, tactic: Tactic) -> Option<Shape> {
    match tactic {
        Tactic::NextLine => shape
            .with_max_width(context)
            .sub_width(shape.indent.width()),
        Tactic::Default | Tactic::AllowOverflow => {
            Shape::indented(context, shape.indent.nested()).sub_width(shape.right_overhead(context))
        }
    }
}

/// Whether the right-hand side looks better on the next line.
pub(super) fn prefers_next_line(same: &str, next: &str, tactic: Tactic) -> bool {
    let loses =
        |end| text::first_line_ends_with(same, end) && !text::first_line_ends_with(next, end);
    tactic == Tactic::NextLine
        || text::is_single_line(next)
        || text::newlines(same) > text::newlines(next) + 1
        || loses('(')
        || loses('{')
        || loses('[')
}

pub(super) fn expression(context: &Context, node: &ExprAssign, shape: Shape) -> Option<String> {
    compound(context, &node.left, "=", &node.right, shape)
}

pub(super) fn compound(
    context: &Context,
    left: &syn::Expr,
    operator: &str,
    right: &syn::Expr,
    shape: Shape,
) -> Option<String> {
    let left_shape = shape.sub_width(operator.len() + 1)?;
    let left = expression::print(context, left, left_shape)?;
    let right = |shape| expression::print(context, right, shape);
    let left = format!("{left} {operator}");
    print(context, left, &right, shape, Tactic::Default)
}
