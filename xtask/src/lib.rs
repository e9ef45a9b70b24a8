//! The commands of this workspace: a thin shell around `attache-codegen` that owns all input and output.

pub mod add;
pub mod arguments;
pub mod bench;
pub mod config;
pub mod conformance;
pub mod corpus;
pub mod demo;
pub mod diff;
pub mod fuzz;
pub mod generate;
pub mod import;
pub mod outside;
pub mod reconcile;
pub mod update;
pub mod validation_suite;
pub mod write;
