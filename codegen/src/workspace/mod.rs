//! A workspace that keeps client crates: the commands that read its models and write its crates.
//!
//! Everything else in this crate is texts in and texts out; this module, behind the feature `cli`, owns the disk. It is
//! what the program `attache` runs and what an xtask calls, so that both do the same.

pub mod add;
pub mod arguments;
pub mod config;
pub mod diff;
pub mod generate;
pub mod import;
pub mod reconcile;
pub mod update;
pub mod write;
