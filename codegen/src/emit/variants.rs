//! Code that handles each variant of a union differently.

use proc_macro2::TokenStream;
use quote::quote;

/// Code for some of the variants: a `match`, or the form that clippy prefers for a single arm.
pub(super) fn on_variants(arms: &[(TokenStream, TokenStream)]) -> TokenStream {
    if let [(pattern, then)] = arms {
        return quote!(if let #pattern = self { #then });
    }
    let arms = arms
        .iter()
        .map(|(pattern, then)| quote!(#pattern => { #then }));
    quote!(match self { #(#arms)* _ => {} })
}
