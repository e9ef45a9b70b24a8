//! Prints the fields of structs and enum variants.

use quote::ToTokens;
use syn::Field;

use super::assignment::{self, Tactic};
use super::context::Context;
use super::shape::Shape;
use super::{attribute, text, types, visibility};

pub(super) fn print(context: &Context, node: &Field, shape: Shape) -> Option<String> {
    if node.default.is_some() {
        return context.unsupported("a default field value", node.to_token_stream());
    }
    let visibility = visibility::prefix(&node.vis);
    let prefix = match &node.ident {
        Some(name) => format!("{visibility}{name}:"),
        None => visibility,
    };
    let attributes = attribute::outer(context, &node.attrs, shape)?;
    let extends =
        node.ident.is_none() && !attributes.contains('\n') && !attributes.starts_with("//");
    let line = shape.indent.line();
    let mut before = attributes.clone();
    if !attributes.is_empty() {
        before.push_str(if extends { " " } else { &line });
    }
    before.push_str(&prefix);
    let spacing = if node.ident.is_some() { " " } else { "" };
    let used = text::trimmed_last_line_width(&before) + spacing.len();
    let same_line = shape
        .offset_left(used)
        .and_then(|shape| types::print(context, &node.ty, shape));
    if let Some(ty) = same_line
        && text::is_single_line(&ty)
    {
        return Some(format!("{before}{spacing}{ty}"));
    }
    let is_bare = prefix.is_empty();
    let right = |shape| types::print(context, &node.ty, shape);
    let text = assignment::print(context, prefix, &right, shape, Tactic::Default)?;
    let text = if is_bare { text.trim_start() } else { &text };
    Some(if attributes.is_empty() {
        text.to_owned()
    } else {
        format!("{attributes}{line}{text}")
    })
}
