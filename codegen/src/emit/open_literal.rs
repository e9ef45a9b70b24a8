//! The field that lets requests grow although their users write them as literals.
//!
//! `#[non_exhaustive]` would forbid literals to everybody outside of the crate, even those that end with
//! `..Default::default()`. So each request has one field more, of a type that nobody outside can name or make: a literal
//! has to end with `..Default::default()`, and compiles with members that come later. Because the field is hidden from
//! documentation, cargo-semver-checks does not count such a structure as one that can be written with all its fields
//! (its lint `constructible_struct_adds_field`).

use proc_macro2::TokenStream;
use quote::quote;

/// The field of the structure. No member is called like it: names of members begin with a letter.
pub(super) fn field() -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[cfg_attr(feature = "serde", serde(skip))]
        pub _non_exhaustive: crate::client::NonExhaustive,
    }
}

/// The field of the structure's default value, the only place where one is made.
pub(super) fn value() -> TokenStream {
    quote!(_non_exhaustive: crate::client::NonExhaustive(()),)
}

/// The type of the field. It is public in a private module, so that no other crate can name it.
pub(super) fn definition() -> TokenStream {
    quote! {
        #[doc = " The end of a literal of a request, which only `..Default::default()` can fill in."]
        #[derive(Clone, Copy, PartialEq)]
        pub struct NonExhaustive(pub(crate) ());
    }
}
