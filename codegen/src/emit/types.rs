//! Identifiers and paths.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::plan::Plan;

/// An identifier that the plan has chosen.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The path of the module that holds the generated ones.
pub(super) fn root(plan: &Plan<'_>) -> TokenStream {
    let modules = plan.root().iter().map(|module| ident(module));
    quote!(crate #(::#modules)*)
}
