//! Prints constants, statics and type aliases.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Expr, Generics, Ident, Token, Type, TypeParamBound};

use super::assignment::{self, Tactic};
use super::context::Context;
use super::shape::{Indent, Shape};
use super::{bounds, expression, generics, types};

/// A constant or static.
pub(super) struct Constant<'a> {
    /// The visibility and the keyword.
    pub(super) prefix: String,
    pub(super) name: &'a Ident,
    pub(super) generics: Option<&'a Generics>,
    pub(super) ty: &'a Type,
    pub(super) value: Option<&'a Expr>,
}

impl Constant<'_> {
    pub(super) fn print(&self, context: &Context, indent: Indent) -> Option<String> {
        if let Some(generics) = self.generics
            && (!generics.params.is_empty() || generics::predicates(generics) > 0)
        {
            return context.unsupported("a generic constant", generics.to_token_stream());
        }
        context.fit_or_overflow(
            "a constant",
            || self.layout(context, indent),
            || self.ty.to_token_stream(),
        )
    }

    fn layout(&self, context: &Context, indent: Indent) -> Option<String> {
        let indent = indent.block_only();
        let mut result = format!("{} {}: ", self.prefix, self.name);
        let same_line = Shape::indented(context, indent)
            .offset_left(result.len() + 2)
            .and_then(|shape| types::print(context, self.ty, shape));
        match same_line {
            Some(ty) => result.push_str(&ty),
            None => {
                result.pop();
                result.push_str(&indent.nested().line());
                let shape = Shape::indented(context, indent.nested());
                result.push_str(&types::print(context, self.ty, shape)?);
            }
        }
        if let Some(value) = self.value {
            result.push_str(" =");
            let shape = Shape::new(context.budget(indent.block + 1), indent);
            let right = |shape| expression::print(context, value, shape);
            result = assignment::print(context, result, &right, shape, Tactic::Default)?;
        }
        result.push(';');
        Some(result)
    }
}

/// A type alias.
pub(super) struct Alias<'a> {
    /// The visibility.
    pub(super) prefix: String,
    pub(super) name: &'a Ident,
    pub(super) generics: &'a Generics,
    pub(super) bounds: Option<&'a Punctuated<TypeParamBound, Token![+]>>,
    pub(super) ty: Option<&'a Type>,
}

impl Alias<'_> {
    pub(super) fn print(&self, context: &Context, indent: Indent) -> Option<String> {
        if generics::predicates(self.generics) > 0 {
            let tokens = self.generics.where_clause.to_token_stream();
            return context.unsupported("a where clause on a type alias", tokens);
        }
        let mut result = format!("{}type ", self.prefix);
        let name = self.name.to_string();
        let line = Shape::indented(context, indent);
        let shape = line.offset_left(result.len())?.sub_width(2)?;
        result.push_str(&generics::print(context, &name, self.generics, shape)?);
        if let Some(bounds) = self.bounds
            && !bounds.is_empty()
        {
            let shape = line.offset_left(result.len() + 2)?;
            result.push_str(": ");
            result.push_str(&bounds::print(context, bounds, shape)?);
        }
        if let Some(ty) = self.ty {
            result.push_str(" =");
            let right = |shape| types::print(context, ty, shape);
            let shape = line.sub_width(1)?;
            result = assignment::print(context, result, &right, shape, Tactic::Default)?;
        }
        result.push(';');
        Some(result)
    }
}
