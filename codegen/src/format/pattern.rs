//! Prints patterns.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{FieldPat, Pat, PatIdent, PatOr, PatStruct, PatType, RangeLimits, Token};

use super::argument_list::Item;
use super::binary::{self, Parts};
use super::context::Context;
use super::list::{self, Layout, Tactic, Trailing};
use super::overflow::{ARRAY_WIDTH, Delimited};
use super::path::{self, Position};
use super::shape::{Shape, TAB};
use super::struct_literal::{self, Rooms};
use super::{attribute, classify, expression, macro_call, text, types};

/// The longest pattern that may share a line with many others.
const SHORT_PATTERN_WIDTH: usize = 20;

pub(super) fn print(context: &Context, pattern: &Pat, shape: Shape) -> Option<String> {
    match pattern {
        Pat::Ident(node) => ident(context, node, shape),
        Pat::Path(node) => {
            let self_type = node.qself.as_ref();
            path::print(context, Position::Expression, self_type, &node.path, shape)
        }
        Pat::TupleStruct(node) => {
            let self_type = node.qself.as_ref();
            let path = path::print(context, Position::Expression, self_type, &node.path, shape)?;
            tuple(context, Some(&path), &node.elems, shape)
        }
        Pat::Tuple(node) => tuple(context, None, &node.elems, shape),
        Pat::Struct(node) => structure(context, node, shape),
        Pat::Or(node) => alternatives(context, node, shape),
        Pat::Reference(node) => {
            let prefix = if node.mutability.is_some() {
                "&mut "
            } else {
                "&"
            };
            let shape = shape.offset_left(prefix.len())?;
            Some(format!("{prefix}{}", print(context, &node.pat, shape)?))
        }
        Pat::Wild(_) => (shape.width >= 1).then(|| "_".to_owned()),
        Pat::Rest(_) => (shape.width >= 1).then(|| "..".to_owned()),
        Pat::Lit(node) => expression::literal(context, &node.lit, shape),
        Pat::Range(node) => range(context, node, shape),
        Pat::Slice(node) => Delimited {
            name: "",
            items: node.elems.iter().map(Item::Pattern).collect(),
            delimiters: ("[", "]"),
            item_width: ARRAY_WIDTH,
            trailing: Trailing::Vertical,
        }
        .print(context, shape),
        Pat::Paren(node) => {
            let shape = shape.offset_left(1)?.sub_width(1)?;
            Some(format!("({})", print(context, &node.pat, shape)?))
        }
        Pat::Macro(node) => macro_call::expression(context, &node.mac, shape),
        other => context.unsupported("a pattern", other.to_token_stream()),
    }
}

/// Whether the pattern may overflow as the last of so many arguments.
pub(super) fn can_overflow(pattern: &Pat, count: usize) -> bool {
    match pattern {
        Pat::Path(_) | Pat::Tuple(_) | Pat::Struct(_) | Pat::TupleStruct(_) => count == 1,
        Pat::Reference(node) => can_overflow(&node.pat, count),
        _ => false,
    }
}

/// A parameter: a pattern with its type.
pub(super) fn typed(context: &Context, node: &PatType, shape: Shape) -> Option<String> {
    let mut result = attribute::outer(context, &node.attrs, shape)?;
    if !result.is_empty() {
        result.push_str(&if result.contains('\n') {
            shape.indent.line()
        } else {
            " ".to_owned()
        });
    }
    let plain = Shape::new(shape.width, shape.indent);
    result.push_str(&print(context, &node.pat, plain)?);
    result.push_str(": ");
    let width = shape.width.checked_sub(text::last_line_width(&result))?;
    let ty = types::print(context, &node.ty, Shape::new(width, shape.indent))?;
    Some(result + &ty)
}

fn ident(context: &Context, node: &PatIdent, shape: Shape) -> Option<String> {
    let by_reference = if node.by_ref.is_some() { "ref " } else { "" };
    let mutable = if node.mutability.is_some() {
        "mut "
    } else {
        ""
    };
    let mut result = format!("{by_reference}{mutable}{}", node.ident);
    if let Some((_, inner)) = &node.subpat {
        let used = result.len() - result.matches(' ').count() + 2;
        let width = shape.width.checked_sub(used)?;
        let inner = print(context, inner, Shape::new(width, shape.indent))?;
        result.push_str(" @ ");
        result.push_str(&inner);
    }
    Some(result)
}

