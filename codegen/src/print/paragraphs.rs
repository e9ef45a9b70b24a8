//! Prints a file paragraph by paragraph.
//!
//! A paragraph is an item, or a run of imports or of declared modules. The tokens of a file are parsed item by item, and
//! what was parsed of a paragraph is dropped once it is printed: the syntax tree of a whole file takes many times the
//! memory of its text.

use std::iter::Peekable;

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, File, Item};

use super::{comments, imports, spacing};

/// The keywords that an item begins with where it has no attributes.
const KEYWORDS: [&str; 14] = [
    "async", "const", "enum", "extern", "fn", "impl", "mod", "pub", "static", "struct", "trait",
    "type", "unsafe", "use",
];

/// Prints inner attributes and items.
pub(super) fn print(tokens: TokenStream) -> syn::Result<String> {
    let mut parts = Parts(tokens.into_iter().peekable());
    let mut printed = Printed::default();
    let first = parts.next().unwrap_or_default();
    let begin = |input: ParseStream<'_>| {
        printed.attributes = input.call(Attribute::parse_inner)?;
        printed.add(input)
    };
    begin.parse2(first)?;
    for part in parts {
        let add = |input: ParseStream<'_>| printed.add(input);
        add.parse2(part)?;
    }
    printed.end_paragraph();
    Ok(printed.text)
}

/// The tokens of a file in parts. A part ends where an item certainly ends, so it may have several items.
struct Parts(Peekable<token_stream::IntoIter>);

impl Iterator for Parts {
    type Item = TokenStream;

    fn next(&mut self) -> Option<TokenStream> {
        self.0.peek()?;
        let mut part = Vec::new();
        while let Some(token) = self.0.next() {
            let may_end = match &token {
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                TokenTree::Punct(punct) => punct.as_char() == ';',
                _ => false,
            };
            part.push(token);
            if may_end && self.0.peek().is_some_and(begins_item) {
                break;
            }
        }
        Some(part.into_iter().collect())
    }
}

/// Whether a token after a block or a semicolon begins an item: it cannot continue an expression there.
fn begins_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(punct) => punct.as_char() == '#',
        TokenTree::Ident(ident) => KEYWORDS.iter().any(|keyword| ident == keyword),
        _ => false,
    }
}

#[derive(Default)]
struct Printed {
    text: String,
    /// The inner attributes, until they are printed.
    attributes: Vec<Attribute>,
    /// The items of the paragraph that may go on.
    paragraph: Vec<Item>,
}

impl Printed {
    /// Adds the items of a part.
    fn add(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            let item: Item = input.parse()?;
            let last = self.paragraph.last();
            if last.is_some_and(|last| !spacing::is_one_paragraph(last, &item)) {
                self.end_paragraph();
            }
            self.paragraph.push(item);
        }
        Ok(())
    }

    /// Prints the paragraph, below an empty line unless nothing is above it.
    fn end_paragraph(&mut self) {
        let mut file = File {
            shebang: None,
            frontmatter: None,
            attrs: std::mem::take(&mut self.attributes),
            items: std::mem::take(&mut self.paragraph),
        };
        if file.items.is_empty() && file.attrs.is_empty() {
            return;
        }
        imports::sort(&mut file.items);
        spacing::file(&mut file);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        comments::append(&mut self.text, &prettyplease::unparse(&file));
        // Items are large, and most paragraphs have one.
        file.items.clear();
        self.paragraph = file.items;
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{Parts, print};

    #[test]
    fn a_part_ends_where_an_item_ends() {
        let tokens = quote! {
            #![allow(dead_code)]
            use std::{fmt, io};
            const POINT: Point = Point { x: 1 };
            #[derive(Debug)]
            struct Point { x: u8 }
            impl Point where Point: Sized {}
            fn main() { if true {} else {} }
            macro_rules! one { () => {}; }
            one! {}
            pub const LAST: u8 = { 1 } + 1;
        };
        let whole = tokens.to_string();
        let parts: Vec<_> = Parts(tokens.clone().into_iter().peekable()).collect();
        assert_eq!(parts.len(), 6);
        let joined: proc_macro2::TokenStream = parts.into_iter().collect();
        assert_eq!(joined.to_string(), whole);
        let file = syn::parse2(tokens.clone()).expect("a file");
        let once = prettyplease::unparse(&file);
        let text = print(tokens).expect("a file");
        let without_empty = |text: &str| text.replace("\n\n", "\n");
        assert_eq!(without_empty(&text), without_empty(&once));
        assert!(text.starts_with("#![allow(dead_code)]\n\nuse std::{fmt, io};\n\nconst"));
    }

    #[test]
    fn no_tokens_are_no_text() {
        assert_eq!(print(quote!()).expect("nothing"), "");
        let text = print(quote!(#![allow(unused)])).expect("an attribute");
        assert_eq!(text.trim_end(), "#![allow(unused)]");
        print(quote!(fn fn)).expect_err("no item");
        print(quote!(use a; #![allow(unused)])).expect_err("an inner attribute in the middle");
    }
}
