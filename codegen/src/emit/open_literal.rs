//! The field that permits new members of requests although users write requests as literals.
//!
//! `#[non_exhaustive]` would forbid all literals outside of the crate, even those that end with `..Default::default()`.
//! Each request therefore has one more field, of a type that code outside can neither name nor construct. A literal
//! must end with `..Default::default()`, so it still compiles when members are added. Because the field is hidden from
//! documentation, cargo-semver-checks does not count such a structure as one that can be written with all its fields
//! (its lint `constructible_struct_adds_field`).

use proc_macro2::TokenStream;
use quote::quote;

/// The field of the structure. No member has the same name, because names of members begin with a letter.
pub(super) fn field() -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[cfg_attr(feature = "serde", serde(skip))]
        pub _non_exhaustive: crate::client::NonExhaustive,
    }
}

/// The field in the structure's default value, the only place that constructs it.
pub(super) fn value() -> TokenStream {
    quote!(_non_exhaustive: crate::client::NonExhaustive(()),)
}

/// The type of the field. It is public in a private module, so that no other crate can name it.
pub(super) fn definition() -> TokenStream {
    quote! {
        #[doc = " A field of requests that only `..Default::default()` can set."]
        #[derive(Clone, Copy, PartialEq)]
        pub struct NonExhaustive(pub(crate) ());
    }
}
