//! A generated file before it is text.

use proc_macro2::TokenStream;
use quote::quote;

use super::File;
use super::types::imports;
use crate::error::{Error, Result};
use crate::format::{Flat, Formatter};
use crate::plan::{Module, Plan};

/// A file in parts, so that what it imports can be read off its items once they are flat: to walk through a token
/// stream is to copy it.
pub(super) struct SourceFile {
    /// Inner attributes.
    pub(super) documentation: TokenStream,
    /// The module whose imports are found by looking at the items.
    pub(super) module: Option<Module>,
    /// What stands between these imports and the items: others, or items that count for no imports.
    pub(super) before: TokenStream,
    pub(super) items: TokenStream,
}

impl From<TokenStream> for SourceFile {
    /// A file that says itself what it imports.
    fn from(items: TokenStream) -> Self {
        Self {
            documentation: TokenStream::new(),
            module: None,
            before: TokenStream::new(),
            items,
        }
    }
}

impl SourceFile {
    /// The tokens of the file, imports included.
    pub(super) fn flat(self, plan: &Plan<'_>) -> Flat {
        let Self {
            documentation,
            module,
            before,
            items,
        } = self;
        let items = Flat::new(items);
        let imports = module.map(|module| imports(plan, module, &items));
        Flat::new(quote!(#documentation #imports #before)).followed_by(items)
    }
}

/// Prints a file.
///
/// # Errors
/// Code that the formatter does not know.
pub(super) fn print(
    file: &Flat,
    path: &str,
    header: &str,
    formatter: &mut Formatter,
) -> Result<File> {
    let text = formatter.format_flat(header, file).map_err(|error| {
        Error::new(format!("the generated code cannot be formatted: {error}")).at(path)
    })?;
    Ok(File {
        path: path.to_owned(),
        text,
    })
}
