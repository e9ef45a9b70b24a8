//! Turns the Smithy model of an AWS service into a small, typed Rust client crate.
//!
//! The crate is a pure library: texts in, texts out, no disk, clock, environment or network. [`import`] makes a
//! normal form of what AWS publishes; [`generate`] makes the files of a client crate of that. Whoever calls it owns
//! the input and output.
//!
//! ```text
//! model, overlay -> ast -> lower -> ir -> passes -> emit -> files
//! ```

pub mod ast;
pub mod conformance;
pub mod diff;
pub mod emit;
pub mod endpoint;
pub mod error;
pub mod format;
pub mod import;
pub mod ir;
pub mod lower;
pub mod passes;
pub mod pattern;
#[cfg(feature = "cli")]
pub mod workspace;

use crate::ast::{Model, ledger, overlay, placement};
use crate::emit::{File, Manifest};
use crate::error::Result;
use crate::ir::Service;

/// What a client crate is made from.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// What messages call the model's file.
    pub model_file: &'a str,
    /// The model: a Smithy JSON AST.
    pub model: &'a str,
    /// The overlay and what messages call its file, where there is one.
    pub overlay: Option<(&'a str, &'a str)>,
    /// The operations to generate; all without it.
    pub operations: Option<&'a [String]>,
    /// The package.
    pub manifest: &'a Manifest,
    /// What the crate was made from, for the first line of each file.
    pub origin: &'a str,
}

/// Reads a model with its overlay and lowers it to the representation that everything is written from.
///
/// # Errors
/// Broken JSON, an unknown trait, shape type or protocol, a missing target, an overlay statement that applies to
/// nothing, names that collide: each names the file and the shape.
pub fn analyse(input: &Input<'_>) -> Result<Service> {
    let mut model = Model::parse(input.model_file, input.model)?;
    let in_model = |error: error::Error| error.in_file(input.model_file);
    overlay::refuse_statements(&model).map_err(in_model)?;
    if let Some((file, text)) = input.overlay {
        let parsed = Model::parse(file, text)?;
        ledger::check(&parsed).map_err(|error| error.in_file(file))?;
        overlay::apply(&mut model, parsed).map_err(|error| error.in_file(file))?;
    }
    ledger::check(&model).map_err(in_model)?;
    placement::check(&model).map_err(in_model)?;
    let mut service = lower::lower(&model, input.operations).map_err(in_model)?;
    passes::run(&mut service).map_err(in_model)?;
    Ok(service)
}

/// Generates a client crate.
///
/// The same input gives the same bytes.
///
/// # Errors
/// As [`analyse`], and endpoint rules that cannot be compiled.
pub fn generate(input: &Input<'_>) -> Result<Vec<File>> {
    let service = analyse(input)?;
    emit::client_crate(&service, input.manifest, input.origin)
        .map_err(|error| error.in_file(input.model_file))
}
