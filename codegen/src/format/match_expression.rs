//! Prints `match`.

use syn::{Arm, Block, Expr, ExprMatch, Pat};

use super::assignment::{self, Tactic};
use super::context::Context;
use super::shape::{Shape, TAB};
use super::{attribute, block, classify, control_flow, expression, pattern, text};

pub(super) fn print(context: &Context, node: &ExprMatch, shape: Shape) -> Option<String> {
    let condition_shape = Shape {
        width: context.budget(shape.used_width()),
        ..shape
    };
    let condition_shape = condition_shape.offset_left(6)?;
    let condition = expression::print(context, &node.expr, condition_shape)?;
    if node.arms.is_empty() {
        return Some(format!("match {condition} {{}}"));
    }
    let broken = condition.contains('\n') || condition.len() + 2 > condition_shape.width;
    let separator = if broken && !text::last_line_extendable(&condition) {
        shape.indent.line()
    } else {
        " ".to_owned()
    };
    let arm_shape = shape.block_indent(TAB).with_max_width(context);
    let line = arm_shape.indent.line();
    let mut result = format!("match {condition}{separator}{{");
    for arm in &node.arms {
        result.push_str(&line);
        result.push_str(&self::arm(context, arm, arm_shape)?);
    }
    result.push_str(&shape.indent.line());
    result.push('}');
    Some(result)
}

/// An arm with its comma, if it gets one.
pub(super) fn arm(context: &Context, node: &Arm, shape: Shape) -> Option<String> {
    let attributes = attribute::above(context, &node.attrs, shape)?;
    let (pattern, guard) = match &node.pat {
        Pat::Guard(guarded) => (guarded.pat.as_ref(), Some(guarded.guard.as_ref())),
        other => (other, None),
    };
    let label = match node.body.as_ref() {
        Expr::Block(body) => body.label.as_ref(),
        _ => None,
    };
    // 5 = ` => {`
    let reserved = label.map_or(5, |label| 6 + label.name.to_string().len());
    let pattern = pattern::print(context, pattern, shape.sub_width(reserved)?)?;
    let guard = match guard {
        Some(guard) => self::guard(context, guard, &pattern, shape)?,
        None => String::new(),
    };
    let head = Head {
        broken: guard.contains('\n'),
        text: format!("{attributes}{pattern}{guard}"),
    };
    body(context, &node.body, &head, shape)
}

/// The `if …` of an arm.
fn guard(context: &Context, guard: &Expr, pattern: &str, shape: Shape) -> Option<String> {
    let width = text::trimmed_last_line_width(pattern);
    let short = width <= TAB;
    let same_line = shape
        .offset_left(width + 4)
        .and_then(|shape| shape.sub_width(5))
        .filter(|_| !pattern.contains('\n') || short)
        .and_then(|shape| expression::print(context, guard, shape));
    if let Some(text) = same_line
        && (!text.contains('\n') || short)
    {
        return Some(format!(" if {text}"));
    }
    let shape = Shape::indented(context, shape.indent.nested())
        .offset_left(3)?
        .sub_width(5)?;
    let text = expression::print(context, guard, shape)?;
    Some(format!("{}if {text}", shape.indent.line()))
}

/// Pattern and guard of an arm.
struct Head {
    text: String,
    /// Whether the guard takes several lines or its own line.
    broken: bool,
}

/// The body of an arm without needless braces, and whether it may begin behind the arrow even if
/// it takes several lines.
fn flatten<'a>(context: &Context, body: &'a Expr, shape: Option<Shape>) -> (bool, &'a Expr) {
    let Some(inner) = flat_block(context, body).and_then(classify::only_expression) else {
        return (may_follow_arrow(body), body);
    };
    if matches!(inner, Expr::Block(_) | Expr::Unsafe(_)) {
        return if classify::attributes(inner).is_empty() {
            flatten(context, inner, None)
        } else {
            (true, body)
        };
    }
    let condition = shape.and_then(|shape| control_flow::condition(context, inner, shape));
    if condition.is_some_and(|text| text.contains('\n')) {
        (false, body)
    } else {
        (may_follow_arrow(inner), inner)
    }
}

fn flat_block<'a>(context: &Context, body: &'a Expr) -> Option<&'a Block> {
    let Expr::Block(node) = body else { return None };
    let only = classify::only_expression(&node.block)?;
    let flat = node.label.is_none()
        && node.attrs.is_empty()
        && !context.inside_macro()
        && !matches!(only, Expr::Macro(_));
    flat.then_some(&node.block)
}

