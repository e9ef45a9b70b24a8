//! Turns Smithy models into Rust client crates.

pub mod format;
