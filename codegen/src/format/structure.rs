//! Prints structs.

use syn::{Fields, FieldsNamed, FieldsUnnamed, Generics, ItemStruct};

use super::argument_list::Item;
use super::context::Context;
use super::generics::{self, WhereStyle};
use super::list::{self, Layout, Trailing};
use super::overflow::{CALL_WIDTH, Delimited};
use super::shape::{Indent, Shape};
use super::{field, text, visibility};

/// What is followed by an opening brace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    Empty,
    Filled,
}

pub(super) fn print(context: &Context, node: &ItemStruct, indent: Indent) -> Option<String> {
    let header = format!("{}struct {}", visibility::prefix(&node.vis), node.ident);
    match &node.fields {
        Fields::Unit => {
            let width = context.budget(text::width(&header) + indent.width());
            let shape = Shape::new(width, indent);
            let generics = generics::print(context, "", &node.generics, shape)?;
            let mut style = WhereStyle::after(&generics);
            style.suppress_comma = true;
            let clause = generics::where_clause(context, &node.generics, shape, style)?;
            Some(format!("{header}{generics}{clause};"))
        }
        Fields::Unnamed(fields) => {
            let text = tuple(context, header, Some(&node.generics), fields, indent)?;
            Some(text + ";")
        }
        Fields::Named(fields) => named(context, header, Some(&node.generics), fields, indent, None),
    }
}

/// The generic parameters and where clause of a type, with the opening brace.
pub(super) fn opening(
    context: &Context,
    node: &Generics,
    body: Body,
    indent: Indent,
    used: usize,
) -> Option<String> {
    let shape = Shape::new(context.budget(used + indent.width()), indent);
    let mut result = generics::print(context, "", node, shape)?;
    let mut same_line = true;
    if generics::predicates(node) > 0 {
        let width = context.budget(text::last_line_used_width(&result, indent.width()));
        let shape = Shape::new(width, indent.block_only());
        let style = WhereStyle::after(&result);
        result.push_str(&generics::where_clause(context, node, shape, style)?);
        same_line = body == Body::Empty;
    }
    let remaining = context.budget(text::last_line_used_width(&result, used));
    let overhead = if body == Body::Empty { 3 } else { 2 };
    if same_line && overhead <= remaining {
        result.push(' ');
    } else {
        result.push_str(&indent.block_only().line());
    }
    result.push('{');
    Some(result)
}

/// A struct or enum variant with named fields.
pub(super) fn named(
    context: &Context,
    header: String,
    generics: Option<&Generics>,
    fields: &FieldsNamed,
    indent: Indent,
    one_line: Option<usize>,
) -> Option<String> {
    let mut result = header;
    let empty = fields.named.is_empty();
    let opening = match generics {
        Some(generics) => {
            let body = if empty { Body::Empty } else { Body::Filled };
            opening(
                context,
                generics,
                body,
                indent,
                text::last_line_width(&result),
            )?
        }
        None if context.max_width() < result.len() + if empty { 3 } else { 2 } => {
            format!("{}{{", indent.block_only().line())
        }
        None => " {".to_owned(),
    };
    let total = result.len() + opening.len() + usize::from(empty);
    if text::is_single_line(&opening) && total > context.max_width() {
        result.push_str(&indent.line());
        result.push_str(opening.trim_start());
    } else {
        result.push_str(&opening);
    }
    if empty {
        if text::last_line_used_width(&result, indent.width()) + 3 > context.max_width() {
            result.push_str(&indent.line());
        }
        result.push('}');
        return Some(result);
    }
    let budget = context.budget(result.len() + 3 + indent.width());
    let budget = one_line.map_or(0, |width| width.min(budget));
    let shape = Shape::indented(context, indent.nested()).sub_width(1)?;
    let printed: Vec<Option<String>> = fields
        .named
        .iter()
        .map(|node| field::print(context, node, shape))
        .collect();
    let tactic = list::choose(&printed, 2, budget);
    let text = list::write(&printed, &Layout::new(shape, tactic, Trailing::Vertical))?;
    let flat = !text.contains('\n') && !result.contains('\n') && text.len() <= budget;
    if flat {
        return Some(format!("{result} {text} }}"));
    }
    let (line, end) = (indent.nested().line(), indent.line());
    Some(format!("{result}{line}{text}{end}}}"))
}

/// A struct or enum variant with numbered fields.
pub(super) fn tuple(
    context: &Context,
    header: String,
    node: Option<&Generics>,
    fields: &FieldsUnnamed,
    indent: Indent,
) -> Option<String> {
    let mut result = header;
    let mut clause = String::new();
    if let Some(node) = node {
        let shape = Shape::new(context.budget(text::last_line_width(&result)), indent);
        result.push_str(&generics::print(context, "", node, shape)?);
        let width = context.budget(text::last_line_width(&result));
        let shape = Shape::new(width, indent.block_only());
        let style = WhereStyle {
            suppress_comma: true,
            same_line: false,
            single_line: false,
        };
        clause = generics::where_clause(context, node, shape, style)?;
    }
    if fields.unnamed.is_empty() {
        if text::last_line_used_width(&result, indent.width()) + 3 > context.max_width() {
            result.push_str(&indent.line());
        }
        result.push_str("()");
    } else {
        result = Delimited {
            name: &result,
            items: fields.unnamed.iter().map(Item::Field).collect(),
            delimiters: ("(", ")"),
            item_width: CALL_WIDTH,
            trailing: Trailing::Vertical,
        }
        .print(context, Shape::indented(context, indent).sub_width(1)?)?;
    }
    result.push_str(&clause);
    Some(result)
}
