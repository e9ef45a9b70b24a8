//! Prints blocks.

use syn::{Block, Expr, Item, ItemUse, Stmt};

use super::context::Context;
use super::shape::Shape;
use super::{classify, expression, statement, text, use_tree};

/// A block, on one line if it is empty or holds a short expression only.
pub(super) fn print(
    context: &Context,
    block: &Block,
    prefix: &str,
    shape: Shape,
) -> Option<String> {
    if is_empty(block) && shape.width >= 2 {
        return Some(format!("{prefix}{{}}"));
    }
    let tall = multi_line(context, block, prefix, shape)?;
    if text::lines(&tall) <= 3
        && let Some(flat) = single_line(context, block, prefix, shape)
    {
        return Some(flat);
    }
    Some(tall)
}

/// A block that is an expression, with its label.
pub(super) fn expression(
    context: &Context,
    expression: &Expr,
    shape: Shape,
    statement: bool,
) -> Option<String> {
    match expression {
        Expr::Unsafe(node) if node.attrs.is_empty() => {
            print(context, &node.block, "unsafe ", shape)
        }
        Expr::Unsafe(node) => multi_line(context, &node.block, "unsafe ", shape),
        Expr::Block(node) => {
            let label = node
                .label
                .as_ref()
                .map_or(String::new(), |label| format!("{}: ", label.name));
            if !statement && node.attrs.is_empty() {
                print(context, &node.block, &label, shape)
            } else if is_empty(&node.block) && shape.width >= 2 {
                Some(format!("{label}{{}}"))
            } else {
                multi_line(context, &node.block, &label, shape)
            }
        }
        _ => None,
    }
}

pub(super) fn is_empty(block: &Block) -> bool {
    block.stmts.is_empty()
}

/// `{ expression }`, if the block holds nothing else and it fits.
pub(super) fn single_line(
    context: &Context,
    block: &Block,
    prefix: &str,
    shape: Shape,
) -> Option<String> {
    let only = classify::only_expression(block)?;
    let inner = shape.offset_left(text::last_line_width(prefix))?;
    let text = only_statement(context, only, inner)?;
    let result = format!("{prefix}{{ {text} }}");
    (result.len() <= shape.width && !result.contains('\n')).then_some(result)
}

/// The only expression of a block, in the layout of a statement.
pub(super) fn only_statement(context: &Context, node: &Expr, shape: Shape) -> Option<String> {
    if classify::wants_semicolon(node) {
        expression::statement(context, node, shape)
    } else {
        expression::print(context, node, shape)
    }
}

/// A block with every statement on its own line.
pub(super) fn multi_line(
    context: &Context,
    block: &Block,
    prefix: &str,
    shape: Shape,
) -> Option<String> {
    if is_empty(block) && shape.width >= 2 {
        return Some(format!("{prefix}{{}}"));
    }
    let indent = shape.indent.nested();
    let line = indent.line();
    let mut result = format!("{prefix}{{");
    let mut blank = false;
    let mut rest = block.stmts.as_slice();
    while let Some((first, others)) = rest.split_first() {
        if is_blank_line(first) {
            blank = result.contains('\n');
            rest = others;
            continue;
        }
        if blank {
            result.push('\n');
        }
        blank = false;
        result.push_str(&line);
        let uses = rest.iter().map_while(import).count();
        if uses > 1 {
            let uses = rest.iter().map_while(import);
            result.push_str(&use_tree::sorted(context, uses, indent)?.join(&line));
        } else {
            let print = || statement::print(context, first, others.is_empty(), indent);
            result.push_str(&context.in_block(print)?);
        }
        rest = &rest[uses.max(1)..];
    }
    result.push_str(&shape.indent.line());
    result.push('}');
    Some(result)
}

/// A block made for an expression that has none.
pub(super) fn around(context: &Context, body: &Expr, shape: Shape) -> Option<String> {
    let indent = shape.indent.nested();
    let text = context.in_block(|| statement::last_expression(context, body, indent))?;
    let (line, end) = (indent.line(), shape.indent.line());
    Some(format!("{{{line}{text}{end}}}"))
}

fn import(statement: &Stmt) -> Option<&ItemUse> {
    match statement {
        Stmt::Item(Item::Use(node)) => Some(node),
        _ => None,
    }
}

/// The statement by which a generator asks for an empty line.
fn is_blank_line(statement: &Stmt) -> bool {
    let call = match statement {
        Stmt::Macro(node) => &node.mac,
        Stmt::Expr(Expr::Macro(node), _) => &node.mac,
        _ => return false,
    };
    call.path.is_ident("blank_line") && call.tokens.is_empty()
}
