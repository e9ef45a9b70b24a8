//! Turns the Smithy model of an AWS service into a small, typed Rust client crate.

pub mod ast;
pub mod error;
pub mod import;
pub mod ir;
pub mod lower;
pub mod passes;