fn range(context: &Context, node: &syn::PatRange, shape: Shape) -> Option<String> {
    let operator = match node.limits {
        RangeLimits::HalfOpen(_) => "..",
        RangeLimits::Closed(_) => "..=",
    };
    let side = |side: &Option<Box<syn::Expr>>, shape| match side {
        Some(node) => expression::print(context, node, shape),
        None => Some(String::new()),
    };
    binary::pair(
        context,
        &|shape| side(&node.start, shape),
        &|shape| side(&node.end, shape),
        &Parts::infix(operator),
        shape,
    )
}

fn tuple(
    context: &Context,
    path: Option<&str>,
    elements: &Punctuated<Pat, Token![,]>,
    shape: Shape,
) -> Option<String> {
    if elements.is_empty() {
        return Some(format!("{}()", path.unwrap_or_default()));
    }
    let rest = matches!(elements.last(), Some(Pat::Rest(_)));
    let single = path.is_none() && elements.len() == 1 && !rest;
    Delimited {
        name: path.unwrap_or_default(),
        items: elements.iter().map(Item::Pattern).collect(),
        delimiters: ("(", ")"),
        item_width: context.max_width(),
        trailing: if single {
            Trailing::Always
        } else {
            Trailing::Vertical
        },
    }
    .print(context, shape)
}

fn alternatives(context: &Context, node: &PatOr, shape: Shape) -> Option<String> {
    let printed: Vec<Option<String>> = node
        .cases
        .iter()
        .map(|case| print(context, case, shape))
        .collect();
    let short = node.cases.iter().zip(&printed).all(|(case, text)| {
        classify::is_short_pattern(case)
            && text
                .as_deref()
                .is_some_and(|text| text.len() <= SHORT_PATTERN_WIDTH && !text.contains('\n'))
    });
    let tactic = if short {
        Tactic::Mixed
    } else {
        list::choose(&printed, 3, shape.width)
    };
    let mut layout = Layout::new(shape, tactic, Trailing::Never);
    layout.bars = true;
    layout.ends_with_newline = false;
    list::write(&printed, &layout)
}

fn structure(context: &Context, node: &PatStruct, shape: Shape) -> Option<String> {
    let self_type = node.qself.as_ref();
    let path_shape = shape.sub_width(2)?;
    let path = path::print(
        context,
        Position::Expression,
        self_type,
        &node.path,
        path_shape,
    )?;
    let rest = node.rest.is_some();
    if node.fields.is_empty() && !rest {
        return Some(format!("{path} {{}}"));
    }
    let suffix = if rest { ", ..".len() + 2 } else { 2 };
    let rooms = Rooms::new(context, shape, path.len() + 3, suffix);
    let printed: Vec<Option<String>> = node
        .fields
        .iter()
        .map(|node| field(context, node, rooms.lines))
        .collect();
    let tactic = rooms.tactic(&printed);
    let field_shape = match (tactic, rooms.one_line) {
        (Tactic::Horizontal, Some(shape)) => shape,
        _ => rooms.lines,
    };
    let layout = Layout::new(field_shape, tactic, Trailing::Vertical);
    let mut fields = list::write(&printed, &layout)?;
    if rest {
        if fields.contains('\n') || fields.len() > rooms.one_line_width() {
            if tactic != Tactic::Vertical {
                fields.push(',');
            }
            fields.push_str(&field_shape.indent.line());
        } else if !fields.is_empty() {
            fields.push_str(if tactic == Tactic::Vertical {
                " "
            } else {
                ", "
            });
        }
        fields.push_str("..");
    }
    Some(format!("{path} {{{}}}", rooms.wrap(&fields, shape)))
}

fn field(context: &Context, node: &FieldPat, shape: Shape) -> Option<String> {
    let pattern = print(context, &node.pat, shape)?;
    if node.colon_token.is_none() {
        return Some(attribute::above(context, &node.attrs, shape)? + &pattern);
    }
    let mut attributes = attribute::outer(context, &node.attrs, shape)?;
    if !attributes.is_empty() {
        attributes.push_str(&shape.block_indent(TAB).indent.line());
    }
    let name = struct_literal::member(&node.member);
    if name.len() + 2 + pattern.len() <= shape.width {
        return Some(format!("{attributes}{name}: {pattern}"));
    }
    let nested = shape.block_indent(TAB);
    let pattern = print(context, &node.pat, nested)?;
    Some(format!(
        "{attributes}{name}:{}{pattern}",
        nested.indent.line()
    ))
}
