//! Prints Rust token streams as source text in the layout `rustfmt` settles on.
//!
//! Generated files have to pass `cargo fmt --check`, have to come out byte for byte the same on
//! every machine, and must not need a `rustfmt` binary to be made. So this module parses the
//! tokens with `syn` and lays the syntax tree out by the rules of `rustfmt`'s default style
//! (style edition 2024, 100 columns).
//!
//! Every node is printed by a function that takes a `Shape`, the room it may use,
//! and returns `None` if it cannot be fitted in. A caller tries its preferred layout first and
//! falls back to taller ones. Syntax outside the supported subset is an [`Error`], never a guess.

mod argument_list;
mod assignment;
mod attribute;
mod binary;
mod block;
mod bounds;
mod chain;
mod classify;
mod closure;
mod constant;
mod context;
mod control_flow;
mod doc_comment;
mod enumeration;
mod error;
mod expression;
mod field;
mod flat;
mod function;
mod function_type;
mod generics;
mod hole;
mod implementation;
mod item;
mod list;
mod macro_call;
mod match_expression;
mod overflow;
mod path;
mod pattern;
mod piece;
mod printer;
mod scan;
mod shape;
mod sort;
mod statement;
mod struct_literal;
mod structure;
mod template;
mod text;
mod tokens;
mod trait_definition;
mod types;
mod use_tree;
mod visibility;

pub use error::Error;
pub use flat::Flat;

use context::Context;
use printer::Printer;
use proc_macro2::TokenStream;

/// Prints files, and remembers how their pieces were laid out.
///
/// Generated files repeat themselves: one formatter for all files of a crate is several times
/// faster than one for each. What it prints does not depend on what it printed before.
#[derive(Default)]
pub struct Formatter {
    printer: Printer,
}

impl Formatter {
    /// A formatter that knows nothing yet.
    pub fn new() -> Formatter {
        Formatter::default()
    }

    /// Prints a whole source file.
    ///
    /// Inner attributes come first, then the items. `#[doc = "…"]` attributes turn into `///` and
    /// `//!` lines. A statement `blank_line!();` turns into an empty line.
    ///
    /// # Errors
    ///
    /// Fails if the tokens are not a Rust file or use syntax that the printer does not know.
    pub fn format(&mut self, file: TokenStream) -> Result<String, Error> {
        self.print(&Flat::new(file))
    }

    fn print(&mut self, file: &Flat) -> Result<String, Error> {
        match self.printer.print(file) {
            Some(text) => Ok(text),
            None => whole(file),
        }
    }

    /// Prints a whole source file below a comment, which gets one `//` line per line of the header
    /// and is set off by an empty line.
    ///
    /// # Errors
    ///
    /// Fails as [`Formatter::format`] does.
    pub fn format_with_header(
        &mut self,
        header_comment: &str,
        file: TokenStream,
    ) -> Result<String, Error> {
        self.format_flat(header_comment, &Flat::new(file))
    }

    /// As [`Formatter::format_with_header`], for a file that has been taken apart.
    ///
    /// # Errors
    ///
    /// Fails as [`Formatter::format`] does.
    pub fn format_flat(&mut self, header_comment: &str, file: &Flat) -> Result<String, Error> {
        let body = self.print(file)?;
        let mut text = String::with_capacity(header_comment.len() + body.len() + 64);
        for line in header_comment.lines() {
            let line = line.trim_end();
            text.push_str(if line.is_empty() { "//" } else { "// " });
            text.push_str(line);
            text.push('\n');
        }
        if !text.is_empty() && !body.is_empty() {
            text.push('\n');
        }
        text.push_str(&body);
        Ok(text)
    }
}

/// Prints a file at once. Whatever is wrong with it comes to light here.
fn whole(flat: &Flat) -> Result<String, Error> {
    let file: syn::File = syn::parse_str(&flat.source()).map_err(|error| Error::syntax(&error))?;
    let context = Context::new();
    let text = item::file(&context, &file);
    context.finish(text)
}

/// Prints a whole source file, as [`Formatter::format`] does.
///
/// # Errors
///
/// Fails as [`Formatter::format`] does.
pub fn format(file: TokenStream) -> Result<String, Error> {
    Formatter::new().format(file)
}

/// Prints a whole source file below a comment, as [`Formatter::format_with_header`] does.
///
/// # Errors
///
/// Fails as [`Formatter::format`] does.
pub fn format_with_header(header_comment: &str, file: TokenStream) -> Result<String, Error> {
    Formatter::new().format_with_header(header_comment, file)
}