fn may_follow_arrow(body: &Expr) -> bool {
    match body {
        Expr::Loop(_)
        | Expr::Match(_)
        | Expr::Block(_)
        | Expr::Unsafe(_)
        | Expr::Closure(_)
        | Expr::Array(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Macro(_)
        | Expr::Struct(_)
        | Expr::Tuple(_) => true,
        Expr::Reference(node) => may_follow_arrow(&node.expr),
        Expr::Try(node) => may_follow_arrow(&node.expr),
        Expr::Unary(node) => may_follow_arrow(&node.expr),
        Expr::Index(node) => may_follow_arrow(&node.expr),
        Expr::Cast(node) => may_follow_arrow(&node.expr),
        _ => false,
    }
}

fn body(context: &Context, body: &Expr, head: &Head, shape: Shape) -> Option<String> {
    // 4 = ` => `
    let used = text::extra_offset(&head.text, shape) + 4;
    let (extends, body) = flatten(context, body, shape.offset_left(used));
    let is_block = matches!(body, Expr::Block(_) | Expr::Unsafe(_));
    let comma = if matches!(body, Expr::Block(_)) {
        ""
    } else {
        ","
    };
    let is_empty = classify::plain_block(body).is_some_and(block::is_empty);
    let forbidden = (head.broken && !is_empty) || !classify::attributes(body).is_empty();
    let arm = Parts {
        context,
        head,
        body,
        is_block,
        is_empty,
        comma,
        forbidden,
        shape,
    };
    let same_shape = shape
        .offset_left(used)
        .and_then(|shape| shape.sub_width(comma.len()));
    let budget = same_shape.map_or(0, |shape| shape.width);
    let same = same_shape
        .filter(|_| !forbidden)
        .and_then(|shape| expression::statement(context, body, shape))
        .map(|text| collapse(text, budget));
    if let Some(text) = &same
        && (is_block || (text::is_single_line(text) && text::width(text) <= budget))
    {
        return Some(arm.same_line(text));
    }
    // A jump in a block of its own gets a semicolon.
    let next_shape = Shape::indented(context, arm.next_indent());
    let semicolon = usize::from(classify::wants_semicolon(body));
    let next = next_shape
        .sub_width(semicolon)
        .and_then(|shape| expression::statement(context, body, shape))
        .or_else(|| expression::statement(context, body, next_shape))
        .map(|text| collapse(text, next_shape.width));
    match (same, next) {
        (Some(same), Some(next))
            if assignment::prefers_next_line(&same, &next, Tactic::Default) =>
        {
            Some(arm.next_line(&next))
        }
        (Some(same), _) if extends && text::first_line_width(&same) <= budget => {
            Some(arm.same_line(&same))
        }
        (Some(same), Some(next)) if same.contains('\n') => Some(arm.next_line(&next)),
        (None, Some(next)) => Some(arm.next_line(&next)),
        (None, None) => None,
        (Some(same), _) => Some(arm.same_line(&same)),
    }
}

/// An empty block on one line, if there is room.
fn collapse(text: String, budget: usize) -> String {
    match text.strip_prefix('{') {
        Some(rest) if budget >= 2 && rest.trim() == "}" => "{}".to_owned(),
        _ => text,
    }
}

struct Parts<'a> {
    context: &'a Context,
    head: &'a Head,
    body: &'a Expr,
    is_block: bool,
    is_empty: bool,
    comma: &'static str,
    /// Whether the body may not stand behind the arrow.
    forbidden: bool,
    shape: Shape,
}

impl Parts<'_> {
    fn next_indent(&self) -> super::shape::Indent {
        if !self.is_block || self.is_empty {
            self.shape.indent.nested()
        } else {
            self.shape.indent
        }
    }

    fn same_line(&self, body: &str) -> String {
        format!("{} => {body}{}", self.head.text, self.comma)
    }

    fn next_line(&self, body: &str) -> String {
        let (head, line) = (&self.head.text, self.next_indent().line());
        if self.is_block {
            return format!("{head} =>{line}{body}{}", self.comma);
        }
        if self.context.inside_macro() {
            return format!("{head} =>{line}{body},");
        }
        let end = self.shape.indent.line();
        let separator = if self.forbidden { end.as_str() } else { " " };
        let semicolon = if classify::wants_semicolon(self.body) {
            ";"
        } else {
            ""
        };
        format!("{head} =>{separator}{{{line}{body}{semicolon}{end}}}")
    }
}
