//! Prints one piece of a file, given as source text, by parsing it and laying the syntax tree out.

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::{Arm, Attribute, Field, File, ImplItem, Item, Stmt, TraitItem, Variant};

use super::context::Context;
use super::shape::{Indent, Shape};
use super::{
    attribute, enumeration, field, implementation, item, match_expression, statement,
    trait_definition, use_tree,
};

/// A part of a file that is laid out on lines of its own, whatever stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Imports and modules in other files, next to each other.
    Sorted,
    /// Imports at the beginning of a block.
    Imports,
    /// An item without attributes.
    Item,
    /// A member of an impl without attributes.
    Member,
    /// A member of a trait without attributes.
    TraitMember,
    Statement {
        is_last: bool,
    },
    Arm,
    /// A named field without attributes and comma.
    Field,
    /// A variant without attributes and comma.
    Variant,
    /// Outer attributes, with the columns that what they belong to keeps for itself.
    Attributes {
        reserved: usize,
    },
    InnerAttributes,
}

impl Piece {
    /// A number for the piece, different from those of other pieces.
    pub(super) fn code(self) -> u8 {
        match self {
            Piece::Sorted => 0,
            Piece::Imports => 1,
            Piece::Item => 2,
            Piece::Member => 3,
            Piece::TraitMember => 4,
            Piece::Statement { is_last: false } => 5,
            Piece::Statement { is_last: true } => 6,
            Piece::Arm => 7,
            Piece::Field => 8,
            Piece::Variant => 9,
            Piece::InnerAttributes => 10,
            Piece::Attributes { reserved } => 11 + u8::from(reserved > 0),
        }
    }
}

/// Why a piece was not printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It depends on what stands around it, which therefore has to be printed as a whole.
    Whole,
    /// It cannot be printed at all.
    Failed,
}

/// A printed piece.
pub(super) struct Printed {
    pub(super) text: String,
    /// Whether something in it takes more columns than there are.
    pub(super) overflows: bool,
}

pub(super) fn print(piece: Piece, source: &str, indent: Indent) -> Result<Printed, Stop> {
    let tokens: TokenStream = source.parse().map_err(|_| Stop::Failed)?;
    let context = Context::new();
    let text = lay_out(&context, piece, tokens, indent).map_err(|_| Stop::Failed)?;
    match text {
        Some(text) if !context.has_failed() => Ok(Printed {
            overflows: context.overflows(),
            text,
        }),
        None if !context.has_failed() => Err(Stop::Whole),
        _ => Err(Stop::Failed),
    }
}

fn lay_out(
    context: &Context,
    piece: Piece,
    tokens: TokenStream,
    indent: Indent,
) -> syn::Result<Option<String>> {
    let shape = Shape::indented(context, indent);
    Ok(match piece {
        Piece::Sorted => item::items(context, &syn::parse2::<File>(tokens)?.items, indent),
        Piece::Imports => {
            let statements = syn::Block::parse_within.parse2(tokens)?;
            let uses = statements.iter().filter_map(|statement| match statement {
                Stmt::Item(Item::Use(node)) => Some(node),
                _ => None,
            });
            use_tree::sorted(context, uses, indent).map(|lines| lines.join(&indent.line()))
        }
        Piece::Item => item::print(context, &syn::parse2(tokens)?, indent),
        Piece::Member => implementation::item(context, &syn::parse2::<ImplItem>(tokens)?, indent),
        Piece::TraitMember => {
            trait_definition::item(context, &syn::parse2::<TraitItem>(tokens)?, indent)
        }
        Piece::Statement { is_last } => {
            let statements = syn::Block::parse_within.parse2(tokens)?;
            let [only] = statements.as_slice() else {
                return Ok(None);
            };
            statement::print(context, only, is_last, indent)
        }
        Piece::Arm => match_expression::arm(context, &syn::parse2::<Arm>(tokens)?, shape),
        Piece::Field => {
            let node = Field::parse_named.parse2(tokens)?;
            shape
                .sub_width(1)
                .and_then(|shape| field::print(context, &node, shape))
        }
        Piece::Variant => {
            let node: Variant = syn::parse2(tokens)?;
            enumeration::variant(context, &node, indent, enumeration::VARIANT_WIDTH)
        }
        Piece::Attributes { reserved } => {
            let attributes = Attribute::parse_outer.parse2(tokens)?;
            shape
                .sub_width(reserved)
                .and_then(|shape| attribute::outer(context, &attributes, shape))
        }
        Piece::InnerAttributes => {
            attribute::inner(context, &Attribute::parse_inner.parse2(tokens)?, shape)
        }
    })
}
