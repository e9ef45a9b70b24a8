//! Sorts and prints imports.

use std::cmp::Ordering;

use quote::ToTokens;
use syn::{ItemUse, UseTree};

use super::context::Context;
use super::list::{self, Layout, Tactic, Trailing};
use super::shape::{Indent, Shape, TAB};
use super::{attribute, sort, visibility};

/// A segment of an import path. The order of the variants is the order of imports.
#[derive(Clone, PartialEq, Eq)]
enum Segment {
    SelfModule(Option<String>),
    Super(Option<String>),
    Crate(Option<String>),
    Name(String, Option<String>),
    Glob,
    List(Vec<Import>),
}

/// An import path.
#[derive(Clone, PartialEq, Eq)]
struct Import {
    path: Vec<Segment>,
}

/// An import as it is printed.
pub(super) struct Use<'a> {
    item: &'a ItemUse,
    import: Import,
}

impl<'a> Use<'a> {
    pub(super) fn new(item: &'a ItemUse) -> Use<'a> {
        let mut path = Vec::new();
        collect(&item.tree, &mut path);
        if item.leading_colon.is_some() {
            if let Some(Segment::Name(name, _)) = path.first_mut() {
                name.insert_str(0, "::");
            } else {
                path.insert(0, Segment::Name(String::new(), None));
            }
        }
        Use {
            item,
            import: Import { path }.normalize(),
        }
    }

    /// The import with its attributes and visibility.
    pub(super) fn print(&self, context: &Context, indent: Indent) -> Option<String> {
        let shape = Shape::indented(context, indent);
        let attributes = attribute::above(context, &self.item.attrs, shape)?;
        let visibility = visibility::prefix(&self.item.vis);
        let path = context.fit_or_overflow(
            "an import",
            || {
                let shape = Shape::indented(context, indent);
                let inner = shape.offset_left(4 + visibility.len())?.sub_width(1)?;
                self.import.print(inner, context)
            },
            || self.item.to_token_stream(),
        )?;
        Some(format!("{attributes}{visibility}use {path};"))
    }
}

/// Adjacent imports, each on a line of its own.
pub(super) fn sorted<'a>(
    context: &Context,
    items: impl Iterator<Item = &'a ItemUse>,
    indent: Indent,
) -> Option<Vec<String>> {
    let mut uses: Vec<Use<'_>> = items.map(Use::new).collect();
    uses.sort_by(|left, right| left.import.compare(&right.import));
    uses.iter()
        .map(|node| node.print(context, indent))
        .collect()
}

fn segment(name: String, alias: Option<String>) -> Segment {
    match name.as_str() {
        "self" => Segment::SelfModule(alias),
        "super" => Segment::Super(alias),
        "crate" => Segment::Crate(alias),
        _ => Segment::Name(name, alias),
    }
}

fn collect(tree: &UseTree, path: &mut Vec<Segment>) {
    match tree {
        UseTree::Path(node) => {
            path.push(segment(node.ident.to_string(), None));
            collect(&node.tree, path);
        }
        UseTree::Name(node) => path.push(segment(node.ident.to_string(), None)),
        UseTree::Rename(node) => {
            let alias = (node.ident != node.rename).then(|| node.rename.to_string());
            path.push(segment(node.ident.to_string(), alias));
        }
        UseTree::Glob(_) => path.push(Segment::Glob),
        UseTree::Group(node) => {
            let imports = node.items.iter().map(|tree| {
                let mut path = Vec::new();
                collect(tree, &mut path);
                Import { path }
            });
            path.push(Segment::List(imports.collect()));
        }
    }
}

impl Import {
    /// `a::self` is `a`, `a::{b}` is `a::b`, and lists are sorted.
    fn normalize(mut self) -> Import {
        match self.path.pop() {
            Some(Segment::SelfModule(None)) if !self.path.is_empty() => {}
            Some(Segment::SelfModule(Some(alias))) => match self.path.last_mut() {
                Some(Segment::Name(_, previous)) => *previous = Some(alias),
                _ => self.path.push(Segment::SelfModule(Some(alias))),
            },
            Some(Segment::List(imports)) => match <[Import; 1]>::try_from(imports) {
                Ok([only]) if only.path != [Segment::SelfModule(None)] => {
                    self.path.extend(only.path);
                    return self.normalize();
                }
                Ok([only]) => self.path.push(Segment::List(vec![only])),
                Err(imports) => {
                    let mut imports: Vec<Import> =
                        imports.into_iter().map(Import::normalize).collect();
                    imports.sort_by(Import::compare);
                    self.path.push(Segment::List(imports));
                }
            },
            Some(other) => self.path.push(other),
            None => {}
        }
        self
    }

