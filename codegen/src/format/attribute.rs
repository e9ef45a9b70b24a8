//! Prints attributes.

use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{AttrStyle, Attribute, Lit, Meta, Path, Token};

use super::argument_list::Item;
use super::context::Context;
use super::list::{self, Layout, Trailing};
use super::overflow::Delimited;
use super::shape::{Shape, TAB};
use super::{doc_comment, path, tokens};

/// Columns the arguments of an attribute may take on one line.
const ARGUMENTS_WIDTH: usize = 70;

/// What stands inside an attribute.
pub(super) enum MetaItem {
    Word(Path),
    Literal(Lit),
    NameValue(Path, Lit),
    List(Path, Punctuated<MetaItem, Token![,]>),
}

impl Parse for MetaItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<MetaItem> {
        if input.peek(Lit) {
            return Ok(MetaItem::Literal(input.parse()?));
        }
        let path = Path::parse_mod_style(input)?;
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            return Ok(MetaItem::NameValue(path, input.parse()?));
        }
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            let items = content.parse_terminated(MetaItem::parse, Token![,])?;
            return Ok(MetaItem::List(path, items));
        }
        Ok(MetaItem::Word(path))
    }
}

/// Fails if there are attributes where the printer cannot put any.
pub(super) fn reject(
    context: &Context,
    place: &'static str,
    attributes: &[Attribute],
) -> Option<()> {
    match attributes.first() {
        None => Some(()),
        Some(attribute) => {
            context.unsupported(place, attribute.to_token_stream());
            None
        }
    }
}

/// The outer attributes, one per line, without a line break at the end.
pub(super) fn outer(context: &Context, attributes: &[Attribute], shape: Shape) -> Option<String> {
    print(context, attributes, shape, |style| {
        matches!(style, AttrStyle::Outer)
    })
}

/// The inner attributes, one per line, without a line break at the end.
pub(super) fn inner(context: &Context, attributes: &[Attribute], shape: Shape) -> Option<String> {
    print(context, attributes, shape, |style| {
        matches!(style, AttrStyle::Inner(_))
    })
}

/// The outer attributes followed by a line break, or nothing.
///
/// Fails if there are inner attributes, for which there is no place.
pub(super) fn above(context: &Context, attributes: &[Attribute], shape: Shape) -> Option<String> {
    let inner = attributes
        .iter()
        .find(|attribute| matches!(attribute.style, AttrStyle::Inner(_)));
    if let Some(attribute) = inner {
        return context.unsupported("an inner attribute here", attribute.to_token_stream());
    }
    outer_above(context, attributes, shape)
}

/// The outer attributes followed by a line break, or nothing. Inner attributes are left out.
pub(super) fn outer_above(
    context: &Context,
    attributes: &[Attribute],
    shape: Shape,
) -> Option<String> {
    let mut text = outer(context, attributes, shape)?;
    if !text.is_empty() {
        text.push_str(&shape.indent.line());
    }
    Some(text)
}

fn print(
    context: &Context,
    attributes: &[Attribute],
    shape: Shape,
    wanted: impl Fn(&AttrStyle) -> bool,
) -> Option<String> {
    let attributes: Vec<&Attribute> = attributes.iter().filter(|a| wanted(&a.style)).collect();
    let mut lines = Vec::new();
    let mut rest = attributes.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let derives = rest.iter().take_while(|a| is_derive(a)).count();
        if derives > 0 {
            let items = derived(&rest[..derives]);
            lines.push(match items {
                Some(items) => derive(context, &items, shape)?,
                None => tokenwise(first),
            });
            rest = &rest[derives..];
            continue;
        }
        lines.push(single(context, first, shape));
        rest = others;
    }
    Some(lines.join(&shape.indent.line()))
}

fn is_derive(attribute: &Attribute) -> bool {
    matches!(attribute.style, AttrStyle::Outer)
        && matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("derive"))
}

/// The names of all the traits that the attributes derive.
fn derived(attributes: &[&Attribute]) -> Option<Vec<Option<String>>> {
    let mut items = Vec::new();
    for attribute in attributes {
        let list = attribute.meta.require_list().ok()?;
        let parser = Punctuated::<Path, Token![,]>::parse_terminated;
        let paths = parser.parse2(list.tokens.clone()).ok()?;
        items.extend(paths.iter().map(|node| Some(path::plain(node))));
    }
    Some(items)
}

fn derive(context: &Context, items: &[Option<String>], shape: Shape) -> Option<String> {
    let inner = shape.block_indent(TAB).with_max_width(context);
    let one_line = shape.offset_left(11)?.sub_width(3)?;
    let tactic = list::choose(items, 2, inner.width);
    let layout = Layout::new(inner, tactic, Trailing::Always);
    let text = list::write(items, &layout)?;
    if text.contains('\n') || text.len() > one_line.width {
        let (line, end) = (inner.indent.line(), shape.indent.line());
        Some(format!("#[derive({line}{text}{end})]"))
    } else {
        Some(format!("#[derive({})]", text.trim_end_matches(',')))
    }
}

fn marker(attribute: &Attribute) -> &'static str {
    match attribute.style {
        AttrStyle::Outer => "#",
        AttrStyle::Inner(_) => "#!",
    }
}

fn tokenwise(attribute: &Attribute) -> String {
    let text = tokens::print(attribute.meta.to_token_stream());
    format!("{}[{text}]", marker(attribute))
}

fn single(context: &Context, attribute: &Attribute, shape: Shape) -> String {
    if let Some(text) = doc_comment::documentation(attribute) {
        return doc_comment::print(&text, &attribute.style, shape.indent);
    }
    let marker = marker(attribute);
    let printed = item(attribute).and_then(|item| {
        let shape = shape.offset_left(marker.len() + 1)?;
        // The outermost list never ends with a comma, the lists inside of it as written.
        match item {
            MetaItem::List(path, items) => list(context, &path, &items, Trailing::Never, shape),
            other => meta(context, &other, shape),
        }
    });
    match printed {
        Some(text) => format!("{marker}[{text}]"),
        None => tokenwise(attribute),
    }
}

fn item(attribute: &Attribute) -> Option<MetaItem> {
    MetaItem::parse
        .parse2(attribute.meta.to_token_stream())
        .ok()
}

pub(super) fn meta(context: &Context, item: &MetaItem, shape: Shape) -> Option<String> {
    match item {
        MetaItem::Word(node) => Some(path::plain(node)),
        MetaItem::Literal(node) => Some(node.to_token_stream().to_string()),
        MetaItem::NameValue(node, value) => Some(format!(
            "{} = {}",
            path::plain(node),
            value.to_token_stream()
        )),
        MetaItem::List(node, items) => {
            let trailing = if items.trailing_punct() {
                Trailing::Always
            } else {
                Trailing::Never
            };
            list(context, node, items, trailing, shape)
        }
    }
}

fn list(
    context: &Context,
    name: &Path,
    items: &Punctuated<MetaItem, Token![,]>,
    trailing: Trailing,
    shape: Shape,
) -> Option<String> {
    Delimited {
        name: &path::plain(name),
        items: items.iter().map(Item::Meta).collect(),
        delimiters: ("(", ")"),
        item_width: ARGUMENTS_WIDTH,
        trailing,
    }
    .print(context, shape.sub_width(1)?)
}
