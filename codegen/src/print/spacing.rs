//! Empty lines between items.
//!
//! `prettyplease` prints none. It prints an item that consists of no tokens as an empty line, so such items are put
//! between the others.

use proc_macro2::TokenStream;
use syn::{File, ImplItem, Item, TraitItem, Visibility};

/// Spaces the items of a file, and sets them off from its inner attributes.
pub(super) fn file(file: &mut File) {
    items(&mut file.items);
    if !file.attrs.is_empty() && !file.items.is_empty() {
        file.items.insert(0, Item::Verbatim(TokenStream::new()));
    }
}

fn items(items: &mut Vec<Item>) {
    for item in &mut *items {
        within(item);
    }
    space(
        items,
        |one, two| !is_one_paragraph(one, two),
        Item::Verbatim,
    );
}

fn within(item: &mut Item) {
    match item {
        Item::Mod(module) => {
            if let Some((_, content)) = &mut module.content {
                items(content);
            }
        }
        Item::Impl(block) => space(&mut block.items, |_, _| true, ImplItem::Verbatim),
        Item::Trait(definition) => space(&mut definition.items, |_, _| true, TraitItem::Verbatim),
        _ => {}
    }
}

/// Puts an empty line between two neighbours where one is needed.
fn space<T>(items: &mut Vec<T>, is_apart: fn(&T, &T) -> bool, verbatim: fn(TokenStream) -> T) {
    if items.len() < 2 {
        return;
    }
    let mut spaced: Vec<T> = Vec::with_capacity(items.len() * 2);
    for item in items.drain(..) {
        if spaced
            .last()
            .is_some_and(|previous| is_apart(previous, &item))
        {
            spaced.push(verbatim(TokenStream::new()));
        }
        spaced.push(item);
    }
    *items = spaced;
}

/// Whether two items stand together: imports of the same visibility, and declarations of modules in other files.
pub(super) fn is_one_paragraph(one: &Item, two: &Item) -> bool {
    match (one, two) {
        (Item::Use(one), Item::Use(two)) => is_private(&one.vis) == is_private(&two.vis),
        (Item::Mod(one), Item::Mod(two)) => one.content.is_none() && two.content.is_none(),
        _ => false,
    }
}

fn is_private(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Inherited)
}
