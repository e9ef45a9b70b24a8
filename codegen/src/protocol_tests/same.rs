//! Compares a decoded value with the expected one: `==`, except that NaN equals itself.
//!
//! With `PartialEq`, NaN does not equal NaN, and two streams are never equal. The trait `Same` of the driver differs in
//! this, so it must be implemented for every received type.

use proc_macro2::TokenStream;
use quote::quote;

use super::value::path;
use crate::emit::ident;
use crate::plan::{Definition, Plan};

/// The file with the implementations for all received types.
pub(super) fn same_file(plan: &Plan<'_>) -> TokenStream {
    let items = plan
        .types
        .iter()
        .filter(|definition| definition.model.usage.in_responses)
        .map(|definition| {
            let path = path(definition);
            let body = match &definition.definition {
                Definition::Structure(fields) => {
                    // Streams are read and compared by the case itself.
                    let names = fields
                        .iter()
                        .filter(|field| !field.ty.is_stream())
                        .map(|field| ident(&field.name));
                    quote!(true #(&& self.#names.same(&other.#names))*)
                }
                Definition::Union(fields) => {
                    let variants = fields.iter().map(|field| ident(&field.name));
                    quote! {
                        match (self, other) {
                            #((Self::#variants(one), Self::#variants(two)) => one.same(two),)*
                            (one, two) => one == two,
                        }
                    }
                }
                Definition::Enum(_) | Definition::IntEnum(_) => quote!(self == other),
            };
            quote! {
                impl Same for #path {
                    fn same(&self, other: &Self) -> bool {
                        #body
                    }
                }
            }
        });
    quote! {
        use crate::driver::Same;
        #(#items)*
    }
}
