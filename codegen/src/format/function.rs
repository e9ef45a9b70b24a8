//! Prints functions.

use quote::ToTokens;
use syn::{Block, FnArg, Receiver, ReceiverKind, ReturnType, Safety, Signature};

use super::context::Context;
use super::generics::{self, WhereStyle};
use super::list::{self, Layout, Tactic, Trailing};
use super::shape::{Indent, Shape};
use super::{attribute, block, pattern, text, types};

/// What comes after a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// A brace on the same line, if possible.
    SameLine,
    /// A brace on the next line.
    NextLine,
    Semicolon,
}

/// A function with its body. The prefix is its visibility.
pub(super) fn print(
    context: &Context,
    prefix: &str,
    signature: &Signature,
    body: &Block,
    indent: Indent,
) -> Option<String> {
    let end = if generics::predicates(&signature.generics) > 0 {
        End::NextLine
    } else {
        End::SameLine
    };
    let head = head(context, prefix, signature, indent, end)?;
    let room = Shape::indented(context, indent).width;
    let next_line = end == End::NextLine || text::last_line_width(&head) + 2 > room;
    if text::is_single_line(&head)
        && block::is_empty(body)
        && indent.width() + head.len() + 3 <= context.max_width()
    {
        return Some(format!("{head} {{}}"));
    }
    let separator = if next_line {
        indent.line()
    } else {
        " ".to_owned()
    };
    let body = if block::is_empty(body) {
        format!("{{{}}}", indent.line())
    } else {
        block::multi_line(context, body, "", Shape::indented(context, indent))?
    };
    Some(format!("{head}{separator}{body}"))
}

/// A function of a trait without a body.
pub(super) fn required(context: &Context, signature: &Signature, indent: Indent) -> Option<String> {
    let head = head(context, "", signature, indent, End::Semicolon)?;
    Some(head + ";")
}

fn head(
    context: &Context,
    prefix: &str,
    signature: &Signature,
    indent: Indent,
    end: End,
) -> Option<String> {
    context.fit_or_overflow(
        "a signature",
        || layout(context, prefix, signature, indent, end),
        || signature.to_token_stream(),
    )
}

fn qualifiers(context: &Context, prefix: &str, signature: &Signature) -> Option<String> {
    let mut result = prefix.to_owned();
    if signature.constness.is_some() {
        result.push_str("const ");
    }
    if signature.asyncness.is_some() {
        result.push_str("async ");
    }
    match signature.safety {
        Safety::Default => {}
        Safety::Unsafe(_) => result.push_str("unsafe "),
        Safety::Safe(_) => result.push_str("safe "),
    }
    if signature.abi.is_some() || signature.variadic.is_some() {
        return context.unsupported("a foreign function", signature.to_token_stream());
    }
    result.push_str("fn ");
    Some(result)
}

fn layout(
    context: &Context,
    prefix: &str,
    signature: &Signature,
    indent: Indent,
    end: End,
) -> Option<String> {
    let mut result = qualifiers(context, prefix, signature)?;
    let overhead = if end == End::SameLine { 4 } else { 2 };
    let used = indent.width() + result.len();
    let shape = Shape {
        width: context.budget(used + overhead),
        indent,
        offset: used,
    };
    let name = signature.ident.to_string();
    let generics = &signature.generics;
    result.push_str(&generics::print(context, &name, generics, shape)?);
    let output = output(context, &signature.output, Shape::indented(context, indent))?;
    let tall_output = output.contains('\n');
    let output_width = if tall_output { 0 } else { output.len() };
    let budget = if result.contains('\n') || tall_output {
        0
    } else {
        one_line_budget(context, indent.width() + result.len(), output_width, end)
    };
    let parameters = parameters(context, signature, budget, indent)?;
    let has_parameters = !signature.inputs.is_empty();
    let in_block = has_parameters && (parameters.contains('\n') || parameters.len() > budget);
    result.push('(');
    if in_block {
        result.push_str(&indent.nested().line());
        result.push_str(&parameters);
        result.push_str(&indent.line());
        result.push(')');
    } else {
        result.push_str(&parameters);
        let used = text::last_line_used_width(&result, indent.width());
        result.push(')');
        if !has_parameters && used + text::first_line_width(&output) + 1 > context.max_width() {
            result.push_str(&indent.line());
        }
    }
    if !output.is_empty() {
        let place = OutputPlace {
            in_block,
            has_parameters,
            width: output_width,
            tall: tall_output,
        };
        place.push(context, &mut result, &output, signature, indent)?;
    }
    let style = WhereStyle {
        suppress_comma: end == End::Semicolon,
        same_line: in_block && output.is_empty(),
        single_line: false,
    };
    let shape = Shape::indented(context, indent);
    Some(result + &generics::where_clause(context, generics, shape, style)?)
}

