//! Whether two files are the same code in two layouts.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::Expr;

use super::items;

/// Whether two source files differ at most in their layout: they have the same comment at the top, and are the same
/// when they are printed again.
///
/// Layout is everything that formatting in an editor changes: line breaks, trailing commas, braces around a single
/// expression, and the order of imports. Comments below the first are not compared.
pub fn is_same_code(one: &str, two: &str) -> bool {
    heading(one).eq(heading(two)) && printed(one).is_some_and(|text| printed(two) == Some(text))
}

/// The comment at the top of a file.
fn heading(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| line.starts_with("//") && !line.starts_with("//!"))
}

fn printed(text: &str) -> Option<String> {
    let tokens: TokenStream = text.parse().ok()?;
    items(normal(tokens)).ok()
}

/// Undoes changes of `rustfmt` to the tokens of a file that `prettyplease` would print unchanged: braces around the
/// expression of a closure, and merged `#[derive]` attributes.
fn normal(tokens: TokenStream) -> TokenStream {
    let mut result: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let TokenTree::Group(group) = token else {
            result.push(token);
            continue;
        };
        let is_after = |character| result.last().is_some_and(|last| is_punct(last, character));
        if is_after('|') && is_expression(&group) {
            result.extend(normal(group.stream()));
        } else if let Some(hash) = result.last().filter(|_| is_after('#')).cloned()
            && let Some(derives) = single_derives(&group)
        {
            result.pop();
            for derive in derives {
                result.extend([hash.clone(), TokenTree::Group(derive)]);
            }
        } else {
            result.push(Group::new(group.delimiter(), normal(group.stream())).into());
        }
    }
    TokenStream::from_iter(result)
}

/// The attributes with one derive each that are the same as an attribute with several.
fn single_derives(attribute: &Group) -> Option<Vec<Group>> {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let [TokenTree::Ident(name), TokenTree::Group(list)] = tokens.as_slice() else {
        return None;
    };
    let list: Vec<TokenTree> = list.stream().into_iter().collect();
    let paths = list.split(|token| is_punct(token, ','));
    let single = paths.filter(|path| !path.is_empty()).map(|path| {
        let path = path.iter().cloned().collect::<TokenStream>();
        Group::new(Delimiter::Bracket, quote!(#name(#path)))
    });
    (name == "derive").then(|| single.collect())
}

/// Whether a block holds one expression and nothing else.
fn is_expression(block: &Group) -> bool {
    block.delimiter() == Delimiter::Brace && syn::parse2::<Expr>(block.stream()).is_ok()
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}
