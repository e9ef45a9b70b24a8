//! Prints enums.

use syn::{Fields, ItemEnum, Variant};

use super::assignment::{self, Tactic as RightHandSide};
use super::context::Context;
use super::list::{self, Layout, Tactic, Trailing};
use super::shape::{Indent, Shape};
use super::structure::{self, Body};
use super::{attribute, expression, text, visibility};

/// Columns the fields of a variant may take on one line.
pub(super) const VARIANT_WIDTH: usize = 35;

pub(super) fn print(context: &Context, node: &ItemEnum, indent: Indent) -> Option<String> {
    let header = format!("{}enum {}", visibility::prefix(&node.vis), node.ident);
    let body = if node.variants.is_empty() {
        Body::Empty
    } else {
        Body::Filled
    };
    let used = text::last_line_width(&header);
    let opening = structure::opening(context, &node.generics, body, indent, used)?;
    if node.variants.is_empty() {
        return Some(format!("{header}{opening}}}"));
    }
    let inner = indent.nested();
    let print_all = |width| -> Vec<Option<String>> {
        node.variants
            .iter()
            .map(|node| variant(context, node, inner, width))
            .collect()
    };
    let mut variants = print_all(VARIANT_WIDTH);
    let is_tall = |text: &Option<String>| text.as_deref().is_some_and(|text| text.contains('\n'));
    let tall = variants.iter().filter(|text| is_tall(text)).count();
    if tall > 0 && tall < variants.len() {
        variants = print_all(0);
    }
    let shape = Shape::indented(context, inner).sub_width(2)?;
    let layout = Layout::new(shape, Tactic::Vertical, Trailing::Vertical);
    let text = list::write(&variants, &layout)?;
    let (line, end) = (inner.line(), indent.line());
    Some(format!("{header}{opening}{line}{text}{end}}}"))
}

/// A variant with its attributes, whose fields may take so many columns on one line.
pub(super) fn variant(
    context: &Context,
    node: &Variant,
    indent: Indent,
    width: usize,
) -> Option<String> {
    let shape = Shape::indented(context, indent);
    let attributes = attribute::above(context, &node.attrs, shape)?;
    let shape = shape.sub_width(1)?;
    let name = node.ident.to_string();
    let mut text = match &node.fields {
        Fields::Unit => name,
        Fields::Named(fields) => {
            structure::named(context, name, None, fields, indent, Some(width))?
        }
        Fields::Unnamed(fields) => structure::tuple(context, name, None, fields, indent)?,
    };
    if let Some((_, value)) = &node.discriminant {
        text.push_str(" =");
        let right = |shape| expression::print(context, value, shape);
        text = assignment::print(context, text, &right, shape, RightHandSide::AllowOverflow)?;
    }
    Some(attributes + &text)
}
