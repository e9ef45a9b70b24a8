//! The commands of this workspace: those of `attache-codegen`, and the checks that only this repository has.

pub mod bench;
pub mod conformance;
pub mod corpus;
pub mod demo;
pub mod deny;
pub mod downloads;
pub mod fuzz;
pub mod lock_files;
pub mod long_run;
pub mod outside;
pub mod partitions;
pub mod release;
mod shipped;
pub mod tidy;
mod tools;

pub use attache_codegen::workspace::{
    add, config, diff, generate, import, lock, read, reconcile, update, write,
};
