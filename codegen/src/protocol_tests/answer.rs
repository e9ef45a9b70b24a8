//! The response of a case as a literal.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Answer;

/// The expression for a response.
pub(super) fn answer(answer: &Answer) -> TokenStream {
    let status = Literal::u16_unsuffixed(answer.status);
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| quote!((#name, #value)));
    let body = Literal::byte_string(&answer.body);
    quote!(Answer { status: #status, headers: &[#(#headers),*], body: #body })
}
