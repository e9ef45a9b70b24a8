//! A generated file before it is printed.

use proc_macro2::TokenStream;
use quote::quote;

use super::File;
use super::types::imports;
use crate::error::{Context, Result};
use crate::plan::{Module, Plan};
use crate::print;

/// A file in parts, so that its imports can be determined from its items.
pub(super) struct SourceFile {
    /// Inner attributes.
    pub(super) documentation: TokenStream,
    /// The module whose imports are determined from the items.
    pub(super) module: Option<Module>,
    /// The code between these imports and the items: other imports, or items that need no imports.
    pub(super) before: TokenStream,
    pub(super) items: TokenStream,
}

impl From<TokenStream> for SourceFile {
    /// A file with explicit imports.
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
    /// Prints the file, imports included.
    ///
    /// # Errors
    /// Code that is not Rust, which would be a fault of the emitter.
    pub(super) fn print(self, plan: &Plan<'_>, path: &str, header: &str) -> Result<File> {
        let Self {
            documentation,
            module,
            before,
            items,
        } = self;
        let imports = module.map(|module| imports(plan, module, &items));
        let mut tokens = quote!(#documentation #imports #before);
        tokens.extend(items);
        Ok(File {
            path: path.to_owned(),
            text: print::file(header, tokens).at(path)?,
        })
    }
}
