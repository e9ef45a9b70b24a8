//! Prints `if`, `while`, `for` and `loop`.

use syn::{Block, Expr, ExprIf, Label, Pat};

use super::assignment::{self, Tactic};
use super::context::Context;
use super::shape::{Indent, Shape, TAB};
use super::{block, classify, expression, pattern, text};

/// Columns `if … { … } else { … }` may take on one line.
const SINGLE_LINE_WIDTH: usize = 50;

struct ControlFlow<'a> {
    keyword: &'static str,
    label: Option<&'a Label>,
    pattern: Option<&'a Pat>,
    /// `let` in front of the pattern.
    matcher: &'static str,
    /// What stands between pattern and condition.
    connector: &'static str,
    condition: Option<&'a Expr>,
    block: &'a Block,
    else_branch: Option<&'a Expr>,
    single_line: bool,
    /// Whether this is the `if` of an `else if`.
    nested: bool,
}

pub(super) fn print(
    context: &Context,
    expression: &Expr,
    shape: Shape,
    statement: bool,
) -> Option<String> {
    ControlFlow::new(expression, !statement)?.print(context, shape)
}

/// The printed head of a `match` or of control flow, if the expression is one.
pub(super) fn condition(context: &Context, expression: &Expr, shape: Shape) -> Option<String> {
    if let Expr::Match(node) = expression {
        let shape = shape.offset_left(8)?;
        return expression::print(context, &node.expr, shape);
    }
    let separator = shape.indent.block_only().line();
    let head = ControlFlow::new(expression, true)?.head(context, shape, &separator)?;
    Some(head.text)
}

/// What comes before the block.
struct Head {
    text: String,
    used_width: usize,
    /// Whether this is the whole expression already.
    complete: bool,
}

