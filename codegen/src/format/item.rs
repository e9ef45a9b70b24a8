//! Prints items: in what order, how far apart, and each by its kind.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, File, Item, ItemMod, StaticMutability};

use super::constant::{Alias, Constant};
use super::context::Context;
use super::macro_call::{self, Position};
use super::shape::{Indent, Shape};
use super::use_tree::{self, Use};
use super::{
    attribute, enumeration, function, implementation, structure, trait_definition, visibility,
};

/// A whole file.
pub(super) fn file(context: &Context, file: &File) -> Option<String> {
    let indent = Indent::default();
    let shape = Shape::indented(context, indent);
    let mut result = attribute::inner(context, &file.attrs, shape)?;
    let items = items(context, &file.items, indent)?;
    if !result.is_empty() && !items.is_empty() {
        result.push_str("\n\n");
    }
    result.push_str(&items);
    if !result.is_empty() {
        result.push('\n');
    }
    Some(result)
}

/// Members of an impl or trait, an empty line apart.
pub(super) fn push_members(result: &mut String, members: &[String], indent: Indent) {
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            result.push('\n');
        }
        result.push_str(&indent.line());
        result.push_str(member);
    }
}

/// Items that `rustfmt` sorts among themselves.
#[derive(PartialEq, Eq)]
enum Group {
    /// Imports of the same visibility.
    Uses(String),
    /// Modules in other files.
    Modules,
    /// Anything else.
    Single,
}

fn group(item: &Item) -> Group {
    match item {
        Item::Use(node) => Group::Uses(visibility::prefix(&node.vis)),
        Item::Mod(node) if node.content.is_none() && !is_macro_use(&node.attrs) => Group::Modules,
        _ => Group::Single,
    }
}

fn is_macro_use(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("macro_use"))
}

/// Items an empty line apart; imports and modules in other files are sorted among themselves.
pub(super) fn items(context: &Context, items: &[Item], indent: Indent) -> Option<String> {
    let mut paragraphs = Vec::new();
    let mut rest = items;
    while let Some(first) = rest.first() {
        let kind = group(first);
        let count = match kind {
            Group::Single => 1,
            _ => rest.iter().take_while(|item| group(item) == kind).count(),
        };
        let (members, others) = rest.split_at(count);
        let lines = match kind {
            Group::Single => vec![print(context, first, indent)?],
            Group::Uses(_) => uses(context, members, indent)?,
            Group::Modules => modules(context, members, indent)?,
        };
        paragraphs.push(lines.join(&indent.line()));
        if indent.width() == 0 {
            context.forget();
        }
        rest = others;
    }
    Some(paragraphs.join(&format!("\n{}", indent.line())))
}

fn uses(context: &Context, items: &[Item], indent: Indent) -> Option<Vec<String>> {
    let uses = items.iter().filter_map(|item| match item {
        Item::Use(node) => Some(node),
        _ => None,
    });
    use_tree::sorted(context, uses, indent)
}

fn modules(context: &Context, items: &[Item], indent: Indent) -> Option<Vec<String>> {
    let mut modules: Vec<(String, &Item)> = items
        .iter()
        .map(|item| match item {
            Item::Mod(node) => (node.ident.unraw().to_string(), item),
            _ => (String::new(), item),
        })
        .collect();
    modules.sort_by(|(left, _), (right, _)| left.cmp(right));
    modules
        .iter()
        .map(|(_, item)| print(context, item, indent))
        .collect()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(node) => &node.attrs,
        Item::Enum(node) => &node.attrs,
        Item::Fn(node) => &node.attrs,
        Item::Impl(node) => &node.attrs,
        Item::Macro(node) => &node.attrs,
        Item::Mod(node) => &node.attrs,
        Item::Static(node) => &node.attrs,
        Item::Struct(node) => &node.attrs,
        Item::Trait(node) => &node.attrs,
        Item::Type(node) => &node.attrs,
        _ => &[],
    }
}

/// An item with its attributes.
pub(super) fn print(context: &Context, item: &Item, indent: Indent) -> Option<String> {
    let shape = Shape::indented(context, indent);
    let above = match item {
        Item::Mod(node) if node.content.is_some() => {
            attribute::outer_above(context, &node.attrs, shape)?
        }
        _ => attribute::above(context, attributes(item), shape)?,
    };
    let text = context.fit_or_overflow(
        "an item",
        || dispatch(context, item, indent),
        || item.to_token_stream(),
    )?;
    Some(above + &text)
}

fn dispatch(context: &Context, item: &Item, indent: Indent) -> Option<String> {
    match item {
        Item::Struct(node) => structure::print(context, node, indent),
        Item::Enum(node) => enumeration::print(context, node, indent),
        Item::Impl(node) => implementation::print(context, node, indent),
        Item::Trait(node) => trait_definition::print(context, node, indent),
        Item::Fn(node) => {
            let prefix = visibility::prefix(&node.vis);
            function::print(context, &prefix, &node.sig, &node.block, indent)
        }
        Item::Use(node) => Use::new(node).print(context, indent),
        Item::Mod(node) => module(context, node, indent),
        Item::Const(node) => Constant {
            prefix: format!("{}const", visibility::prefix(&node.vis)),
            name: &node.ident,
            generics: Some(&node.generics),
            ty: &node.ty,
            value: Some(&node.expr),
        }
        .print(context, indent),
        Item::Static(node) => {
            let mutable = match node.mutability {
                StaticMutability::Mut(_) => " mut",
                _ => "",
            };
            Constant {
                prefix: format!("{}static{mutable}", visibility::prefix(&node.vis)),
                name: &node.ident,
                generics: None,
                ty: &node.ty,
                value: Some(&node.expr),
            }
            .print(context, indent)
        }
        Item::Type(node) => Alias {
            prefix: visibility::prefix(&node.vis),
            name: &node.ident,
            generics: &node.generics,
            bounds: None,
            ty: Some(&node.ty),
        }
        .print(context, indent),
        Item::Macro(node) if node.ident.is_none() => {
            let shape = Shape::indented(context, indent);
            macro_call::print(context, &node.mac, shape, Position::Item)
        }
        other => context.unsupported("an item", other.to_token_stream()),
    }
}

fn module(context: &Context, node: &ItemMod, indent: Indent) -> Option<String> {
    let head = format!("{}mod {}", visibility::prefix(&node.vis), node.ident);
    let Some((_, content)) = &node.content else {
        return Some(format!("{head};"));
    };
    if content.is_empty() {
        return Some(format!("{head} {{}}"));
    }
    let inner = indent.nested();
    let (line, end) = (inner.line(), indent.line());
    let mut text = attribute::inner(context, &node.attrs, Shape::indented(context, inner))?;
    if !text.is_empty() {
        text.push_str(&format!("\n{line}"));
    }
    text.push_str(&items(context, content, inner)?);
    Some(format!("{head} {{{line}{text}{end}}}"))
}
