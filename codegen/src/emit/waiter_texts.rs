//! The functions that collect the texts at the end of a path, which acceptors of waiters compare.
//!
//! They are loops and not chains of iterators: each adapter of a chain is a type of its own, whose functions the compiler makes
//! again for each path and each comparison. In the client of EC2 these were a seventh of the work of the compiler.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::type_name;
use super::types::ident;
use crate::model::{Matcher, Path, Step};
use crate::plan::{Operation, Plan, Presence};

/// The paths whose texts the waiters of an operation compare, each once.
fn paths<'m>(operation: &Operation<'m>) -> Vec<&'m Path> {
    let mut paths = Vec::new();
    for waiter in &operation.waiters {
        for acceptor in &waiter.model.acceptors {
            if let Matcher::AllText(path, _) | Matcher::AnyText(path, _) = &acceptor.matcher
                && !paths.contains(&path)
            {
                paths.push(path);
            }
        }
    }
    paths
}

/// The functions that collect texts, one for each path.
pub(super) fn functions(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let response = type_name(plan.type_definition(operation.model.response));
    paths(operation)
        .into_iter()
        .map(|path| {
            let name = ident(&name(plan, operation, path));
            let collect = collect(plan, &path.0, &quote!(response), Vec::new());
            quote! {
                #[inline]
                fn #name(response: &#response) -> Vec<&str> {
                    let mut texts = Vec::new();
                    #collect
                    texts
                }
            }
        })
        .collect()
}

/// A call of the function for a path.
pub(super) fn call(plan: &Plan<'_>, operation: &Operation<'_>, path: &Path) -> TokenStream {
    let name = ident(&name(plan, operation, path));
    quote!(#name(response))
}

/// The name of the function for a path: that of its members, and a number if another path has the same.
fn name(plan: &Plan<'_>, operation: &Operation<'_>, path: &Path) -> String {
    let before = paths(operation)
        .into_iter()
        .take_while(|other| *other != path);
    let own = members(plan, path);
    match before.filter(|other| members(plan, other) == own).count() {
        0 => format!("texts_of_{own}"),
        others => format!("texts_of_{own}_{}", others + 1),
    }
}

fn members(plan: &Plan<'_>, path: &Path) -> String {
    let names: Vec<&str> = path
        .0
        .iter()
        .map(|step| plan.field(step.member).name.as_str())
        .collect();
    names.join("_")
}

/// The statement that collects the texts at the end of the path from `value` on, if the conditions hold. Conditions of
/// neighbours are one `if`, as clippy requires.
fn collect(
    plan: &Plan<'_>,
    steps: &[Step],
    value: &TokenStream,
    mut conditions: Vec<TokenStream>,
) -> TokenStream {
    let Some((step, rest)) = steps.split_first() else {
        return under(&conditions, quote!(texts.push(#value.as_str());));
    };
    let field = plan.field(step.member);
    let name = ident(&field.name);
    let mut place = quote!(#value.#name);
    let mut list = quote!(&#place);
    if field.presence == Presence::Optional {
        conditions.push(quote!(let Some(value) = &#place));
        place = quote!(value);
        list = quote!(value);
    }
    if !step.each {
        return collect(plan, rest, &place, conditions);
    }
    let each = collect(plan, rest, &quote!(value), Vec::new());
    under(&conditions, quote!(for value in #list { #each }))
}

fn under(conditions: &[TokenStream], statement: TokenStream) -> TokenStream {
    match conditions {
        [] => statement,
        conditions => quote!(if #(#conditions)&&* { #statement }),
    }
}