/// Columns for the parameters if all is on one line.
fn one_line_budget(context: &Context, before: usize, output: usize, end: End) -> usize {
    let around = if output == 0 { 2 } else { 3 };
    let after = match end {
        End::Semicolon => 1,
        End::SameLine => 2,
        End::NextLine => 0,
    };
    context.budget(before + output + around + after)
}

/// What decides where the return type goes.
struct OutputPlace {
    in_block: bool,
    has_parameters: bool,
    width: usize,
    tall: bool,
}

impl OutputPlace {
    /// Adds the return type.
    fn push(
        &self,
        context: &Context,
        result: &mut String,
        text: &str,
        signature: &Signature,
        indent: Indent,
    ) -> Option<()> {
        let next_line = if self.in_block || !self.has_parameters {
            false
        } else if result.contains('\n') || self.tall {
            true
        } else {
            let brace = if generics::predicates(&signature.generics) == 0 {
                2
            } else {
                0
            };
            result.len() + indent.width() + self.width + 1 + brace > context.max_width()
        };
        let line_shape = Shape::indented(context, indent);
        let shape = if next_line {
            result.push_str(&line_shape.indent.line());
            line_shape
        } else {
            if !result.ends_with(char::is_whitespace) {
                result.push(' ');
            }
            line_shape
                .offset_left(text::last_line_width(result))
                .unwrap_or(line_shape)
        };
        if self.tall || next_line {
            result.push_str(&output(context, &signature.output, shape)?);
        } else {
            result.push_str(text);
        }
        Some(())
    }
}

fn output(context: &Context, output: &ReturnType, shape: Shape) -> Option<String> {
    match output {
        ReturnType::Default => Some(String::new()),
        ReturnType::Type(_, ty) => {
            let shape = shape.offset_left(3)?;
            Some(format!("-> {}", types::print(context, ty, shape)?))
        }
    }
}

fn parameters(
    context: &Context,
    signature: &Signature,
    budget: usize,
    indent: Indent,
) -> Option<String> {
    let inner = indent.nested();
    let shape = || Shape::new(context.budget(inner.width() + 1), inner);
    let printed: Vec<Option<String>> = signature
        .inputs
        .iter()
        .map(|input| {
            context.fit_or_overflow(
                "a parameter",
                || parameter(context, input, shape()),
                || input.to_token_stream(),
            )
        })
        .collect();
    let tactic = list::choose(&printed, 2, budget);
    let width = if tactic == Tactic::Horizontal {
        budget
    } else {
        shape().width
    };
    let layout = Layout::new(Shape::new(width, inner), tactic, Trailing::Vertical);
    list::write(&printed, &layout)
}

fn parameter(context: &Context, input: &FnArg, shape: Shape) -> Option<String> {
    match input {
        FnArg::Typed(node) => pattern::typed(context, node, shape),
        FnArg::Receiver(node) => receiver(context, node),
    }
}

fn receiver(context: &Context, node: &Receiver) -> Option<String> {
    attribute::reject(context, "an attribute on `self`", &node.attrs)?;
    let mutable = if node.mutability.is_some() {
        "mut "
    } else {
        ""
    };
    match &node.kind {
        ReceiverKind::Value => Some(format!("{mutable}self")),
        ReceiverKind::Reference(_, lifetime, reference_mutable) => {
            let lifetime = lifetime
                .as_ref()
                .map_or(String::new(), |lifetime| format!("{lifetime} "));
            let reference_mutable = if reference_mutable.is_some() {
                "mut "
            } else {
                ""
            };
            Some(format!("&{lifetime}{reference_mutable}self"))
        }
        ReceiverKind::Typed(_, ty) => {
            let shape = Shape::new(context.max_width(), Indent::default());
            Some(format!(
                "{mutable}self: {}",
                types::print(context, ty, shape)?
            ))
        }
        _ => context.unsupported("a receiver", node.to_token_stream()),
    }
}
