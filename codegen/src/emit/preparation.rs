//! Code that brings a request into the form that the service takes, before it is validated and written: `prepare`.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::MESSAGE;
use super::types::ident;
use crate::plan::TypeDefinition;

/// The function, if the request needs one.
pub(super) fn prepare(request: &TypeDefinition<'_>) -> Option<TokenStream> {
    let mut statements = TokenStream::new();
    for field in request.fields() {
        if field.model.last_segment {
            let name = ident(&field.name);
            statements.extend(quote!(#MESSAGE::keep_last_segment(&mut self.#name);));
        }
    }
    (!statements.is_empty()).then(|| quote!(fn prepare(&mut self) { #statements }))
}
