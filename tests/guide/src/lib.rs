//! The code of the guide (`docs/guide`), compiled.
//!
//! The build script makes a module of each block of Rust. The test `guide` runs each of them in a process of its own,
//! whose environment leads to local services, and checks the links, the commands and the pictures of the pages.

pub mod page;

/// A block of Rust of the guide.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The page and the line of its first line.
    pub name: &'static str,
    /// Runs it.
    pub run: fn() -> Result<(), Box<dyn std::error::Error>>,
    /// Whether it is only compiled.
    pub no_run: bool,
    /// What it prints, if the page says so.
    pub output: Option<&'static str>,
}

include!(concat!(env!("OUT_DIR"), "/blocks.rs"));
