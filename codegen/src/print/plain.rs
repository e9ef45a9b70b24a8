//! Text for `include!`, which only a compiler reads: tokens with spaces between them.

use proc_macro2::{TokenStream, TokenTree};

/// The text, with each inner attribute on a line of its own, so that
/// [`text_to_include`](crate::emit::File::text_to_include) can leave them out.
pub(super) fn text(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut rest = tokens.into_iter().peekable();
    while rest.next_if(|token| is_punct(token, '#')).is_some() {
        if rest.next_if(|token| is_punct(token, '!')).is_none() {
            // The `#` of an outer attribute.
            text.push('#');
            break;
        }
        if let Some(attribute) = rest.next() {
            text.push_str(&format!("#!{attribute}\n"));
        }
    }
    text.push_str(&rest.collect::<TokenStream>().to_string());
    text.push('\n');
    text
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}
