//! `#[doc(alias)]`: names of the model under which the search of the documentation finds an item.

use proc_macro2::TokenStream;
use quote::quote;

/// An alias, where the search would not find the name anyway: it ignores case and underscores.
pub(super) fn alias(name: &str, rust: &str) -> TokenStream {
    let searched = |name: &str| name.replace('_', "").to_lowercase();
    match searched(name) != searched(rust) {
        true => always(name),
        false => TokenStream::new(),
    }
}

/// An alias of another case, which puts an item before others that hold the name.
pub(super) fn always(name: &str) -> TokenStream {
    // rustdoc refuses quotes, control characters, and spaces at the ends.
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.:/".contains(letter);
    match !name.is_empty() && name.chars().all(is_part) {
        true => quote!(#[doc(alias = #name)]),
        false => TokenStream::new(),
    }
}
