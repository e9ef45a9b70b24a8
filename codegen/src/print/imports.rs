//! Sorts imports and declarations of modules, whose order has no meaning in Rust.
//!
//! Both are sorted, and a list of one name loses its braces, so that a file has the same text whichever order it was
//! written in: generated files do not change when the code that emits them is rearranged, and a file that `rustfmt` has
//! sorted can be compared with the one that was generated. `lib.rs` of a generated crate has to be clean under
//! `rustfmt`, so the order is that of its style edition 2024 for the names that occur there.

use syn::punctuated::Punctuated;
use syn::{Item, UseTree};

use super::spacing::is_one_paragraph;

/// Sorts each run of imports and of modules, also in inline modules.
pub(super) fn sort(items: &mut [Item]) {
    for item in &mut *items {
        match item {
            Item::Use(import) => sort_tree(&mut import.tree),
            Item::Mod(module) => {
                if let Some((_, content)) = &mut module.content {
                    sort(content);
                }
            }
            _ => {}
        }
    }
    for run in items.chunk_by_mut(is_one_paragraph) {
        run.sort_by_cached_key(|item| match item {
            Item::Use(import) => key(&import.tree),
            Item::Mod(module) => vec![Step::of(&module.ident.to_string())],
            _ => Vec::new(),
        });
    }
}

fn sort_tree(tree: &mut UseTree) {
    match tree {
        UseTree::Path(path) => sort_tree(&mut path.tree),
        UseTree::Group(group) => {
            let mut members: Vec<UseTree> = std::mem::take(&mut group.items).into_iter().collect();
            members.iter_mut().for_each(sort_tree);
            members.sort_by_cached_key(key);
            match <[UseTree; 1]>::try_from(members) {
                Ok([only]) if !is_self(&only) => *tree = only,
                Ok(members) => group.items = Punctuated::from_iter(members),
                Err(members) => group.items = Punctuated::from_iter(members),
            }
        }
        UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => {}
    }
}

/// Whether the tree is `self`, which occurs in braces only.
fn is_self(tree: &UseTree) -> bool {
    match tree {
        UseTree::Name(name) => name.ident == "self",
        UseTree::Rename(rename) => rename.ident == "self",
        _ => false,
    }
}

/// A part of a path, in the order in which parts are sorted.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// `self`, `super` and `crate`.
    Relative(String),
    Name(String),
    Glob,
    Group(Vec<Vec<Step>>),
}

impl Step {
    fn of(name: &str) -> Self {
        let text = name.to_owned();
        if matches!(name, "self" | "super" | "crate") {
            Self::Relative(text)
        } else {
            Self::Name(text)
        }
    }
}

fn key(tree: &UseTree) -> Vec<Step> {
    match tree {
        UseTree::Path(path) => {
            let mut steps = vec![Step::of(&path.ident.to_string())];
            steps.extend(key(&path.tree));
            steps
        }
        UseTree::Name(name) => vec![Step::of(&name.ident.to_string())],
        UseTree::Rename(rename) => vec![
            Step::of(&rename.ident.to_string()),
            Step::of(&rename.rename.to_string()),
        ],
        UseTree::Glob(_) => vec![Step::Glob],
        UseTree::Group(group) => vec![Step::Group(group.items.iter().map(key).collect())],
    }
}