impl<'a> ControlFlow<'a> {
    fn new(expression: &'a Expr, single_line: bool) -> Option<ControlFlow<'a>> {
        match expression {
            Expr::If(node) => Some(ControlFlow::conditional(node, single_line, false)),
            Expr::While(node) => {
                let (pattern, condition) = split(&node.cond);
                Some(ControlFlow {
                    keyword: "while",
                    label: node.label.as_ref(),
                    pattern,
                    matcher: if pattern.is_some() { "let " } else { "" },
                    connector: " =",
                    condition: Some(condition),
                    block: &node.body,
                    else_branch: None,
                    single_line: false,
                    nested: false,
                })
            }
            Expr::ForLoop(node) => Some(ControlFlow {
                keyword: "for",
                label: node.label.as_ref(),
                pattern: Some(&node.pat),
                matcher: "",
                connector: " in",
                condition: Some(&node.expr),
                block: &node.body,
                else_branch: None,
                single_line: false,
                nested: false,
            }),
            Expr::Loop(node) => Some(ControlFlow {
                keyword: "loop",
                label: node.label.as_ref(),
                pattern: None,
                matcher: "",
                connector: "",
                condition: None,
                block: &node.body,
                else_branch: None,
                single_line: false,
                nested: false,
            }),
            _ => None,
        }
    }

    fn conditional(node: &'a ExprIf, single_line: bool, nested: bool) -> ControlFlow<'a> {
        let (pattern, condition) = split(&node.cond);
        ControlFlow {
            keyword: "if",
            label: None,
            pattern,
            matcher: if pattern.is_some() { "let " } else { "" },
            connector: " =",
            condition: Some(condition),
            block: &node.then_branch,
            else_branch: node.else_branch.as_ref().map(|(_, branch)| branch.as_ref()),
            single_line,
            nested,
        }
    }

    fn print(&self, context: &Context, shape: Shape) -> Option<String> {
        let line = shape.indent.line();
        let head = self.head(context, shape, &line)?;
        if head.complete {
            return Some(head.text);
        }
        let width = shape.width.saturating_sub(head.used_width);
        let width = if self.else_branch.is_some() || self.nested {
            width.min(1)
        } else {
            width
        };
        let block_shape = Shape { width, ..shape };
        let mut result = head.text;
        result.push_str(&block::multi_line(context, self.block, "", block_shape)?);
        if let Some(branch) = self.else_branch {
            result.push_str(" else ");
            let shape = Shape::indented(context, shape.indent);
            result.push_str(&match branch {
                Expr::If(node) => {
                    ControlFlow::conditional(node, false, true).print(context, shape)?
                }
                other => {
                    let shape = Shape {
                        width: shape.width.min(1),
                        ..shape
                    };
                    expression::statement(context, other, shape)?
                }
            });
        }
        Some(result)
    }

    fn head(&self, context: &Context, shape: Shape, separator: &str) -> Option<Head> {
        let fresh = Shape {
            width: context.budget(shape.used_width()),
            ..shape
        };
        let fresh = if self.nested {
            fresh.offset_left(7)?
        } else {
            fresh
        };
        let label = self
            .label
            .map_or(String::new(), |label| format!("{}: ", label.name));
        let offset = self.keyword.len() + label.len() + 1;
        let condition = match self.condition {
            Some(condition) => self.condition(context, condition, fresh, offset)?,
            None => String::new(),
        };
        if self.single_line
            && let Some(text) = self.one_line(context, &condition, shape.width)
            && text.len() <= SINGLE_LINE_WIDTH
        {
            return Some(Head {
                text,
                used_width: 0,
                complete: true,
            });
        }
        let budget = context.budget(fresh.used_width() + offset + 2);
        let broken = condition.contains('\n') || condition.len() > budget;
        let extends = text::last_line_extendable(&condition)
            && !last_line_indented(shape.used_width(), &condition);
        let separator = if broken && !extends { separator } else { " " };
        let used_width = if condition.contains('\n') {
            text::last_line_width(&condition)
        } else {
            label.len() + self.keyword.len() + condition.len() + 2
        };
        let space = if condition.is_empty() || condition.starts_with('\n') {
            ""
        } else {
            " "
        };
        Some(Head {
            text: format!("{label}{}{space}{condition}{separator}", self.keyword),
            used_width,
            complete: false,
        })
    }

    fn condition(
        &self,
        context: &Context,
        condition: &Expr,
        shape: Shape,
        offset: usize,
    ) -> Option<String> {
        let inner = shape.offset_left(offset)?;
        if let Some(pattern) = self.pattern {
            let pattern_shape = inner
                .offset_left(self.matcher.len())?
                .sub_width(self.connector.len())?;
            let pattern = pattern::print(context, pattern, pattern_shape)?;
            let left = format!("{}{pattern}{}", self.matcher, self.connector);
            let right = |shape| expression::print(context, condition, shape);
            return assignment::print(context, left, &right, inner, Tactic::Default);
        }
        let same_line = expression::print(context, condition, inner);
        if self.keyword == "if" || same_line.is_some() {
            return same_line;
        }
        let nested = shape.block_indent(TAB).with_max_width(context);
        let text = expression::print(context, condition, nested)?;
        Some(format!("{}{text}", nested.indent.line()))
    }

    /// `if … { … } else { … }` on one line.
    fn one_line(&self, context: &Context, condition: &str, width: usize) -> Option<String> {
        let Some(Expr::Block(other)) = self.else_branch else {
            return None;
        };
        if condition.contains('\n') || other.label.is_some() {
            return None;
        }
        let first = classify::only_expression(self.block)?;
        let second = classify::only_expression(&other.block)?;
        let fixed = self.keyword.len() + "  {  } else {  }".len();
        let width_left = width.checked_sub(condition.len() + fixed)?;
        let print = |node, width| {
            block::only_statement(context, node, Shape::new(width, Indent::default()))
        };
        let first = print(first, width_left)?;
        let second = print(second, width_left.checked_sub(first.len())?)?;
        if first.contains('\n') || second.contains('\n') {
            return None;
        }
        let result = format!(
            "{} {condition} {{ {first} }} else {{ {second} }}",
            self.keyword
        );
        (result.len() <= width).then_some(result)
    }
}

/// The pattern of `let … = …` and the expression it is matched with.
fn split(condition: &Expr) -> (Option<&Pat>, &Expr) {
    match condition {
        Expr::Let(node) => (Some(&node.pat), &node.expr),
        _ => (None, condition),
    }
}

fn last_line_indented(start: usize, text: &str) -> bool {
    let line = text::last_line(text);
    line.len() - line.trim_start().len() > start
}
