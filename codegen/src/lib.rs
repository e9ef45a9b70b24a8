//! Turns Smithy models into Rust client crates.
