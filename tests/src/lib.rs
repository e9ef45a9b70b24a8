//! Tests that cross crates.

pub mod wire;