    fn compare(&self, other: &Import) -> Ordering {
        for (left, right) in self.path.iter().zip(&other.path) {
            let order = left.compare(right, true);
            if order != Ordering::Equal && left.compare(right, false) != Ordering::Equal {
                return order;
            }
        }
        self.path.len().cmp(&other.path.len())
    }

    fn print(&self, mut shape: Shape, context: &Context) -> Option<String> {
        let mut result = String::new();
        for (index, segment) in self.path.iter().enumerate() {
            if index > 0 {
                result.push_str("::");
            }
            let text = segment.print(shape, context)?;
            if index + 1 < self.path.len() {
                shape = shape.offset_left(2 + text.len())?;
            }
            result.push_str(&text);
        }
        Some(result)
    }
}

impl Segment {
    fn rank(&self) -> u8 {
        match self {
            Segment::SelfModule(_) => 0,
            Segment::Super(_) => 1,
            Segment::Crate(_) => 2,
            Segment::Name(..) => 3,
            Segment::Glob => 4,
            Segment::List(_) => 5,
        }
    }

    fn alias(&self) -> Option<&str> {
        match self {
            Segment::SelfModule(alias)
            | Segment::Super(alias)
            | Segment::Crate(alias)
            | Segment::Name(_, alias) => alias.as_deref(),
            Segment::Glob | Segment::List(_) => None,
        }
    }

    fn compare(&self, other: &Segment, with_alias: bool) -> Ordering {
        let order = match (self, other) {
            (Segment::Name(left, _), Segment::Name(right, _)) => sort::compare(left, right),
            (Segment::List(left), Segment::List(right)) => left
                .iter()
                .zip(right)
                .map(|(left, right)| left.compare(right))
                .find(|order| *order != Ordering::Equal)
                .unwrap_or_else(|| left.len().cmp(&right.len())),
            _ => self.rank().cmp(&other.rank()),
        };
        if order != Ordering::Equal || !with_alias {
            return order;
        }
        match (self.alias(), other.alias()) {
            (Some(left), Some(right)) => sort::compare(left, right),
            (left, right) => left.cmp(&right),
        }
    }

    fn print(&self, shape: Shape, context: &Context) -> Option<String> {
        let name = match self {
            Segment::SelfModule(_) => "self",
            Segment::Super(_) => "super",
            Segment::Crate(_) => "crate",
            Segment::Name(name, _) => name,
            Segment::Glob => "*",
            Segment::List(imports) => {
                let shape = shape.offset_left(1)?.sub_width(1)?;
                return list(imports, shape, context);
            }
        };
        Some(match self.alias() {
            Some(alias) => format!("{name} as {alias}"),
            None => name.to_owned(),
        })
    }
}

fn list(imports: &[Import], shape: Shape, context: &Context) -> Option<String> {
    let inner = shape
        .block_indent(TAB)
        .with_max_width(context)
        .sub_width(1)?;
    let printed: Vec<Option<String>> = imports
        .iter()
        .map(|import| import.print(inner, context))
        .collect();
    let nested = imports
        .iter()
        .any(|import| matches!(import.path.last(), Some(Segment::List(_))));
    let width = if nested {
        0
    } else {
        shape.width.saturating_sub(2)
    };
    let tactic = match list::choose(&printed, 2, width) {
        Tactic::Horizontal => Tactic::Horizontal,
        _ => Tactic::Mixed,
    };
    let trailing = if tactic == Tactic::Horizontal {
        Trailing::Never
    } else {
        Trailing::Vertical
    };
    let mut layout = Layout::new(inner, tactic, trailing);
    layout.ends_with_newline = tactic != Tactic::Horizontal;
    layout.nested_imports = nested;
    let text = list::write(&printed, &layout)?;
    if text.contains('\n') || text.len() > width {
        let (line, end) = (inner.indent.line(), shape.indent.line());
        Some(format!("{{{line}{text}{end}}}"))
    } else {
        Some(format!("{{{text}}}"))
    }
}
