//! The server half of a service: its types, a trait with a function for each operation, and what stands between that
//! and HTTP messages.
//!
//! It is written by the same functions as the client, from [the other end](crate::passes::server_view) of the
//! representation, so that both cannot disagree about a model. It stands in a crate of somebody else, whose module
//! `wire` holds the verbs: messages, refusals, and the order of reading, checking and acting.

mod error;
mod operation;
mod route;
mod service;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::{File, enumeration, pattern, types_file};
use crate::error::{Error, Result};
use crate::format::Formatter;
use crate::ir::Service;

/// Writes the modules of a server for a service, which must be [its server's view](crate::passes::server_view).
///
/// `header` is the first line of every file, a comment. Paths are relative to the folder of the modules.
///
/// # Errors
/// What a server cannot have: streams in requests and responses, and host labels.
pub fn server_modules(service: &Service, header: &str) -> Result<Vec<File>> {
    let mut formatter = Formatter::new();
    let mut rust_file = |path: &str, tokens: TokenStream| -> Result<File> {
        let text = formatter
            .format_with_header(header, unconditional(tokens))
            .map_err(|error| {
                Error::new(format!("the generated code cannot be formatted: {error}")).at(path)
            })?;
        Ok(File {
            path: path.to_owned(),
            text,
        })
    };
    let mut files = vec![
        rust_file("mod.rs", service::module_file(service)?)?,
        rust_file("enums.rs", enumeration::enums_file(service))?,
        rust_file("error.rs", error::error_file(service)?)?,
        rust_file("operation/mod.rs", operation::module_file(service))?,
        rust_file("types.rs", types_file(service)?)?,
    ];
    for index in 0..service.operations.len() {
        let path = format!("operation/{}.rs", service.operations[index].function);
        files.push(rust_file(
            &path,
            operation::operation_file(service, index)?,
        )?);
    }
    if let Some(tables) = pattern::pattern_file(service) {
        files.push(rust_file("pattern.rs", tables)?);
    }
    files.sort_by(|one, two| one.path.cmp(&two.path));
    Ok(files)
}

/// Serialization is a feature of client crates. A server keeps these types, so that it is not one there:
/// `#[cfg_attr(feature = "serde", …)]` becomes `#[…]`.
fn unconditional(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                TokenTree::Group(match attribute(&group) {
                    Some(inner) => Group::new(Delimiter::Bracket, inner),
                    None => Group::new(Delimiter::Bracket, unconditional(group.stream())),
                })
            }
            TokenTree::Group(group) => {
                let stream = unconditional(group.stream());
                TokenTree::Group(Group::new(group.delimiter(), stream))
            }
            other => other,
        })
        .collect()
}

/// What stands behind `cfg_attr(feature = "serde", `.
fn attribute(group: &Group) -> Option<TokenStream> {
    let mut tokens = group.stream().into_iter();
    let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(arguments))) =
        (tokens.next(), tokens.next())
    else {
        return None;
    };
    if name != "cfg_attr" {
        return None;
    }
    let mut arguments = arguments.stream().into_iter();
    let condition: TokenStream = arguments.by_ref().take(3).collect();
    (condition.to_string() == quote!(feature = "serde").to_string())
        .then(|| arguments.skip(1).collect())
}
