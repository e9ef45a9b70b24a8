//! Identifiers, and the imports that generated code needs.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::plan::{Module, Plan};

/// An identifier that the plan has chosen.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The `use` items for the names in the items of a module. Reading the generated code is simpler than predicting it.
/// Modules are imported rather than most of their types, because models have types of the same names.
pub(super) fn imports(plan: &Plan<'_>, own: Module, items: &TokenStream) -> TokenStream {
    let root = root(plan);
    let mut names = imported_names(items);
    if own == Module::Enums {
        // Enums contain no other types, but variants may have the names of types.
        names.retain(|name| name.starts_with(|letter: char| letter.is_ascii_lowercase()));
    }
    let mut imports = TokenStream::new();
    if names.contains("BTreeMap") {
        imports.extend(quote!(
            use std::collections::BTreeMap;
        ));
    }
    if names.contains("fmt") {
        imports.extend(quote!(
            use std::fmt;
        ));
    }
    if names.contains("Duration") {
        imports.extend(quote!(
            use std::time::Duration;
        ));
    }
    if names.contains("pattern") {
        imports.extend(quote!(use #root::pattern;));
    }
    for (path, known) in [
        (quote!(attache_runtime), RUNTIME_NAMES.as_slice()),
        (quote!(attache_runtime::plumbing), &PLUMBING_NAMES),
    ] {
        let used = known.iter().filter(|name| names.contains(**name));
        imports.extend(group(&path, used.map(|name| (*name).to_owned()).collect()));
    }
    for module in [
        Module::Enums,
        Module::Error,
        Module::Operation,
        Module::Types,
    ] {
        if module == own {
            continue;
        }
        let found = plan
            .types
            .iter()
            .filter(|definition| {
                definition.module == module && names.contains(definition.name.as_str())
            })
            .map(|definition| definition.name.clone());
        let path = ident(module.path());
        imports.extend(group(&quote!(#root::#path), found.collect()));
    }
    imports
}

/// The path of the module that holds the generated ones.
pub(super) fn root(plan: &Plan<'_>) -> TokenStream {
    let modules = plan.root().iter().map(|module| ident(module));
    quote!(crate #(::#modules)*)
}

/// The names that generated modules import from the public part of the runtime.
const RUNTIME_NAMES: [&str; 9] = [
    "ByteStream",
    "Bytes",
    "Call",
    "CallOptions",
    "Document",
    "Timestamp",
    "TimestampFormat",
    "http",
    "validation",
];

/// The names that they import from the part of the runtime for generated code.
const PLUMBING_NAMES: [&str; 5] = ["arbitrary", "header", "json", "message", "validator"];

fn group(path: &TokenStream, names: BTreeSet<String>) -> TokenStream {
    let names: Vec<Ident> = names.iter().map(|name| ident(name)).collect();
    match names.as_slice() {
        [] => TokenStream::new(),
        [one] => quote!(use #path::#one;),
        several => quote!(use #path::{#(#several),*};),
    }
}

/// The identifiers that need imports. A lower-case one counts only before `::`, where it is a module and not a
/// variable. Derives and identifiers after `::` need no import; identifiers before parentheses are variants and
/// functions, and those after `type` and in `<Item = ...>` are names of associated types.
fn imported_names(items: &TokenStream) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    add_names(items.clone(), &mut names);
    names
}

fn add_names(items: TokenStream, names: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = items.into_iter().collect();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        match token {
            // An attribute.
            TokenTree::Punct(punct) if punct.as_char() == '#' => index += 1,
            TokenTree::Group(group) => add_names(group.stream(), names),
            TokenTree::Ident(name) if !stands_for_itself(&tokens, index) => {
                let name = name.to_string();
                let is_type = name.starts_with(|letter: char| letter.is_ascii_uppercase());
                if is_path(&tokens, index + 1) || is_type && !is_call(tokens.get(index + 1)) {
                    names.insert(name);
                }
            }
            _ => {}
        }
        index += 1;
    }
}

/// Whether there is a `::` at a position.
fn is_path(tokens: &[TokenTree], index: usize) -> bool {
    is_punct(tokens.get(index), ':') && is_punct(tokens.get(index + 1), ':')
}

fn is_call(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// Whether `::` or `type` precedes, or the name is bound as in `Iterator<Item = String>`.
fn stands_for_itself(tokens: &[TokenTree], index: usize) -> bool {
    let Some(before) = index.checked_sub(1).and_then(|index| tokens.get(index)) else {
        return false;
    };
    matches!(before, TokenTree::Ident(word) if word == "type")
        || index > 1 && is_path(tokens, index - 2)
        || is_punct(Some(before), '<') && is_punct(tokens.get(index + 1), '=')
}
