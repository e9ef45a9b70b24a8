//! Code that treats the variants of a union each in its own way.

use proc_macro2::TokenStream;
use quote::quote;

/// What to do for some of the variants: a `match`, or what clippy prefers to one of a single arm.
pub(super) fn on_variants(arms: &[(TokenStream, TokenStream)]) -> TokenStream {
    if let [(pattern, then)] = arms {
        return quote!(if let #pattern = self { #then });
    }
    let arms = arms
        .iter()
        .map(|(pattern, then)| quote!(#pattern => { #then }));
    quote!(match self { #(#arms)* _ => {} })
}
