//! Expressions that follow a path into a response.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::ident;
use crate::model::Path;
use crate::plan::{Field, Plan, Presence, TypeKind};

/// An expression for the value at the end of a path.
pub(super) enum Access {
    /// A place that always exists, such as `response.status`.
    Place(TokenStream),
    /// An `Option` of the value, or of a reference if it is borrowed.
    Optional(TokenStream),
    /// An iterator over references.
    Each(TokenStream),
}

/// Follows a path by reference from `root` on.
pub(super) fn borrowed(plan: &Plan<'_>, path: &Path, root: &TokenStream) -> Access {
    let mut access = Access::Place(root.clone());
    for step in &path.0 {
        let field = plan.field(step.member);
        access = borrow_member(access, field);
        if step.each {
            access = Access::Each(match access {
                Access::Place(place) => quote!(#place.iter()),
                Access::Optional(option) => quote!(#option.into_iter().flatten()),
                Access::Each(iterator) => quote!(#iterator.flatten()),
            });
        }
    }
    access
}

/// A text as an `Option<&str>`, where the last member of the path is the only optional one.
///
/// This is the form that clippy requires.
pub(super) fn optional_text(
    plan: &Plan<'_>,
    path: &Path,
    root: &TokenStream,
) -> Option<TokenStream> {
    let (last, before) = path.0.split_last()?;
    let Access::Place(place) = borrowed(plan, &Path(before.to_vec()), root) else {
        return None;
    };
    let field = plan.field(last.member);
    let is_text = matches!(field.ty.kind, TypeKind::String { .. }) && !last.each;
    let name = ident(&field.name);
    (is_text && field.presence == Presence::Optional).then(|| quote!(#place.#name.as_deref()))
}

fn borrow_member(access: Access, field: &Field<'_>) -> Access {
    let name = ident(&field.name);
    let optional = field.presence == Presence::Optional;
    let reference = match (optional, field.boxed) {
        (true, true) => quote!(value.#name.as_deref()),
        (true, false) => quote!(value.#name.as_ref()),
        (false, true) => quote!(&*value.#name),
        (false, false) => quote!(&value.#name),
    };
    match access {
        Access::Place(place) if optional => Access::Optional(if field.boxed {
            quote!(#place.#name.as_deref())
        } else {
            quote!(#place.#name.as_ref())
        }),
        Access::Place(place) => Access::Place(quote!(#place.#name)),
        Access::Optional(option) if optional => {
            Access::Optional(quote!(#option.and_then(|value| #reference)))
        }
        Access::Optional(option) => Access::Optional(quote!(#option.map(|value| #reference))),
        Access::Each(iterator) if optional => {
            Access::Each(quote!(#iterator.filter_map(|value| #reference)))
        }
        Access::Each(iterator) => Access::Each(quote!(#iterator.map(|value| #reference))),
    }
}

/// Follows a path by value from `root` on. The result is never [`Access::Each`].
pub(super) fn owned(plan: &Plan<'_>, path: &Path, root: &TokenStream) -> Access {
    let mut access = Access::Place(root.clone());
    for step in &path.0 {
        let field = plan.field(step.member);
        let name = ident(&field.name);
        let optional = field.presence == Presence::Optional;
        access = match access {
            Access::Place(place) if optional => Access::Optional(quote!(#place.#name)),
            Access::Place(place) => Access::Place(quote!(#place.#name)),
            Access::Optional(option) | Access::Each(option) if optional => {
                Access::Optional(quote!(#option.and_then(|value| value.#name)))
            }
            Access::Optional(option) | Access::Each(option) => {
                Access::Optional(quote!(#option.map(|value| value.#name)))
            }
        };
    }
    access
}
