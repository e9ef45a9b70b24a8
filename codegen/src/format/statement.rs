//! Prints statements.

use quote::ToTokens;
use syn::{Expr, Local, Stmt, StmtMacro};

use super::assignment::{self, Tactic};
use super::context::Context;
use super::macro_call::{self, Position};
use super::shape::{Indent, Shape};
use super::{attribute, block, classify, expression, item, pattern, text, types};

/// Columns `let … else { … };` may take on one line.
const LET_ELSE_WIDTH: usize = 50;

/// A statement on a line of its own.
pub(super) fn print(
    context: &Context,
    statement: &Stmt,
    is_last: bool,
    indent: Indent,
) -> Option<String> {
    if let Stmt::Item(node) = statement {
        return item::print(context, node, indent);
    }
    context.fit_or_overflow(
        "a statement",
        || {
            let shape = Shape::indented(context, indent);
            match statement {
                Stmt::Local(node) => local(context, node, shape),
                Stmt::Expr(node, semicolon) => {
                    expression_statement(context, node, semicolon.is_some(), is_last, shape)
                }
                Stmt::Macro(node) => macro_statement(context, node, shape),
                Stmt::Item(_) => None,
            }
        },
        || statement.to_token_stream(),
    )
}

/// An expression at the end of a block.
pub(super) fn last_expression(context: &Context, node: &Expr, indent: Indent) -> Option<String> {
    context.fit_or_overflow(
        "an expression",
        || expression_statement(context, node, false, true, Shape::indented(context, indent)),
        || node.to_token_stream(),
    )
}

fn expression_statement(
    context: &Context,
    node: &Expr,
    semicolon: bool,
    is_last: bool,
    shape: Shape,
) -> Option<String> {
    // A jump gets a semicolon in any case, so there has to be room for it.
    let semicolon = semicolon || classify::wants_semicolon(node);
    let is_loop = matches!(node, Expr::While(_) | Expr::Loop(_) | Expr::ForLoop(_));
    let suffix = if semicolon && !is_loop { ";" } else { "" };
    let shape = shape.sub_width(suffix.len())?;
    let text = if is_last && !semicolon {
        expression::print(context, node, shape)?
    } else {
        expression::statement(context, node, shape)?
    };
    Some(text + suffix)
}

fn macro_statement(context: &Context, node: &StmtMacro, shape: Shape) -> Option<String> {
    let attributes = attribute::above(context, &node.attrs, shape)?;
    let text = macro_call::print(context, &node.mac, shape, Position::Statement)?;
    let suffix = if node.semi_token.is_some() { ";" } else { "" };
    Some(format!("{attributes}{text}{suffix}"))
}

fn local(context: &Context, node: &Local, shape: Shape) -> Option<String> {
    let attributes = attribute::above(context, &node.attrs, shape)?;
    let text = local_without_attributes(context, node, shape)?;
    Some(attributes + &text)
}

fn local_without_attributes(context: &Context, node: &Local, shape: Shape) -> Option<String> {
    let mut result = "let ".to_owned();
    let (pattern, ty) = match &node.pat {
        syn::Pat::Type(typed) => (typed.pat.as_ref(), Some(typed.ty.as_ref())),
        other => (other, None),
    };
    let pattern_shape = shape.offset_left(4)?.sub_width(1)?;
    let pattern_text = pattern::print(context, pattern, pattern_shape)?;
    result.push_str(&pattern_text);
    if let Some(ty) = ty {
        let outer = if pattern_text.contains('\n') {
            shape.with_max_width(context)
        } else {
            shape
        };
        let used = text::last_line_width(&result) + 2;
        let ty = types::print(context, ty, outer.offset_left(used)?.sub_width(2)?)?;
        result.push_str(": ");
        result.push_str(&ty);
    }
    let Some(init) = &node.init else {
        result.push(';');
        return Some(result);
    };
    result.push_str(" =");
    let inner = shape.sub_width(1)?;
    let right = |shape| expression::print(context, &init.expr, shape);
    result = assignment::print(context, result, &right, inner, Tactic::Default)?;
    if let Some((_, branch)) = &init.diverge {
        let broken = pattern_text.contains('\n');
        let text = let_else(context, &result, broken, branch, shape)?;
        result.push_str(&text);
    }
    result.push(';');
    Some(result)
}

/// The `else` branch after what comes before it.
fn let_else(
    context: &Context,
    before: &str,
    broken_pattern: bool,
    branch: &Expr,
    shape: Shape,
) -> Option<String> {
    let block = classify::plain_block(branch)?;
    let inner = shape.sub_width(1)?;
    let next_line = broken_pattern || !keeps_else(before, inner);
    let keyword = if next_line {
        format!("{}else ", shape.indent.line())
    } else {
        " else ".to_owned()
    };
    let lines = text::newlines(before);
    let used = before.len() + keyword.len();
    let available = shape.width.min(LET_ELSE_WIDTH).saturating_sub(used);
    if !next_line && available > 0 && lines == 0 && block.stmts.len() <= 1 {
        let text = block::print(context, block, "", shape)?;
        if text.contains('\n') || text.len() < available {
            return Some(keyword + &text);
        }
    }
    Some(keyword + &block::multi_line(context, block, "", shape)?)
}

/// Whether `else {` may follow on the same line.
fn keeps_else(before: &str, shape: Shape) -> bool {
    if text::is_single_line(before) {
        return shape.width.saturating_sub(before.len()) >= " else {".len();
    }
    before.ends_with([')', ']', '}'])
        && text::last_line(before)
            .strip_prefix(&shape.indent.spaces())
            .is_some_and(|line| !line.starts_with(char::is_whitespace))
}
