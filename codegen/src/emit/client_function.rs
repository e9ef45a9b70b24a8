//! The function of the client that starts a call.

use proc_macro2::TokenStream;
use quote::quote;

use super::alias;
use super::docs::deprecation;
use super::types::ident;
use crate::plan::Operation;
use crate::plan::reserved::constructors::NEW;
use crate::plan::reserved::functions::OPERATION;

/// The function of the client that starts a call.
pub(super) fn client_function(operation: &Operation<'_>, page: &TokenStream) -> TokenStream {
    let function = ident(&operation.function);
    let builder = ident(&operation.name);
    // A function and an alias of the same name would be the same entry.
    let name = &operation.model.name;
    let alias = (*name != operation.function).then(|| alias::always(name));
    let deprecated = deprecation(operation.model.deprecated.as_ref());
    quote! {
        #page
        #alias
        #deprecated
        #[inline]
        pub fn #function(&self) -> #OPERATION::#builder {
            #OPERATION::#builder::#NEW(self.clone())
        }
    }
}
