//! The commands of this workspace: a thin shell around `attache-codegen` that owns all input and output.

pub mod arguments;
pub mod import;
pub mod write;
