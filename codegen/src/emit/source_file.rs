//! A generated file before it is text.

use proc_macro2::TokenStream;

use super::File;
use super::{imports, types::root};
use crate::error::{Context, Result};
use crate::plan::{Module, Plan};
use crate::print;

/// A file in parts.
pub(super) struct SourceFile {
    /// Inner attributes.
    pub(super) documentation: TokenStream,
    /// The module of the file, if its imports are those of the names that are printed into it.
    pub(super) module: Option<Module>,
    /// The code between these imports and the items.
    pub(super) before: TokenStream,
    pub(super) items: TokenStream,
}

impl From<TokenStream> for SourceFile {
    /// A file that contains its own imports.
    fn from(items: TokenStream) -> Self {
        Self {
            documentation: TokenStream::new(),
            module: None,
            before: TokenStream::new(),
            items,
        }
    }
}

/// Writes and prints a file, imports included.
///
/// # Errors
/// What cannot be written; code that is not Rust, which would be a fault of the emitter.
pub(super) fn source_file(
    plan: &Plan<'_>,
    path: &str,
    header: &str,
    write: impl FnOnce() -> Result<SourceFile>,
) -> Result<File> {
    let (written, imports) = imports::noted(write);
    let SourceFile {
        documentation,
        module,
        before,
        items,
    } = written?;
    let imports = module.map(|own| imports.items(&root(plan), Some(own)));
    let parts = [documentation, imports.unwrap_or_default(), before, items];
    Ok(File {
        path: path.to_owned(),
        text: print::file(header, parts.into_iter().collect()).at(path)?,
    })
}
