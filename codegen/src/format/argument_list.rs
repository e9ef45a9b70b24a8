//! The things that may stand in a delimited list, and what the layout of a list needs to know
//! about them.

use syn::{CapturedParam, Expr, Field, GenericArgument, GenericParam, Pat, Type};

use super::attribute::MetaItem;
use super::context::Context;
use super::macro_call::MacroArgument;
use super::shape::Shape;
use super::{attribute, classify, expression, field, generics, path, pattern, types};

/// An item of a delimited list.
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    Expression(&'a Expr),
    MacroArgument(&'a MacroArgument),
    GenericParameter(&'a GenericParam),
    GenericArgument(&'a GenericArgument),
    Captured(&'a CapturedParam),
    Meta(&'a MetaItem),
    Field(&'a Field),
    Pattern(&'a Pat),
    Type(&'a Type),
}

impl<'a> Item<'a> {
    pub(super) fn print(self, context: &Context, shape: Shape) -> Option<String> {
        match self {
            Item::Expression(node) => expression::print(context, node, shape),
            Item::MacroArgument(MacroArgument::Expression(node)) => {
                expression::print(context, node, shape)
            }
            Item::MacroArgument(MacroArgument::Type(node)) | Item::Type(node) => {
                types::print(context, node, shape)
            }
            Item::MacroArgument(MacroArgument::Pattern(node)) | Item::Pattern(node) => {
                pattern::print(context, node, shape)
            }
            Item::GenericParameter(node) => generics::parameter(context, node, shape),
            Item::GenericArgument(node) => path::argument(context, node, shape),
            Item::Captured(CapturedParam::Lifetime(lifetime)) => Some(lifetime.to_string()),
            Item::Captured(CapturedParam::Ident(name)) => Some(name.to_string()),
            Item::Captured(_) => context.unsupported("a captured parameter", Default::default()),
            Item::Meta(node) => attribute::meta(context, node, shape),
            Item::Field(node) => field::print(context, node, shape),
        }
    }

    /// The item as an expression, if it is one.
    pub(super) fn expression(self) -> Option<&'a Expr> {
        match self {
            Item::Expression(node) | Item::MacroArgument(MacroArgument::Expression(node)) => {
                Some(node)
            }
            _ => None,
        }
    }

    pub(super) fn has_attributes(self) -> bool {
        match self {
            Item::Field(node) => !node.attrs.is_empty(),
            Item::GenericParameter(node) => generics::has_attributes(node),
            _ => self
                .expression()
                .is_some_and(|node| !classify::attributes(node).is_empty()),
        }
    }

    /// Whether several of these may stand on one line of a long list.
    pub(super) fn is_simple(self) -> bool {
        match self {
            Item::Meta(node) => matches!(node, MetaItem::Word(_) | MetaItem::Literal(_)),
            _ => self.expression().is_some_and(classify::is_simple),
        }
    }

    pub(super) fn is_nested_call(self) -> bool {
        self.expression().is_some_and(classify::is_nested_call)
    }

    /// Whether the item may begin on the line of the opening delimiter and go on below, if it is
    /// the last of so many.
    pub(super) fn can_overflow(self, count: usize) -> bool {
        match self {
            Item::Meta(node) => count == 1 && !matches!(node, MetaItem::Literal(_)),
            Item::GenericArgument(GenericArgument::Type(node))
            | Item::MacroArgument(MacroArgument::Type(node))
            | Item::Type(node) => types::can_overflow(node, count),
            Item::Pattern(node) => pattern::can_overflow(node, count),
            _ => self
                .expression()
                .is_some_and(|node| classify::can_overflow(node, count)),
        }
    }
}
