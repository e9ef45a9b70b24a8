//! The function of the client that starts a call.

use proc_macro2::TokenStream;
use quote::quote;

use super::alias;
use super::docs::{deprecation, doc};
use super::manifest::Manifest;
use super::operation_page::page;
use super::types::ident;
use crate::plan::reserved::constructors::NEW;
use crate::plan::reserved::functions::OPERATION;
use crate::plan::{Operation, Plan};

/// The function of the client that starts a call.
pub(super) fn client_function(
    plan: &Plan<'_>,
    manifest: &Manifest,
    operation: &Operation<'_>,
) -> TokenStream {
    let function = ident(&operation.function);
    let builder = ident(&operation.name);
    let docs = doc(&page(plan, manifest, operation));
    // A function and an alias of the same name would be the same entry.
    let name = &operation.model.name;
    let alias = (*name != operation.function).then(|| alias::always(name));
    let deprecated = deprecation(operation.model.deprecated.as_ref());
    quote! {
        #docs
        #alias
        #deprecated
        #[inline]
        pub fn #function(&self) -> #OPERATION::#builder {
            #OPERATION::#builder::#NEW(self.clone())
        }
    }
}
