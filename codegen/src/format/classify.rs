//! Properties of expressions that layouts depend on.

use syn::punctuated::Punctuated;
use syn::{Attribute, Block, Expr, Pat, Stmt};

use super::shape::TAB;
use super::text;

pub(super) fn attributes(expression: &Expr) -> &[Attribute] {
    match expression {
        Expr::Array(node) => &node.attrs,
        Expr::Assign(node) => &node.attrs,
        Expr::Async(node) => &node.attrs,
        Expr::Await(node) => &node.attrs,
        Expr::Binary(node) => &node.attrs,
        Expr::Block(node) => &node.attrs,
        Expr::Break(node) => &node.attrs,
        Expr::Call(node) => &node.attrs,
        Expr::Cast(node) => &node.attrs,
        Expr::Closure(node) => &node.attrs,
        Expr::Continue(node) => &node.attrs,
        Expr::Field(node) => &node.attrs,
        Expr::ForLoop(node) => &node.attrs,
        Expr::If(node) => &node.attrs,
        Expr::Index(node) => &node.attrs,
        Expr::Infer(node) => &node.attrs,
        Expr::Let(node) => &node.attrs,
        Expr::Lit(node) => &node.attrs,
        Expr::Loop(node) => &node.attrs,
        Expr::Macro(node) => &node.attrs,
        Expr::Match(node) => &node.attrs,
        Expr::MethodCall(node) => &node.attrs,
        Expr::Paren(node) => &node.attrs,
        Expr::Path(node) => &node.attrs,
        Expr::Range(node) => &node.attrs,
        Expr::Reference(node) => &node.attrs,
        Expr::Repeat(node) => &node.attrs,
        Expr::Return(node) => &node.attrs,
        Expr::Struct(node) => &node.attrs,
        Expr::Try(node) => &node.attrs,
        Expr::Tuple(node) => &node.attrs,
        Expr::Unary(node) => &node.attrs,
        Expr::Unsafe(node) => &node.attrs,
        Expr::While(node) => &node.attrs,
        _ => &[],
    }
}

/// Follows references, `?`, unary operators and casts.
fn operand(expression: &Expr) -> Option<&Expr> {
    match expression {
        Expr::Reference(node) => Some(&node.expr),
        Expr::Try(node) => Some(&node.expr),
        Expr::Unary(node) => Some(&node.expr),
        Expr::Cast(node) => Some(&node.expr),
        _ => None,
    }
}

pub(super) fn is_simple(expression: &Expr) -> bool {
    match expression {
        Expr::Lit(_) => true,
        Expr::Path(node) => node.qself.is_none() && node.path.segments.len() <= 1,
        Expr::Field(node) => is_simple(&node.base),
        Expr::Index(node) => is_simple(&node.expr) && is_simple(&node.index),
        Expr::Repeat(node) => is_simple(&node.expr) && is_simple(&node.len),
        _ => operand(expression).is_some_and(is_simple),
    }
}

pub(super) fn is_nested_call(expression: &Expr) -> bool {
    match expression {
        Expr::Call(_) | Expr::Macro(_) => true,
        _ => operand(expression).is_some_and(is_nested_call),
    }
}

pub(super) fn is_method_call(expression: &Expr) -> bool {
    match expression {
        Expr::MethodCall(_) => true,
        _ => operand(expression).is_some_and(is_method_call),
    }
}

/// Whether the expression may overflow as the last of so many arguments.
pub(super) fn can_overflow(expression: &Expr, count: usize) -> bool {
    if !attributes(expression).is_empty() {
        return false;
    }
    match expression {
        Expr::Async(_) | Expr::Block(_) | Expr::Unsafe(_) | Expr::Closure(_) => true,
        Expr::Match(_)
        | Expr::If(_)
        | Expr::ForLoop(_)
        | Expr::Loop(_)
        | Expr::While(_)
        | Expr::Array(_)
        | Expr::Struct(_)
        | Expr::Macro(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Tuple(_) => count == 1,
        _ => operand(expression).is_some_and(|inner| can_overflow(inner, count)),
    }
}

/// Whether the last line of the printed expression consists of closing delimiters.
pub(super) fn ends_with_block(expression: &Expr, printed: &str) -> bool {
    match expression {
        Expr::Macro(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Array(_)
        | Expr::Struct(_)
        | Expr::While(_)
        | Expr::If(_)
        | Expr::Block(_)
        | Expr::Unsafe(_)
        | Expr::Async(_)
        | Expr::Loop(_)
        | Expr::ForLoop(_)
        | Expr::Match(_) => printed.contains('\n'),
        Expr::Paren(node) => ends_with_block(&node.expr, printed),
        Expr::Binary(node) => ends_with_block(&node.right, printed),
        Expr::Index(node) => ends_with_block(&node.index, printed),
        Expr::Unary(node) => ends_with_block(&node.expr, printed),
        Expr::Try(node) => ends_with_block(&node.expr, printed),
        Expr::Closure(node) => ends_with_block(&node.body, printed),
        Expr::Lit(_) => printed.contains('\n') && text::trimmed_last_line_width(printed) <= TAB,
        _ => false,
    }
}

/// Whether a statement of this expression gets a semicolon even at the end of a block.
pub(super) fn wants_semicolon(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Return(_) | Expr::Continue(_) | Expr::Break(_)
    )
}

/// The only expression of a block that has neither a label nor other statements.
pub(super) fn only_expression(block: &Block) -> Option<&Expr> {
    match block.stmts.as_slice() {
        [Stmt::Expr(expression, None)] => Some(expression),
        _ => None,
    }
}

/// The block of a plain block expression.
pub(super) fn plain_block(expression: &Expr) -> Option<&Block> {
    match expression {
        Expr::Block(node) => Some(&node.block),
        _ => None,
    }
}

/// Whether the pattern is a token or little more, so that many may share a line.
pub(super) fn is_short_pattern(pattern: &Pat) -> bool {
    let at_most_one = |elements: &Punctuated<Pat, syn::Token![,]>| elements.len() <= 1;
    match pattern {
        Pat::Rest(_) | Pat::Wild(_) | Pat::Lit(_) => true,
        Pat::Ident(node) => node.subpat.is_none(),
        Pat::Tuple(node) => at_most_one(&node.elems),
        Pat::TupleStruct(node) => node.path.segments.len() <= 1 && at_most_one(&node.elems),
        Pat::Reference(node) => is_short_pattern(&node.pat),
        Pat::Paren(node) => is_short_pattern(&node.pat),
        Pat::Or(node) => node.cases.iter().all(is_short_pattern),
        _ => false,
    }
}
