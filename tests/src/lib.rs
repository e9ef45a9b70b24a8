//! Tests that cross crates.

pub mod long_run;
pub mod operations;
pub mod sample;
pub mod server;
pub mod settings;
pub mod transport;
pub mod wire;
